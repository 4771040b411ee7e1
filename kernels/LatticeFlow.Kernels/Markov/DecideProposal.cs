using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Markov;

/// <summary>
/// Metropolis of a proposal as probable as its reverse: accepted where u &lt; exp(−ΔS), ΔS = S(proposal) − S(state), and S of the new state is kept. A ΔS that is not a number is never accepted. One item.
/// </summary>
public struct DecideProposal<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>S of the proposal, element 0.</summary>
    public Sums Proposal;

    /// <summary>S of the state.</summary>
    public Sums Action;

    /// <summary>1 where accepted, else 0, element 0.</summary>
    public Sums Accepted;

    /// <summary>The random numbers of the chain.</summary>
    public Streams<T> Streams;

    /// <summary>ΔS is taken times this: 1, or detailed balance is lost.</summary>
    public double Scale;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Proposal = Proposal.At<T>(place);
        Action = Action.At<T>(place);
        Accepted = Accepted.At<T>(place);
        Streams = Streams.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T start = T.LoadFrom(Action, 0), end = T.LoadFrom(Proposal, 0);
        Distribution.Uniform(Streams.Block(item, Purpose.Accept), out T u, out _);

        // Beyond 700 the exponential is below every u. NaN fails the comparison with infinity, and then counts as ΔS = 700.
        T delta = (end - start) * T.Of(Scale);
        T finite = T.SelectLess(T.Abs(delta), T.Of(double.PositiveInfinity), delta, T.Of(700));
        T probability = Exponential.Exp(T.Of(0) - T.Min(T.Max(finite, T.Of(0)), T.Of(700)));
        T accepted = T.SelectLess(u, probability, T.Of(1), T.Of(0));
        T.StoreTo(Accepted, 0, accepted);
        T.StoreTo(Action, 0, T.SelectLess(T.Of(0.5), accepted, end, start));
    }
}

using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Markov;

/// <summary>
/// Metropolis: accepts the end of a trajectory where u &lt; exp(−ΔH), ΔH = (½p² + S)_end − (½p² + S)_start, and keeps S of the new state. A ΔH that is
/// not a number is never accepted. Where ΔH is below <see cref="Allowance"/> the end is accepted whatever u is: that is no Markov step of exp(−S), and only for thermalization; −∞ elsewhere. One item.
/// </summary>
public struct DecideTrajectory<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>½p² and S at the start, ½p² and S at the end; see <see cref="Element"/>.</summary>
    public Sums Energies;

    /// <summary>S of the state.</summary>
    public Sums Action;

    /// <summary>Accepted (1 or 0), ΔH.</summary>
    public Sums Outcome;

    /// <summary>A shared number: ΔH that is always accepted, or −∞.</summary>
    public Reals<T> Allowance;

    /// <summary>The random numbers of the chain.</summary>
    public Streams<T> Streams;

    /// <summary>Elements of <see cref="Energies"/> and <see cref="Outcome"/>.</summary>
    public static class Element
    {
        /// <summary>½p² at the start.</summary>
        public const int StartKinetic = 0;

        /// <summary>S at the start.</summary>
        public const int StartAction = 1;

        /// <summary>½p² at the end.</summary>
        public const int EndKinetic = 2;

        /// <summary>S at the end.</summary>
        public const int EndAction = 3;

        /// <summary>Of the energies.</summary>
        public const int Count = 4;

        /// <summary>1 where accepted, else 0.</summary>
        public const int Accepted = 0;

        /// <summary>ΔH.</summary>
        public const int DeltaH = 1;

        /// <summary>Of the outcome.</summary>
        public const int OutcomeCount = 2;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Energies = Energies.At<T>(place);
        Action = Action.At<T>(place);
        Outcome = Outcome.At<T>(place);
        Streams = Streams.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T start = T.LoadFrom(Energies, Element.StartAction);
        T end = T.LoadFrom(Energies, Element.EndAction);
        T delta = T.LoadFrom(Energies, Element.EndKinetic) - T.LoadFrom(Energies, Element.StartKinetic) + (end - start);
        Distribution.Uniform(Streams.Block(item, Purpose.Accept), out T u, out _);

        // Only exponents up to 0 are needed: u < 1 accepts every ΔH ≤ 0. Beyond 700 the exponential is below every u. NaN fails the comparison
        // with infinity, and then counts as ΔH = 700.
        T finite = T.SelectLess(T.Abs(delta), T.Of(double.PositiveInfinity), delta, T.Of(700));
        T probability = Exponential.Exp(T.Of(0) - T.Min(T.Max(finite, T.Of(0)), T.Of(700)));
        T accepted = T.SelectLess(delta, T.Uniform(Allowance, 0), T.Of(1), T.SelectLess(u, probability, T.Of(1), T.Of(0)));
        T.StoreTo(Outcome, Element.Accepted, accepted);
        T.StoreTo(Outcome, Element.DeltaH, delta);
        T.StoreTo(Action, 0, T.SelectLess(T.Of(0.5), accepted, end, start));
    }
}

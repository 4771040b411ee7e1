using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary>S^(k) of the configurations of a state, without their coefficients, and the change of these coefficients, which costs nothing where S^(k) is known.</summary>
internal sealed class ActionComponents<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly MarkovState<T> state;
    private readonly Field<T> ones;
    private readonly IActionSteps<T> steps;
    private readonly SumField sum;
    private readonly ReplicaSums sums;
    private readonly KernelProgram evaluate;
    private readonly double[] factors;
    private readonly double[] action;

    public ActionComponents(MarkovState<T> state)
    {
        this.state = state;
        ones = StrengthField.Ones<T>(state.Device, state.Layout);
        steps = state.Action.Bind(state.Device, state.Stencil, ones);
        sum = state.Device.NewSums<T>(state.Shape, 1);
        sums = new ReplicaSums(state.Layout, sum);
        evaluate = new KernelProgram(state.Shape);
        steps.AddEvaluate(evaluate, state.Field, sum);
        factors = new double[state.Replicas];
        action = new double[state.Replicas];
    }

    /// <summary>S^(k), <c>[replica][k]</c>.</summary>
    public void Read(Span<double> components)
    {
        // What the last update left, without its factor; only at factor 0 it says nothing.
        if (state.Strengths.Contains(0))
        {
            state.Measure(evaluate);
            sums.Read(components);
            return;
        }

        state.CopyAction(components);
        for (int replica = 0; replica < state.Replicas; replica++) components[replica] /= state.Strengths[replica];
    }

    /// <summary>Sets the coefficients of all replicas, where S^(k) of their configurations is known.</summary>
    public void Set(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> components)
    {
        for (int replica = 0; replica < state.Replicas; replica++)
        {
            factors[replica] = coefficients[0];
            action[replica] = coefficients[0] * components[replica];
        }

        state.Exchange(factors, action);
    }

    /// <summary>Sets the coefficients of all replicas, whose S is not needed or is computed afterwards.</summary>
    public void Set(ReadOnlySpan<double> coefficients)
    {
        Array.Fill(factors, coefficients[0]);
        state.RestoreStrengths(factors);
    }

    public void Dispose()
    {
        ones.Dispose();
        steps.Dispose();
        sum.Dispose();
    }
}

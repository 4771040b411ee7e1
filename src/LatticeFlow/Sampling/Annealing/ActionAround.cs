using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary>By how much S changes where a program moves some links: from the plaquettes that contain one of them alone, before and after, at the coefficients of each replica.</summary>
internal sealed class ActionAround<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private const int Before = 0;
    private const int After = 1;
    private readonly MarkovState<T> state;
    private readonly IActionSteps<T> steps;
    private readonly SumField sums;
    private readonly ReplicaSums ofReplicas;
    private readonly double[] values;

    private ActionAround(MarkovState<T> state, IActionSteps<T> steps, double share)
    {
        (this.state, this.steps, Share) = (state, steps, share);
        sums = state.Device.NewSums<T>(state.Shape, After + 1);
        ofReplicas = new ReplicaSums(state.Layout, sums);
        values = new double[state.Replicas * (After + 1)];
    }

    /// <summary>Evaluations of S that the two are worth.</summary>
    public double Share { get; }

    /// <summary>Null where the action is not made of plaquettes.</summary>
    public static ActionAround<T>? Of(MarkovState<T> state, IReadOnlySet<int> links)
    {
        if (state.Action is not LoopAction action || state.BindAround(links.Contains) is not { } steps) return null;
        var around = action.Couplings.Around(links.Contains);
        return new(state, steps, (After + 1.0) * around.Plaquettes.Count(beta => beta != 0) / action.Lattice.Plaquettes);
    }

    /// <summary>Appends: S around the links before they move.</summary>
    public void AddBefore(KernelProgram program) => steps.AddEvaluate(program, state.Field, sums, Before);

    /// <summary>Appends: S around the links when they have moved.</summary>
    public void AddAfter(KernelProgram program) => steps.AddEvaluate(program, state.Field, sums, After);

    /// <summary>S after minus S before, of every replica.</summary>
    public void ReadChange(Span<double> change)
    {
        ofReplicas.Read(values);
        for (int replica = 0; replica < change.Length; replica++) change[replica] = values[(replica * (After + 1)) + After] - values[(replica * (After + 1)) + Before];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        steps.Dispose();
        sums.Dispose();
    }
}

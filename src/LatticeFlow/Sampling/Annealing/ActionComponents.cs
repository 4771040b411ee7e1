using LatticeFlow.Actions;
using LatticeFlow.Costs;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>The coefficients of a state along a path of actions: they are changed at the cost of the components S^(k) whose coefficient changes, and nothing is computed where these are known.</summary>
internal sealed class ActionComponents<T>(MarkovState<T> state, ActionPath path)
    where T : unmanaged, IReal64<T>
{
    private readonly double[] lambda = new double[state.Replicas * path.Components];
    private readonly double[] to = new double[path.Components];
    private readonly double[] components = new double[state.Replicas * path.Components];
    private readonly double[] action = new double[state.Replicas];
    private readonly double share = state.Action is LoopAction loops
        ? path.Start.Zip(path.End).Select((ends, k) => ends.First == ends.Second ? 0 : (double)loops.CouplingsOfComponents[k].Plaquettes.Count(beta => beta != 0) / loops.Lattice.Plaquettes).Sum()
        : path.Start.Zip(path.End).Count(ends => ends.First != ends.Second);
    private readonly bool[] moves = [.. path.Start.Zip(path.End, (start, end) => start != end)];

    /// <summary>The action becomes that of a time; S of the configurations is not brought up to date.</summary>
    public void SetTime(double time)
    {
        path.WriteCoefficients(time, to);
        Write();
        state.RestoreCoefficients(lambda);
    }

    /// <summary>The action becomes that of a time, and S of the configurations is what it is with it; work[replica] = ΔS = Σ_k Δλ_k S^(k).</summary>
    public void ChangeTime(double time, Span<double> work)
    {
        Work(time, work);
        if (state.Action.Components == 1)
        {
            for (int replica = 0; replica < state.Replicas; replica++) action[replica] = to[0] * components[replica];
        }
        else if (!state.ActionIsForgotten)
        {
            state.CopyAction(action);
            for (int replica = 0; replica < state.Replicas; replica++) action[replica] += work[replica];
        }

        Write();
        state.Exchange(lambda, action);
    }

    /// <summary>What <see cref="ChangeTime"/> gives, without the change.</summary>
    public void Work(double time, Span<double> work)
    {
        path.WriteCoefficients(time, to);
        Read();
        for (int replica = 0; replica < state.Replicas; replica++)
        {
            work[replica] = 0;
            for (int k = 0; k < to.Length; k++)
            {
                int component = (replica * to.Length) + k;
                if (moves[k]) work[replica] += (to[k] - state.Coefficients[component]) * components[component];
            }
        }
    }

    // S^(k) of the components that move; of one alone what the last update left, without its factor, and only at factor 0 it says nothing.
    private void Read()
    {
        if (state.Action.Components > 1 || state.Coefficients.Contains(0))
        {
            state.CopyComponents(components, moves);
            state.Count(WorkKind.Action, share);
            return;
        }

        state.CopyAction(components);
        for (int replica = 0; replica < state.Replicas; replica++) components[replica] /= state.Coefficients[replica];
    }

    private void Write()
    {
        for (int replica = 0; replica < state.Replicas; replica++) to.CopyTo(lambda.AsSpan(replica * to.Length));
    }
}

using System.Globalization;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary><see cref="ParallelTempering"/> at work.</summary>
internal sealed class TemperingRun<T> : ITransitionRun
    where T : unmanaged, IReal64<T>
{
    private readonly ParallelTempering settings;
    private readonly MarkovState<T> state;
    private readonly ITransitionRun inner;
    private readonly ReplicaLadder ladder;
    private readonly int[] before;
    private readonly double[] action;
    private readonly double[] strengths;
    private readonly double[] coefficients;

    public TemperingRun(ParallelTempering settings, MarkovState<T> state)
    {
        this.settings = settings;
        this.state = state;
        ladder = new ReplicaLadder(state.Replicas, settings.Strengths.Count);
        before = new int[ladder.Chains];
        action = new double[state.Replicas];
        strengths = new double[state.Replicas];
        coefficients = new double[state.Replicas * state.Action.Components];
        state.WriteCoefficients(Coefficients());
        inner = settings.Inner.Bind(state);
        Outcome = new TransitionOutcome(ladder.Chains, inner.Outcome.HasTrajectories);
    }

    public TransitionOutcome Outcome { get; }

    public IEnumerable<TransitionStatistics> Statistics =>
        [.. inner.Statistics, .. ladder.Statistics([.. settings.Strengths.Select(strength => strength.ToString(CultureInfo.InvariantCulture))])];

    public int SavedLength => ladder.SavedLength + inner.SavedLength;

    public int ReplicaOf(int chain) => ladder.ReplicaOf(chain);

    public void Step(bool thermalizing)
    {
        for (int chain = 0; chain < before.Length; chain++) before[chain] = ReplicaOf(chain);
        if (!settings.Reversed) inner.Step(thermalizing);
        Exchange(thermalizing);
        if (settings.Reversed) inner.Step(thermalizing);
        state.CopyAction(action);
        for (int chain = 0; chain < ladder.Chains; chain++)
        {
            // A configuration that has come from another rung is no repetition of the last row.
            int replica = ReplicaOf(chain);
            Outcome.Accepted[chain] = replica == before[chain] ? inner.Outcome.Accepted[replica] : 1;
            Outcome.DeltaH[chain] = inner.Outcome.DeltaH[replica];
            Outcome.LogQ[chain] = inner.Outcome.LogQ[replica];
            Outcome.LogWeight[chain] = -action[replica] - inner.Outcome.LogQ[replica];
        }
    }

    public void Save(Span<double> target)
    {
        ladder.Save(target);
        inner.Save(target[ladder.SavedLength..]);
    }

    public void Restore(ReadOnlySpan<double> source)
    {
        ladder.Restore(source);
        state.RestoreCoefficients(Coefficients());
        inner.Restore(source[ladder.SavedLength..]);
    }

    public void Dispose() => inner.Dispose();

    private void Exchange(bool thermalizing)
    {
        long step = state.Transitions;
        state.NextKey();
        state.CopyAction(action);
        for (int replica = 0; replica < action.Length; replica++) action[replica] /= strengths[replica];
        ladder.Exchange(state.Seed, step, settings.Strengths, action, counts: !thermalizing, settings.Reversed, settings.FaultyScale);
        double[] exchanged = Coefficients();
        for (int replica = 0; replica < action.Length; replica++) action[replica] *= strengths[replica];
        state.Exchange(exchanged, action);
    }

    // The factor of a replica is that of all components of its action.
    private double[] Coefficients()
    {
        ladder.CopyValues(settings.Strengths, strengths);
        for (int i = 0; i < coefficients.Length; i++) coefficients[i] = strengths[i / state.Action.Components];
        return coefficients;
    }
}

using System.Globalization;
using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Sampling;

/// <summary><see cref="ParallelTempering"/> at work. Chain c is replicas c·K … c·K + K − 1 of the state, K rungs.</summary>
internal sealed class TemperingRun<T> : ITransitionRun
    where T : unmanaged, IReal64<T>
{
    private readonly ParallelTempering settings;
    private readonly MarkovState<T> state;
    private readonly ITransitionRun inner;
    private readonly int rungs;
    private readonly int chains;

    // [chain][rung]: the replica that holds the factor of this rung.
    private readonly int[] holders;
    private readonly double[] action;
    private readonly double[] strengths;
    private readonly double[] coefficients;
    private readonly double[] uniforms;
    private readonly long[] proposed;
    private readonly long[] accepted;

    public TemperingRun(ParallelTempering settings, MarkovState<T> state)
    {
        this.settings = settings;
        this.state = state;
        rungs = settings.Strengths.Count;
        if (state.Replicas % rungs != 0) throw new NotSupportedException($"{state.Replicas} replicas cannot be ladders of {rungs}: take a multiple.");
        chains = state.Replicas / rungs;
        holders = [.. Enumerable.Range(0, state.Replicas)];
        action = new double[state.Replicas];
        strengths = new double[state.Replicas];
        coefficients = new double[state.Replicas * state.Action.Components];
        uniforms = new double[rungs - 1];
        proposed = new long[rungs - 1];
        accepted = new long[rungs - 1];
        state.WriteCoefficients(Coefficients());
        inner = settings.Inner.Bind(state);
        Outcome = new TransitionOutcome(chains, inner.Outcome.HasTrajectories);
    }

    public TransitionOutcome Outcome { get; }

    public IEnumerable<TransitionStatistics> Statistics =>
    [
        .. inner.Statistics,
        .. proposed.Select((count, k) => new TransitionStatistics(string.Create(CultureInfo.InvariantCulture, $"exchange {settings.Strengths[k]}-{settings.Strengths[k + 1]}"), count, accepted[k])),
    ];

    public int SavedLength => holders.Length + (2 * proposed.Length) + inner.SavedLength;

    public int ReplicaOf(int chain) => holders[chain * rungs];

    public void Step(bool thermalizing)
    {
        int[] before = [.. Enumerable.Range(0, chains).Select(ReplicaOf)];
        if (!settings.Reversed) inner.Step(thermalizing);
        Exchange(thermalizing);
        if (settings.Reversed) inner.Step(thermalizing);
        state.CopyAction(action);
        for (int chain = 0; chain < chains; chain++)
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
        for (int i = 0; i < holders.Length; i++) target[i] = holders[i];
        var counts = target[holders.Length..];
        for (int k = 0; k < proposed.Length; k++) (counts[2 * k], counts[(2 * k) + 1]) = (proposed[k], accepted[k]);
        inner.Save(counts[(2 * proposed.Length)..]);
    }

    public void Restore(ReadOnlySpan<double> source)
    {
        for (int i = 0; i < holders.Length; i++) holders[i] = (int)source[i];
        var counts = source[holders.Length..];
        for (int k = 0; k < proposed.Length; k++) (proposed[k], accepted[k]) = ((long)counts[2 * k], (long)counts[(2 * k) + 1]);
        state.RestoreCoefficients(Coefficients());
        inner.Restore(counts[(2 * proposed.Length)..]);
    }

    public void Dispose() => inner.Dispose();

    private void Exchange(bool thermalizing)
    {
        var key = state.NextKey();
        long step = key.StepLow | ((long)key.StepHigh << 32);
        state.CopyAction(action);
        for (int replica = 0; replica < action.Length; replica++) action[replica] /= strengths[replica];
        for (int chain = 0; chain < chains; chain++)
        {
            var random = new HostRandom(state.Seed, Purpose.Exchange, step, (uint)chain);
            for (int k = 0; k < uniforms.Length; k++) uniforms[k] = random.NextUniform();
            Sweep(chain, settings.Reversed ? 1 : 0, thermalizing);
            Sweep(chain, settings.Reversed ? 0 : 1, thermalizing);
        }

        double[] exchanged = Coefficients();
        for (int replica = 0; replica < action.Length; replica++) action[replica] *= strengths[replica];
        state.Exchange(exchanged, action);
    }

    // Pairs (k, k + 1) with k of one parity share no replica.
    private void Sweep(int chain, int parity, bool thermalizing)
    {
        var ladder = holders.AsSpan(chain * rungs, rungs);
        for (int k = parity; k + 1 < rungs; k += 2)
        {
            double log = (settings.Strengths[k] - settings.Strengths[k + 1]) * (action[ladder[k]] - action[ladder[k + 1]]);
            bool take = Math.Log(uniforms[k]) < settings.FaultyScale * log;
            if (take) (ladder[k], ladder[k + 1]) = (ladder[k + 1], ladder[k]);
            if (thermalizing) continue;
            proposed[k]++;
            accepted[k] += take ? 1 : 0;
        }
    }

    // The factor of a replica is that of all components of its action.
    private double[] Coefficients()
    {
        for (int i = 0; i < holders.Length; i++) strengths[holders[i]] = settings.Strengths[i % rungs];
        for (int i = 0; i < coefficients.Length; i++) coefficients[i] = strengths[i / state.Action.Components];
        return coefficients;
    }
}

using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Sampling;

/// <summary><see cref="TrajectoryStart"/> at work: puts the next start of every replica into the state, whose action is S_0. A chain at S_0 keeps its configurations here, as the state holds end points between the steps.</summary>
internal sealed class TrajectoryStarts<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly MarkovState<T> state;
    private readonly TrajectoryStart settings;
    private readonly ITransitionRun? chain;
    private readonly ITransitionRun? reversedChain;
    private readonly KeptConfigurations<T>? kept;
    private readonly KernelProgram? draw;
    private readonly ulong seed;
    private readonly double[] proposals = [];
    private readonly double[] logDensity = [];
    private long drawn;

    /// <param name="state">The replicas.</param>
    /// <param name="settings">Where they start.</param>
    /// <param name="goesAndComes">Whether trajectories come from the action that is sampled, so that the chain at S_0 moves what comes and keeps nothing.</param>
    public TrajectoryStarts(MarkovState<T> state, TrajectoryStart settings, bool goesAndComes)
    {
        (this.state, this.settings) = (state, settings);
        try
        {
            if (settings.Source is { } source)
            {
                if (source.Numbers != state.Numbers)
                    throw new NotSupportedException($"the starts are {source.Numbers} numbers, but a configuration of {state.Action.Field} on {state.Action.Lattice} takes {state.Numbers}.");
                seed = state.NextProposalSeed();
                (proposals, logDensity) = (new double[state.Replicas * (long)state.Numbers], new double[state.Replicas]);
            }
            else if (settings.Chain is { } transition)
            {
                chain = transition.Bind(state);
                if (goesAndComes)
                {
                    var reversal = transition.TimeReversal();
                    reversedChain = ReferenceEquals(reversal, transition) ? chain : reversal.Bind(state);
                    return;
                }

                kept = new KeptConfigurations<T>(state);
            }
            else
            {
                draw = new KernelProgram(state.Shape);
                state.FieldSteps.AddHotStart(draw, state.Field, state.Key, Purpose.TrajectoryStart);
                state.ActionSteps.AddEvaluate(draw, state.Field, state.ActionField);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether starts are those of a chain that has to thermalize.</summary>
    public bool IsChain => chain is not null;

    /// <summary>Statistics of the chain.</summary>
    public IEnumerable<TransitionStatistics> Statistics => [.. chain?.Statistics ?? [], .. OwnReversal?.Statistics ?? []];

    /// <summary>Numbers of <see cref="Save"/>.</summary>
    public int SavedLength => 1 + (chain?.SavedLength ?? 0) + (OwnReversal?.SavedLength ?? 0) + (kept?.SavedLength ?? 0);

    private ITransitionRun? OwnReversal => ReferenceEquals(reversedChain, chain) ? null : reversedChain;

    /// <summary>The next start of every replica.</summary>
    public void Next(bool thermalizing)
    {
        if (settings.Source is { } source)
        {
            source.Draw(seed, drawn * state.Replicas, state.Replicas, proposals, logDensity);
            drawn++;
            state.Write(proposals);
            state.Count(WorkKind.Flow, 1, source.Flops);
            state.Count(WorkKind.Action);
        }
        else if (chain is not null)
        {
            kept!.Put();
            for (int i = 0; i < settings.Transitions; i++) chain.Step(thermalizing);
            kept.Keep();
        }
        else
        {
            state.NextKey();
            state.Run(draw!);
            state.Count(WorkKind.Action);
        }
    }

    /// <summary>Adds S_0(U_0) + ln q(U_0) where starts have a density q that is not exp(−S_0): the work of the change from it.</summary>
    public void AddFirstWork(Span<double> work)
    {
        if (settings.Source is null) return;
        for (int replica = 0; replica < work.Length; replica++) work[replica] += state.ReadAction()[replica] + logDensity[replica];
    }

    /// <summary>The same of trajectories that run backwards and have arrived: subtracts it.</summary>
    public void SubtractFirstWork(Span<double> work)
    {
        if (settings.Source is not { } source) return;
        source.LogDensity(state.ReadField(), logDensity);
        state.Count(WorkKind.Flow, 1, source.Flops);
        for (int replica = 0; replica < work.Length; replica++) work[replica] -= state.ReadAction()[replica] + logDensity[replica];
    }

    /// <summary>The transitions of the chain at S_0, each followed by its reversal, so that there and back are alike.</summary>
    public void MoveThereAndBack(bool thermalizing)
    {
        for (int i = 0; i < settings.Transitions; i++)
        {
            chain!.Step(thermalizing);
            reversedChain!.Step(thermalizing);
        }
    }

    /// <summary>Writes what the next starts depend on.</summary>
    public void Save(Span<double> target)
    {
        target[0] = drawn;
        target = target[1..];
        chain?.Save(target[..chain.SavedLength]);
        target = target[(chain?.SavedLength ?? 0)..];
        OwnReversal?.Save(target[..OwnReversal.SavedLength]);
        kept?.Save(target);
    }

    /// <summary>Continues from what <see cref="Save"/> wrote.</summary>
    public void Restore(ReadOnlySpan<double> source)
    {
        drawn = (long)source[0];
        source = source[1..];
        chain?.Restore(source[..chain.SavedLength]);
        source = source[(chain?.SavedLength ?? 0)..];
        OwnReversal?.Restore(source[..OwnReversal.SavedLength]);
        kept?.Restore(source);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        OwnReversal?.Dispose();
        chain?.Dispose();
        kept?.Dispose();
    }
}

using System.Globalization;
using LatticeFlow.Actions;
using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Costs;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Sampling;

/// <summary><see cref="BoundaryTempering"/> at work.</summary>
internal sealed class BoundaryTemperingRun<T> : ITransitionRun
    where T : unmanaged, IReal64<T>
{
    // Which components the family of a defect has.
    private const int Bulk = 0;
    private const int OfDefect = 1;
    private const int Components = 2;

    // Where a replica has been last, of the two ends of the ladder: a round trip leads from the first rung to the last and back.
    private const int Nowhere = 0;
    private const int AtFirst = 1;
    private const int AtLast = 2;
    private readonly BoundaryTempering settings;
    private readonly MarkovState<T> state;
    private readonly ITransitionRun inner;
    private readonly ReplicaLadder ladder;
    private readonly DefectSpacing spacing;
    private readonly LatticeTranslations<T> translations;
    private readonly DefectSweep<T>[] levels;
    private readonly int[] before;
    private readonly int[] vector;
    private readonly int[] lastEnd;
    private readonly double[] values;
    private readonly double[] defectAction;
    private readonly double[] coefficients;
    private readonly double shareOfDefect;
    private long roundTrips;
    private long steps;

    public BoundaryTemperingRun(BoundaryTempering settings, MarkovState<T> state)
    {
        this.settings = settings;
        this.state = state;
        if (state.Action.Components != Components) throw new NotSupportedException($"\"{settings.Name}\" needs an action that is divided into a defect and the rest.");
        ladder = new ReplicaLadder(state.Replicas, settings.Coefficients.Count);
        spacing = new DefectSpacing(settings.Coefficients);
        before = new int[ladder.Chains];
        vector = new int[state.Action.Lattice.Dimensions];
        lastEnd = new int[state.Replicas];
        values = new double[state.Replicas];
        defectAction = new double[state.Replicas];
        coefficients = new double[state.Replicas * Components];
        Array.Fill(coefficients, 1);
        state.WriteCoefficients(Coefficients());
        inner = settings.Inner.Bind(state);
        int volume = state.Action.Lattice.Volume;
        shareOfDefect = state.Action is LoopAction loops ? (double)loops.CouplingsOfComponents[OfDefect].Plaquettes.Count(beta => beta != 0) / loops.Lattice.Plaquettes : 1;
        translations = new LatticeTranslations<T>(state.Device, state.Layout, state.Field, ladder.Rungs, settings.FaultyTranslation ? volume / 2 : volume);
        levels = [.. settings.Levels.Select(level => new DefectSweep<T>(state, settings.Defect, level, settings.Reversed, settings.FaultyLevels))];
        Outcome = new TransitionOutcome(ladder.Chains, inner.Outcome.HasTrajectories);
    }

    public TransitionOutcome Outcome { get; }

    public IEnumerable<TransitionStatistics> Statistics =>
    [
        .. inner.Statistics,
        .. ladder.Statistics([.. spacing.Values.Select(value => value.ToString("G4", CultureInfo.InvariantCulture))]),
        new(TransitionStatistics.RoundTrips, steps, roundTrips),
    ];

    public int SavedLength => ladder.SavedLength + spacing.SavedLength + lastEnd.Length + 2 + inner.SavedLength;

    public int ReplicaOf(int chain) => ladder.ReplicaOf(chain);

    public void Step(bool thermalizing)
    {
        for (int chain = 0; chain < before.Length; chain++) before[chain] = ReplicaOf(chain);
        if (settings.Reversed)
        {
            VisitReversed(0, thermalizing);
            Translate();
            Exchange(thermalizing);
            state.Evaluate();
            inner.Step(thermalizing);
        }
        else
        {
            inner.Step(thermalizing);
            Exchange(thermalizing);
            if (thermalizing && settings.IsTuned) Tune();
            Translate();
            Visit(0, thermalizing);
            state.Evaluate();
        }

        state.Count(WorkKind.Action);
        if (!thermalizing) steps += ladder.Chains;
        for (int chain = 0; chain < ladder.Chains; chain++)
        {
            // A configuration that has come from another rung, or was swept around the defect, is no repetition of the last row.
            int replica = ReplicaOf(chain);
            Outcome.Accepted[chain] = levels.Length > 0 || replica != before[chain] ? 1 : inner.Outcome.Accepted[replica];
            Outcome.DeltaH[chain] = inner.Outcome.DeltaH[replica];
        }
    }

    public void Save(Span<double> target)
    {
        ladder.Save(target);
        target = target[ladder.SavedLength..];
        spacing.Save(target);
        target = target[spacing.SavedLength..];
        for (int replica = 0; replica < lastEnd.Length; replica++) target[replica] = lastEnd[replica];
        target = target[lastEnd.Length..];
        (target[0], target[1]) = (steps, roundTrips);
        inner.Save(target[2..]);
    }

    public void Restore(ReadOnlySpan<double> source)
    {
        ladder.Restore(source);
        source = source[ladder.SavedLength..];
        spacing.Restore(source);
        source = source[spacing.SavedLength..];
        for (int replica = 0; replica < lastEnd.Length; replica++) lastEnd[replica] = (int)source[replica];
        source = source[lastEnd.Length..];
        (steps, roundTrips) = ((long)source[0], (long)source[1]);
        state.RestoreCoefficients(Coefficients());
        inner.Restore(source[2..]);
    }

    public void Dispose()
    {
        inner.Dispose();
        translations.Dispose();
        foreach (var level in levels) level.Dispose();
    }

    // The sweeps of a box and of those within it; after each the periodic replica may be another, and elsewhere.
    private void Visit(int level, bool thermalizing)
    {
        if (level == levels.Length) return;
        for (int sweep = 0; sweep < settings.Levels[level].Sweeps; sweep++)
        {
            levels[level].Run();
            Exchange(thermalizing);
            Translate();
            Visit(level + 1, thermalizing);
        }
    }

    private void VisitReversed(int level, bool thermalizing)
    {
        if (level == levels.Length) return;
        for (int sweep = 0; sweep < settings.Levels[level].Sweeps; sweep++)
        {
            VisitReversed(level + 1, thermalizing);
            Translate();
            Exchange(thermalizing);
            levels[level].Run();
        }
    }

    private void Exchange(bool thermalizing)
    {
        long step = state.Transitions;
        state.NextKey();
        state.CopyComponent(OfDefect, defectAction);
        state.Count(WorkKind.Action, shareOfDefect);
        ladder.Exchange(state.Seed, step, spacing.Values, defectAction, counts: !thermalizing, settings.Reversed, settings.FaultyScale);
        state.RestoreCoefficients(Coefficients());
        CountRoundTrips(thermalizing);
    }

    private void Tune()
    {
        spacing.Update(ladder.Chances);
        state.RestoreCoefficients(Coefficients());
    }

    // Every vector alike, each chain by its own: the action of the periodic replica, the only one that is moved, is the same everywhere.
    private void Translate()
    {
        long step = state.Transitions;
        state.NextKey();
        translations.Clear();
        for (int chain = 0; chain < ladder.Chains; chain++)
        {
            var random = new HostRandom(state.Seed, Purpose.Translation, step, (uint)chain);
            for (int mu = 0; mu < vector.Length; mu++)
            {
                int extent = state.Action.Lattice.Extents[mu];
                vector[mu] = Math.Min(extent - 1, (int)(random.NextUniform() * extent));
            }

            translations.Add(ReplicaOf(chain), vector);
        }

        translations.Write();
        state.Run(translations.Program);
    }

    private void CountRoundTrips(bool thermalizing)
    {
        for (int chain = 0; chain < ladder.Chains; chain++)
        {
            var holders = ladder.HoldersOf(chain);
            if (lastEnd[holders[0]] == AtLast && !thermalizing) roundTrips++;
            lastEnd[holders[0]] = AtFirst;
            if (lastEnd[holders[^1]] != Nowhere) lastEnd[holders[^1]] = AtLast;
        }
    }

    private double[] Coefficients()
    {
        ladder.CopyValues(spacing.Values, values);
        for (int replica = 0; replica < values.Length; replica++) (coefficients[(replica * Components) + Bulk], coefficients[(replica * Components) + OfDefect]) = (1, values[replica]);
        return coefficients;
    }
}

using LatticeFlow.Actions;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// Heat baths of nested boxes around a defect: each visit of a box makes its sweeps, and after every one of them visits the next box. It moves what feels the defect at a fraction of the cost of a sweep over the lattice, and
/// leaves links outside the first box as they are: alone it is no ergodic chain.
/// </summary>
/// <remarks>Source: M. Hasenbusch, Phys. Rev. D 96 (2017) 054504.</remarks>
public sealed class DefectSweeps : ITransition
{
    /// <summary>Around a defect, the largest box first.</summary>
    /// <exception cref="ArgumentException">There is no level, one without sweeps, or one that is not within the one before.</exception>
    public DefectSweeps(BoundaryDefect defect, IReadOnlyList<DefectLevel> levels)
    {
        if (levels.Count == 0) throw new ArgumentException("levels: there is none.", nameof(levels));
        DefectLevel.Check(levels);
        (Defect, Levels) = (defect, levels);
    }

    /// <inheritdoc/>
    public string Name => "defect-sweeps";

    /// <summary>The defect.</summary>
    public BoundaryDefect Defect { get; }

    /// <summary>The boxes.</summary>
    public IReadOnlyList<DefectLevel> Levels { get; }

    /// <inheritdoc/>
    public bool NeedsWholeLattices => true;

    /// <summary>All updates in opposite order.</summary>
    internal bool Reversed { get; init; }

    /// <inheritdoc/>
    public ITransition TimeReversal() => new DefectSweeps(Defect, Levels) { Reversed = !Reversed };

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T> => new Running<T>(this, state);

    private sealed class Running<T> : ITransitionRun
        where T : unmanaged, IReal64<T>
    {
        private readonly DefectSweeps settings;
        private readonly MarkovState<T> state;
        private readonly DefectSweep<T>[] levels;
        private long visits;

        public Running(DefectSweeps settings, MarkovState<T> state)
        {
            (this.settings, this.state) = (settings, state);
            settings.Defect.Check(state.Action.Lattice);
            levels = [.. settings.Levels.Select(level => new DefectSweep<T>(state, settings.Defect, level, settings.Reversed))];
            Outcome = new TransitionOutcome(state.Replicas);
            Array.Fill(Outcome.Accepted, 1);
        }

        public TransitionOutcome Outcome { get; }

        public IEnumerable<TransitionStatistics> Statistics => [new(settings.Name, visits, visits)];

        public int SavedLength => 1;

        public void Step(bool thermalizing)
        {
            Visit(0);
            state.ForgetAction();
            if (!thermalizing) visits += state.Replicas;
        }

        public void Save(Span<double> target) => target[0] = visits;

        public void Restore(ReadOnlySpan<double> source) => visits = (long)source[0];

        public void Dispose()
        {
            foreach (var level in levels) level.Dispose();
        }

        private void Visit(int level)
        {
            if (level == levels.Length) return;
            for (int sweep = 0; sweep < settings.Levels[level].Sweeps; sweep++)
            {
                if (settings.Reversed) Visit(level + 1);
                levels[level].Run();
                if (!settings.Reversed) Visit(level + 1);
            }
        }
    }
}

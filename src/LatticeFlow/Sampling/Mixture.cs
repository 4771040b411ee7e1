using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>Transitions made one after the other, each as often as asked for: one step of one chain.</summary>
public sealed class Mixture : ITransition
{
    /// <summary>Of transitions and how often each is made in a row.</summary>
    /// <exception cref="ArgumentException">Nothing to do, or a repeat below 1.</exception>
    public Mixture(params IReadOnlyList<(ITransition Transition, int Repeats)> parts)
    {
        if (parts.Count == 0) throw new ArgumentException("a mixture has at least one transition.", nameof(parts));
        if (parts.Any(part => part.Repeats < 1)) throw new ArgumentException("every transition of a mixture is made at least once.", nameof(parts));
        if (parts.Any(part => part.Transition.ReplicasOfChain > 1)) throw new ArgumentException("tempering is no part of a mixture: give it the mixture as its inner transition.", nameof(parts));
        Parts = parts;
    }

    /// <inheritdoc/>
    public string Name => "mixture";

    /// <summary>The transitions in order.</summary>
    public IReadOnlyList<(ITransition Transition, int Repeats)> Parts { get; }

    /// <inheritdoc/>
    public bool NeedsWholeLattices => Parts.Any(part => part.Transition.NeedsWholeLattices);

    /// <inheritdoc/>
    public ITransition TimeReversal() => new Mixture([.. Parts.Reverse().Select(part => (part.Transition.TimeReversal(), part.Repeats))]);

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T> =>
        new Running([.. Parts.Select(part => (part.Transition.Bind(state), part.Repeats))], state.Replicas);

    private sealed class Running(IReadOnlyList<(ITransitionRun Run, int Repeats)> parts, int replicas) : ITransitionRun
    {
        private readonly TransitionOutcome outcome = new(replicas, parts.Any(part => part.Run.Outcome.HasTrajectories));

        public TransitionOutcome Outcome => outcome;

        public IEnumerable<TransitionStatistics> Statistics => parts.SelectMany(part => part.Run.Statistics);

        public int SavedLength => parts.Sum(part => part.Run.SavedLength);

        public void Step(bool thermalizing)
        {
            foreach (var (run, repeats) in parts)
            {
                for (int i = 0; i < repeats; i++) run.Step(thermalizing);
                outcome.Take(run.Outcome);
            }
        }

        public void Save(Span<double> target)
        {
            foreach (var (run, _) in parts)
            {
                run.Save(target[..run.SavedLength]);
                target = target[run.SavedLength..];
            }
        }

        public void Restore(ReadOnlySpan<double> source)
        {
            foreach (var (run, _) in parts)
            {
                run.Restore(source[..run.SavedLength]);
                source = source[run.SavedLength..];
            }
        }

        public void Dispose()
        {
            foreach (var (run, _) in parts) run.Dispose();
        }
    }
}

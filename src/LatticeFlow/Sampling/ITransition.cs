using LatticeFlow.Actions;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// A Markov transition that leaves exp(−S) invariant. A transition is a plain description; <see cref="Bind{T}"/> makes it ready to move
/// the replicas of a state.
/// </summary>
public interface ITransition
{
    /// <summary>The name of a configuration file, as <c>hmc</c>.</summary>
    string Name { get; }

    /// <summary>Replicas of a state that make one chain: 1, or the rungs of a ladder.</summary>
    int ReplicasOfChain => 1;

    /// <summary>The action that the state of the transition has, for one that is sampled: the same, or a family that it belongs to.</summary>
    /// <exception cref="NotSupportedException">The action does not allow it; the message says why.</exception>
    IAction ActionOf(IAction action) => action;

    /// <summary>Whether lanes have to be replicas, because something that it does is not built for sub-lattices.</summary>
    bool NeedsWholeLattices => false;

    /// <summary>The time-reversed transition K̃, e^{−S(U)} K(U → U') = e^{−S(U')} K̃(U' → U): itself where it is in detailed balance.</summary>
    /// <exception cref="NotSupportedException">It is not built; the message says so.</exception>
    ITransition TimeReversal() => throw new NotSupportedException($"the transition \"{Name}\" has no time-reversal that is built, which trajectories that run backwards need.");

    /// <summary>The transition of one state.</summary>
    /// <exception cref="NotSupportedException">The action or the lattice of the state does not allow it; the message says why.</exception>
    ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T>;
}

/// <summary>A transition at work on one state. Random numbers depend on the seed and the transition counter of the state alone.</summary>
public interface ITransitionRun : IDisposable
{
    /// <summary>What the last step did to each chain.</summary>
    TransitionOutcome Outcome { get; }

    /// <summary>Counts and tuned parameters of this transition and of those it is made of.</summary>
    IEnumerable<TransitionStatistics> Statistics { get; }

    /// <summary>Numbers of <see cref="Save"/>.</summary>
    int SavedLength { get; }

    /// <summary>The replica of the state that holds the configuration of a chain now.</summary>
    int ReplicaOf(int chain) => chain;

    /// <summary>One step of all replicas. With <paramref name="thermalizing"/> parameters may be tuned; otherwise they are frozen.</summary>
    void Step(bool thermalizing);

    /// <summary>Writes everything but the state of the chain that the next steps depend on.</summary>
    void Save(Span<double> target);

    /// <summary>Continues from what <see cref="Save"/> wrote, bit by bit.</summary>
    void Restore(ReadOnlySpan<double> source);
}

/// <summary>Counts of an elementary transition since the end of thermalisation.</summary>
/// <param name="Name">Of the transition.</param>
/// <param name="Proposed">Proposals of all replicas.</param>
/// <param name="Accepted">Those taken.</param>
/// <param name="StepSize">ε of Hamiltonian Monte Carlo, else NaN.</param>
/// <param name="Steps">Integrator steps of a trajectory, else 0.</param>
public sealed record TransitionStatistics(string Name, long Proposed, long Accepted, double StepSize = double.NaN, int Steps = 0)
{
    /// <summary>What names of exchanges between neighbours on a ladder begin with; behind it the values of the two rungs.</summary>
    public const string ExchangePrefix = "exchange ";

    /// <summary>The name of round trips between the ends of a ladder, proposed once a transition.</summary>
    public const string RoundTrips = "round trips of the ladder";

    /// <summary>Accepted / proposed; NaN before the first proposal.</summary>
    public double Acceptance => (double)Accepted / Proposed;
}

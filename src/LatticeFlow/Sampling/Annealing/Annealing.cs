using LatticeFlow.Actions;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// Non-equilibrium ensembles: trajectories start from exp(−S_0)/Z_0 and are driven along a path of actions S_0, S_1 … S_n = S. A step changes S_{t−1} to S_t and then makes an update that leaves exp(−S_t) invariant. With the work
/// W = Σ_t [S_t(U_{t−1}) − S_{t−1}(U_{t−1})] of a trajectory, ⟨e^{−W}⟩ = Z_n/Z_0 and ⟨O(U_n) e^{−W}⟩/⟨e^{−W}⟩ = ⟨O⟩ with exp(−S) exactly, for any number of steps; the fewer, the less effective are the configurations.
/// With <see cref="Metropolis"/> the end points are accepted or refused instead, so that they need no weights.
/// </summary>
/// <remarks>
/// The work of a step is taken before its update. Sources: C. Jarzynski, Phys. Rev. Lett. 78 (1997) 2690; R. M. Neal, Stat. Comput. 11 (2001) 125 (annealed importance sampling); M. Caselle, G. Costagliola, A. Nada, M. Panero,
/// A. Toniato, Phys. Rev. D 94 (2016) 034503.
/// </remarks>
public sealed class Annealing : ITransition
{
    /// <summary>Along a path, at the times of a schedule, with an update after each change of the action, from where trajectories start.</summary>
    /// <exception cref="ArgumentException">The update or the chain of the start is a ladder, or what is wanted of trajectories is not exact from this start; the message says why.</exception>
    public Annealing(ActionPath path, AnnealingSchedule schedule, ITransition update, TrajectoryStart start)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(update);
        ArgumentNullException.ThrowIfNull(start);
        if (update.ReplicasOfChain > 1 || start.Chain?.ReplicasOfChain > 1) throw new ArgumentException("a ladder is no update of a protocol: each replica has its own trajectory.", nameof(update));
        if (path.Start.SequenceEqual(path.End)) throw new ArgumentException("a path that ends where it starts has no work: give another start.", nameof(path));
        if (start.IsHaar && path.Start.Any(coefficient => coefficient != 0))
            throw new ArgumentException($"links from Haar measure are the ensemble of S = 0, but the path starts at [{string.Join(", ", path.Start)}].", nameof(start));
        (Path, Schedule, Update, Start) = (path, schedule, update, start);
    }

    /// <inheritdoc/>
    public string Name => "annealed";

    /// <summary>λ(s).</summary>
    public ActionPath Path { get; }

    /// <summary>s_0 … s_n.</summary>
    public AnnealingSchedule Schedule { get; }

    /// <summary>What leaves exp(−S_t) invariant, at the coefficients that replicas have.</summary>
    public ITransition Update { get; }

    /// <summary>Where U_0 comes from.</summary>
    public TrajectoryStart Start { get; }

    /// <summary>
    /// Whether end points pass an accept step, so that rows are distributed as exp(−S) without weights. From independent starts (Haar, a flow) it is an independence chain of whole trajectories, min(1, w'/w). A chain at S_0 gives starts that
    /// depend on each other, and proposals that do are not those of an independence chain; there a trajectory leads from the current configuration back to S_0, moves there, and returns to S, accepted with min(1, e^{−W}) of the
    /// whole way (tempered transitions: R. M. Neal, Stat. Comput. 6 (1996) 353).
    /// </summary>
    public bool Metropolis { get; init; }

    /// <summary>
    /// Whether each step makes a second trajectory that runs backwards, from a configuration of a chain at S which <see cref="Update"/> moves, to S_0: the ensemble stays what it is, and its work gives Z_n/Z_0 from the other side, and with the
    /// relation of Crooks a check of everything that the weights rest on.
    /// </summary>
    public bool RunsBothWays { get; init; }

    /// <summary>How often the chain at S is moved between two trajectories that run backwards.</summary>
    public int TransitionsAtEnd { get; init; } = 1;

    /// <summary>The map of each step; null: there is none.</summary>
    public IProtocolMap? Map { get; init; }

    /// <summary>What a test does wrong, to see that it is noticed.</summary>
    internal AnnealingFault Fault { get; init; }

    /// <summary>Whether a trajectory goes back along the path, which takes time-reversed updates.</summary>
    internal bool RunsBackward => Metropolis || RunsBothWays;

    /// <inheritdoc/>
    public bool NeedsWholeLattices => Map is not null || Start.NeedsWholeLattices || !ReferenceEquals(Path.Action, Path.Target);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The path ends at another action.</exception>
    public IAction ActionOf(IAction action) => Path.EndsAt(action) ? Path.Action : throw new NotSupportedException($"the path ends at '{Said(Path.Target)}', but what is sampled is '{Said(action)}'.");

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T> => new AnnealingRun<T>(this, state);

    /// <summary>The chain of end points with an accept step is reversible where what it is made of is: proposals do not know where the chain is, or go and come on the same path.</summary>
    public ITransition TimeReversal() => Metropolis ? this : throw new NotSupportedException("trajectories that are weighted are no chain with a reversal.");

    private static string Said(IAction action) => $"{action.Name}, {string.Join(", ", action.Parameters.Select(parameter => $"{parameter.Key} = {parameter.Value}"))}, {action.Field} on {action.Lattice}";
}

/// <summary>A fault that a test puts into the work of a protocol.</summary>
internal enum AnnealingFault
{
    /// <summary>None.</summary>
    None,

    /// <summary>The work of a step is taken after its update.</summary>
    WorkAfterUpdate,

    /// <summary>The work of a step that is run backwards is taken after the update that follows it.</summary>
    BackwardWorkAfterUpdate,

    /// <summary>The last change of the action does no work.</summary>
    WithoutLastStep,
}

using LatticeFlow.Actions;
using LatticeFlow.Observables;

namespace LatticeFlow.Sampling;

/// <summary>The first configuration of a chain.</summary>
public enum ChainStart
{
    /// <summary>Independent uniform links; φ normal numbers times <see cref="IAction.HotStartWidth"/>.</summary>
    Hot,

    /// <summary>Unit links; φ = 0.</summary>
    Cold,

    /// <summary>Hot and cold by turns: where chains do not forget where they started, they disagree, and R̂ shows it.</summary>
    Mixed,
}

/// <summary>What a Markov chain samples, and how.</summary>
public sealed record MarkovChainSettings
{
    /// <summary>The target density is exp(−S).</summary>
    public required IAction Action { get; init; }

    /// <summary>One step of the chain.</summary>
    public required ITransition Transition { get; init; }

    /// <summary>Independent chains run side by side; of a ladder each is as many replicas of the lattice as there are rungs.</summary>
    public required int Replicas { get; init; }

    /// <summary>The seed of all random numbers.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What lanes are used for. Chains are the same up to rounding.</summary>
    public LaneUse Lanes { get; init; } = LaneUse.Best;

    /// <summary>How chains start.</summary>
    public ChainStart Start { get; init; } = ChainStart.Hot;

    /// <summary>
    /// Where the first configurations come from instead of <see cref="Start"/>: a chain that takes proposals from a flow starts with samples of it,
    /// because from elsewhere, where q can be far below the target, it may never move.
    /// </summary>
    public IProposalSource? StartFrom { get; init; }

    /// <summary>Steps of every replica that are not stored.</summary>
    public int Thermalization { get; init; }

    /// <summary>Steps from one stored configuration to the next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Blocks keep the configurations of every so manieth draw, and what is measured of every one; 0: no configurations.</summary>
    public int FieldEvery { get; init; } = 1;

    /// <summary>What is measured on every stored configuration.</summary>
    public IReadOnlyList<IFieldObservable> Observables { get; init; } = [];
}

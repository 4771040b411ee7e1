namespace LatticeFlow.Sampling;

/// <summary>Where the trajectories of a protocol start: at configurations of S_0.</summary>
public sealed class TrajectoryStart
{
    private TrajectoryStart(ITransition? chain, int transitions, IProposalSource? source) => (Chain, Transitions, Source) = (chain, transitions, source);

    /// <summary>The transition of a chain at S_0; null where starts are independent.</summary>
    public ITransition? Chain { get; }

    /// <summary>How often the chain makes its transition between two starts.</summary>
    public int Transitions { get; }

    /// <summary>Independent configurations with a known density, in place of S_0; null: none.</summary>
    public IProposalSource? Source { get; }

    /// <summary>Whether every link is drawn from Haar measure: S_0 = 0.</summary>
    public bool IsHaar => Chain is null && Source is null;

    internal bool NeedsWholeLattices => IsHaar;

    /// <summary>Links drawn from Haar measure, S_0 = 0 and Z_0 = 1.</summary>
    public static TrajectoryStart Haar { get; } = new(null, 0, null);

    /// <summary>A Markov chain at S_0 in each replica, which makes so many transitions between two starts.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static TrajectoryStart OfChain(ITransition chain, int transitions)
    {
        if (transitions < 1) throw new ArgumentException($"transitions = {transitions}: at least 1 between two starts.", nameof(transitions));
        return new(chain, transitions, null);
    }

    /// <summary>Independent configurations of a density q, as a trained flow draws them. The first change of the action is from −ln q to S_0, so that ln w = −S_0(U_0) − ln q(U_0) − W and ⟨w⟩ = Z_n.</summary>
    public static TrajectoryStart From(IProposalSource source) => new(null, 0, source);
}

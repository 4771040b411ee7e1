using LatticeFlow.Actions;
using LatticeFlow.Flows;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;

namespace LatticeFlow.Cli.Configuration;

/// <summary>One Markov transition: what a sampler repeats. Everything that a sampler is, is asked here; which there are, <see cref="SamplerRegistry"/> knows.</summary>
public abstract record TransitionSettings
{
    /// <summary>The words of all samplers.</summary>
    public static Choice<SamplerKind> Kinds => SamplerRegistry.Kinds;

    /// <summary>The keys of all transitions; each reads its own and refuses the rest.</summary>
    public static string[] Keys => [.. SamplerRegistry.Keys];

    public abstract SamplerKind Kind { get; }

    /// <summary>True when the transition tunes itself, which it may do during thermalization only.</summary>
    public virtual bool IsTuned => false;

    /// <summary>Whether it reaches every configuration without others beside it.</summary>
    public virtual bool IsErgodic => !Kind.NeedsOthers;

    /// <summary>What tunes it, and what is tuned, as a sentence goes on: "acceptance is given: the number of steps".</summary>
    public virtual string TunedBy => "acceptance is given: the number of steps";

    /// <summary>The fewest transitions of a thermalization.</summary>
    public virtual int LeastThermalization => IsTuned ? 1 : 0;

    public virtual bool UsesFlow => false;

    /// <summary>Whether the first configurations of its chains are samples of the flow.</summary>
    public virtual bool StartsFromFlow => UsesFlow;

    /// <summary>Whether single links are drawn from their distribution given all others.</summary>
    public virtual bool UsesHeatBath => false;

    /// <summary>Whether a stored configuration comes with its ln q: where the last thing done to it is a flow proposal.</summary>
    public virtual bool KnowsDensity => false;

    /// <summary>Whether rows stand for the action only with the weight that is stored with them.</summary>
    public virtual bool IsWeighted => false;

    /// <summary>Whether rows have the work of a trajectory that was run backwards.</summary>
    public virtual bool RunsBackward => false;

    /// <summary>ln Z of the ensemble that weighted rows come from, where it is known: their mean weight is the ratio of that of the theory to it.</summary>
    public virtual double? StartLogPartitionFunction(TheoryDocument theory) => null;

    /// <summary>Whether a chain goes on from configurations that are not among its rows.</summary>
    public virtual bool KeepsMoreThanRows => false;

    /// <summary>Whether proposals are those of a mixture of the flow and a prior.</summary>
    public virtual bool IsDefensive => false;

    /// <summary>
    /// Whether a stored configuration comes with the ΔH of its last trajectory. On a ladder it does not: ⟨exp(−ΔH)⟩ is 1 for a replica, but not for those that an exchange has chosen.
    /// </summary>
    public virtual bool HasTrajectories => false;

    /// <summary>Whether the last thing done to a stored configuration can be refused.</summary>
    public virtual bool CanReject => true;

    /// <summary>Replicas that one chain is made of: the rungs of a ladder, else one.</summary>
    public virtual int ReplicasOfChain => 1;

    /// <summary>Whether lanes are whole lattices, because couplings depend on the place or something is not built for sub-lattices, whatever the action allows.</summary>
    public virtual bool NeedsWholeLattices => false;

    /// <summary>The least extent for its heat baths of other actions than that of the theory; 0: there are none.</summary>
    public virtual int LeastHeatBathExtent => 0;

    /// <summary>All trajectories of the transition, in order.</summary>
    public virtual IEnumerable<HmcSettings> Trajectories => [];

    /// <summary>The transition that the chain makes.</summary>
    public abstract ITransition Create(TransitionSources sources);

    /// <summary>Appends this transition's own keys to a table.</summary>
    public abstract void WriteTo(TomlTable table);

    public static TransitionSettings Read(SamplerKind kind, SectionReader reader, TheorySettings theory) => kind.Read(reader, theory);
}

/// <summary>What transitions are made of: the action, and a flow where one proposes from it (<paramref name="Proposals"/>) or moves in its coordinates (<paramref name="Flow"/>).</summary>
public sealed record TransitionSources(IAction Action, Func<FlowTransitionSettings, IProposalSource> Proposals, Func<FlowModel> Flow)
{
    /// <summary>Transitions of the thermalization.</summary>
    public int Thermalization { get; init; }
}

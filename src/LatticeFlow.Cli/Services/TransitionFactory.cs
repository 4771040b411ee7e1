using LatticeFlow.Actions;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Flows;
using LatticeFlow.Sampling;

namespace LatticeFlow.Cli.Services;

/// <summary>From the transition of a <c>[[sample]]</c> to the one that the chain makes; each sampler knows its own.</summary>
public static class TransitionFactory
{
    /// <summary>Proposals drawn from a flow at once; chains do not depend on it.</summary>
    public const int ProposalsOfDraw = 1024;

    /// <summary>The transition of an action; <paramref name="proposals"/> and <paramref name="flow"/> are asked for where one proposes from a flow, or moves in its coordinates.</summary>
    public static ITransition Create(TransitionSettings settings, IAction action, Func<FlowTransitionSettings, IProposalSource> proposals, Func<FlowModel> flow, int thermalization = 0) =>
        settings.Create(new(action, proposals, flow) { Thermalization = thermalization });

    /// <inheritdoc cref="TransitionSettings.KnowsDensity"/>
    public static bool KnowsDensity(TransitionSettings settings) => settings.KnowsDensity;

    /// <inheritdoc cref="TransitionSettings.IsDefensive"/>
    public static bool IsDefensive(TransitionSettings settings) => settings.IsDefensive;

    /// <inheritdoc cref="TransitionSettings.HasTrajectories"/>
    public static bool HasTrajectories(TransitionSettings settings) => settings.HasTrajectories;

    /// <inheritdoc cref="TransitionSettings.ReplicasOfChain"/>
    public static int ReplicasOfChain(TransitionSettings settings) => settings.ReplicasOfChain;

    /// <inheritdoc cref="TransitionSettings.CanReject"/>
    public static bool CanReject(TransitionSettings settings) => settings.CanReject;

    /// <inheritdoc cref="HmcSettings.Trajectory"/>
    public static HamiltonianMonteCarlo Hmc(HmcSettings hmc, IAction action, int? steps = null) => hmc.Trajectory(action, steps);

    /// <inheritdoc cref="TransitionSettings.Trajectories"/>
    public static IEnumerable<HmcSettings> Trajectories(TransitionSettings settings) => settings.Trajectories;
}

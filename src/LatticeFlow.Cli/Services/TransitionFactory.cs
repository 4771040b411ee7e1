using LatticeFlow.Cli.Configuration;
using LatticeFlow.Sampling;

namespace LatticeFlow.Cli.Services;

/// <summary>From the transition of a <c>[[sample]]</c> to the one that the chain makes.</summary>
public static class TransitionFactory
{
    /// <summary>Proposals drawn from a flow at once; chains do not depend on it.</summary>
    public const int ProposalsOfDraw = 1024;

    /// <summary>The transition; <paramref name="proposals"/> is asked for where one proposes from a flow.</summary>
    public static ITransition Create(TransitionSettings settings, Func<IProposalSource> proposals) => settings switch
    {
        FlowTransitionSettings => new FlowMetropolis(proposals(), ProposalsOfDraw),
        HmcSettings { Steps: { } steps } hmc => HamiltonianMonteCarlo.Fixed(Integrator(hmc), hmc.TrajectoryLength, steps),
        HmcSettings hmc => HamiltonianMonteCarlo.Tuned(Integrator(hmc), hmc.TrajectoryLength, hmc.Acceptance!.Value),
        HeatbathSettings heatbath => new HeatBath(heatbath.Overrelaxation),
        MixtureSettings mixture => new Mixture([.. mixture.Parts.Select(part => (Create(part.Transition, proposals), part.Repeat))]),
        _ => throw new ArgumentException($"no transition is built from {settings.GetType().Name}", nameof(settings)),
    };

    /// <summary>Whether a stored configuration comes with its ln q: where the last thing done to it is a flow proposal.</summary>
    public static bool KnowsDensity(TransitionSettings settings)
        => settings is FlowTransitionSettings || (settings is MixtureSettings mixture && KnowsDensity(mixture.Parts[^1].Transition));

    /// <summary>Whether there are Hamiltonian trajectories.</summary>
    public static bool HasTrajectories(TransitionSettings settings)
        => settings is HmcSettings || (settings is MixtureSettings mixture && mixture.Parts.Any(part => HasTrajectories(part.Transition)));

    /// <summary>Whether the last thing done to a stored configuration can be refused.</summary>
    public static bool CanReject(TransitionSettings settings)
        => settings is not HeatbathSettings && (settings is not MixtureSettings mixture || CanReject(mixture.Parts[^1].Transition));

    private static IIntegrator Integrator(HmcSettings hmc) => Integrators.Named(HmcSettings.Integrators.Text(hmc.Integrator));
}

using LatticeFlow.Actions;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Flows;
using LatticeFlow.Sampling;

namespace LatticeFlow.Cli.Services;

/// <summary>From the transition of a <c>[[sample]]</c> to the one that the chain makes.</summary>
public static class TransitionFactory
{
    /// <summary>Proposals drawn from a flow at once; chains do not depend on it.</summary>
    public const int ProposalsOfDraw = 1024;

    /// <summary>The transition of an action; <paramref name="proposals"/> and <paramref name="flow"/> are asked for where one proposes from a flow, or moves in its coordinates.</summary>
    public static ITransition Create(TransitionSettings settings, IAction action, Func<FlowTransitionSettings, IProposalSource> proposals, Func<FlowModel> flow) => settings switch
    {
        FlowTransitionSettings flowed => new FlowMetropolis(proposals(flowed), ProposalsOfDraw),
        HmcSettings { InFlow: true } hmc => new FlowHamiltonianMonteCarlo(Hmc(hmc, action), flow()),
        HmcSettings hmc => Hmc(hmc, action),
        HeatbathSettings heatbath => new HeatBath(heatbath.Overrelaxation),
        MixtureSettings mixture => Round(mixture.Parts, action, proposals, flow),
        TemperingSettings tempering => new ParallelTempering(Round(tempering.Parts, action, proposals, flow), [.. tempering.Strengths]),
        _ => throw new ArgumentException($"no transition is built from {settings.GetType().Name}", nameof(settings)),
    };

    /// <summary>Whether a stored configuration comes with its ln q: where the last thing done to it is a flow proposal.</summary>
    public static bool KnowsDensity(TransitionSettings settings)
        => settings is FlowTransitionSettings || (settings is MixtureSettings mixture && KnowsDensity(mixture.Parts[^1].Transition));

    /// <summary>Whether proposals are those of a mixture of the flow and a prior.</summary>
    public static bool IsDefensive(TransitionSettings settings)
        => settings is FlowTransitionSettings { Defensive: not null } || (settings is MixtureSettings mixture && mixture.Parts.Any(part => IsDefensive(part.Transition)));

    /// <summary>
    /// Whether a stored configuration comes with the ΔH of its last trajectory. On a ladder it does not: ⟨exp(−ΔH)⟩ is 1 for a replica, but not for those that an exchange has chosen.
    /// </summary>
    public static bool HasTrajectories(TransitionSettings settings)
        => settings is HmcSettings || (settings is MixtureSettings mixture && mixture.Parts.Any(part => HasTrajectories(part.Transition)));

    /// <summary>Replicas that one chain is made of: the rungs of a ladder, else one.</summary>
    public static int ReplicasOfChain(TransitionSettings settings) => settings is TemperingSettings tempering ? tempering.Strengths.Count : 1;

    /// <summary>Whether the last thing done to a stored configuration can be refused.</summary>
    public static bool CanReject(TransitionSettings settings)
        => settings switch
        {
            HeatbathSettings => false,
            MixtureSettings mixture => CanReject(mixture.Parts[^1].Transition),
            TemperingSettings tempering => CanReject(tempering.Parts[^1].Transition),
            _ => true,
        };

    /// <summary>Hamiltonian Monte Carlo, of the links or of the coordinates of a flow; <paramref name="steps"/> takes the place of steps that are still to be tuned.</summary>
    public static HamiltonianMonteCarlo Hmc(HmcSettings hmc, IAction action, int? steps = null)
    {
        // Where the steps are tuned, what stands here does not count.
        var inner = hmc.InnerScales.SelectMany(scale => scale.Parts).ToHashSet();
        IntegratorLevel[] levels =
        [
            new(Integrator(hmc.Integrator), steps ?? hmc.Steps ?? 1, inner.Count == 0 ? [] : [.. Enumerable.Range(0, action.Parts.Count).Where(part => !inner.Contains(part))]),
            .. hmc.InnerScales.Select(scale => new IntegratorLevel(Integrator(scale.Integrator), scale.Steps, [.. scale.Parts])),
        ];
        var transition = hmc.Acceptance is { } acceptance && steps is null
            ? HamiltonianMonteCarlo.Tuned(levels, hmc.TrajectoryLength, acceptance)
            : HamiltonianMonteCarlo.Fixed(levels, hmc.TrajectoryLength);
        return transition.WithLengthSpread(hmc.LengthSpread);
    }

    /// <summary>All trajectories of a transition, in order.</summary>
    public static IEnumerable<HmcSettings> Trajectories(TransitionSettings settings) => settings.Trajectories;

    // One transition alone has the finer record of what it did.
    private static ITransition Round(IReadOnlyList<MixturePart> parts, IAction action, Func<FlowTransitionSettings, IProposalSource> proposals, Func<FlowModel> flow) => parts is [{ Repeat: 1 } only]
        ? Create(only.Transition, action, proposals, flow)
        : new Mixture([.. parts.Select(part => (Create(part.Transition, action, proposals, flow), part.Repeat))]);

    private static IIntegrator Integrator(IntegratorKind kind) => Integrators.Named(HmcSettings.Integrators.Text(kind));
}

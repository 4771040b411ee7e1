using LatticeFlow.Cli.Configuration;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Sampling;

namespace LatticeFlow.Cli.Services;

/// <summary>What flow Metropolis takes its proposals from: the flow, or its mixture with a prior.</summary>
public sealed class ProposalSources(ComputeDevice device, Compute.Precision precision, FlowModel flow, FieldSpace space, int batch, int replicas) : IDisposable
{
    private readonly List<DefensiveProposals> _mixtures = [];

    /// <summary>Proposals of the flow alone.</summary>
    public FlowProposals Flow { get; } = new(device, precision, flow, space, batch, replicas);

    /// <summary>Those of a transition.</summary>
    public IProposalSource Of(FlowTransitionSettings settings)
    {
        if (settings.Defensive is not { } prior) return Flow;
        var mixture = new DefensiveProposals(Flow, new FlowProposals(device, precision, new FlowModel([], prior.Create()), space, batch, replicas), settings.DefensiveShare);
        _mixtures.Add(mixture);
        return mixture;
    }

    /// <summary>Those of the last thing that a transition does, whose densities are stored.</summary>
    public IProposalSource OfStored(TransitionSettings settings) => settings switch
    {
        FlowTransitionSettings flow => Of(flow),
        MixtureSettings mixture => OfStored(mixture.Parts[^1].Transition),
        _ => throw new ArgumentException($"{settings.GetType().Name} stores no densities", nameof(settings)),
    };

    public void Dispose()
    {
        foreach (var mixture in _mixtures) mixture.Dispose();
        Flow.Dispose();
    }
}

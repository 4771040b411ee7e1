using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary>Proposals for <see cref="FlowMetropolis"/> from a flow on a device, drawn in large batches.</summary>
public sealed class FlowProposals : IProposalSource, IDisposable
{
    private readonly IFlowEngine draws;
    private readonly IFlowEngine densities;
    private readonly double[] prior;

    /// <summary>Proposals are drawn <paramref name="batch"/> at a time; densities are mostly asked for <paramref name="replicas"/> configurations.</summary>
    /// <exception cref="ArgumentException">The flow cannot act on the lattice.</exception>
    public FlowProposals(ComputeDevice device, Precision precision, FlowModel model, LatticeGeometry lattice, int batch, int replicas)
    {
        draws = FlowEngine.Create(device, precision, model, lattice, batch);
        densities = FlowEngine.Create(device, precision, model, lattice, replicas);
        prior = new double[(long)replicas * densities.Links];
    }

    /// <inheritdoc/>
    public int Links => draws.Links;

    /// <inheritdoc/>
    public void Draw(ulong seed, long firstProposal, int count, Span<double> links, Span<double> logQ)
    {
        for (int first = 0; first < count; first += draws.Replicas)
        {
            int part = Math.Min(draws.Replicas, count - first);
            draws.Sample(seed, firstProposal + first, links.Slice(first * Links, part * Links), logQ.Slice(first, part));
        }

        foreach (ref double angle in links[..(count * Links)]) angle = Principal(angle);
    }

    /// <inheritdoc/>
    public void LogDensity(ReadOnlySpan<double> links, Span<double> logQ)
    {
        for (int first = 0; first < logQ.Length; first += densities.Replicas)
        {
            int part = Math.Min(densities.Replicas, logQ.Length - first);
            densities.Inverse(links.Slice(first * Links, part * Links), prior.AsSpan(0, part * Links), logQ.Slice(first, part));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        draws.Dispose();
        densities.Dispose();
    }

    // π in single precision is above π, so that the largest single angle lies outside (−π, π] in double.
    private static double Principal(double angle) => angle > Math.PI ? angle - (2 * Math.PI) : angle <= -Math.PI ? angle + (2 * Math.PI) : angle;
}

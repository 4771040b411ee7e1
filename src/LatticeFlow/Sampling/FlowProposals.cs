using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Flows;

namespace LatticeFlow.Sampling;

/// <summary>Proposals for <see cref="FlowMetropolis"/> from a flow on a device, drawn in large batches.</summary>
/// <remarks>
/// In single precision the map is rounded, but a proposal is a configuration of the group in double, and its log q that of this configuration up to a rounding δ: log-determinants are in single precision
/// link by link, their sums in double. A chain then has the density e^{−S−δ}: means are off by at most about the standard deviation of δ, some 10⁻⁶, times that of the observable.
/// </remarks>
public sealed class FlowProposals : IProposalSource, IDisposable
{
    private readonly IFlowEngine draws;
    private readonly IFlowEngine densities;
    private readonly double[] prior;
    private readonly bool angles;

    /// <summary>Proposals are drawn <paramref name="batch"/> at a time; densities are mostly asked for <paramref name="replicas"/> configurations.</summary>
    /// <exception cref="ArgumentException">The flow cannot act on configurations of the space.</exception>
    public FlowProposals(ComputeDevice device, Precision precision, FlowModel model, FieldSpace space, int batch, int replicas)
    {
        draws = FlowEngine.Create(device, precision, model, space, batch);
        densities = FlowEngine.Create(device, precision, model, space, replicas);
        angles = space.Type.Representation == FieldRepresentation.Angle;
        Flops = FlowFloor.OfConfiguration(model, space) + (space.Tangents * NominalFlops.NormalNumber);
        prior = new double[(long)replicas * densities.Numbers];
    }

    /// <inheritdoc/>
    public int Numbers => draws.Numbers;

    /// <summary>Of the layers (<see cref="FlowFloor"/>), and a normal number for each direction of the prior.</summary>
    public double Flops { get; }

    /// <inheritdoc/>
    public void Draw(ulong seed, long firstProposal, int count, Span<double> configurations, Span<double> logQ)
    {
        for (int first = 0; first < count; first += draws.Replicas)
        {
            int part = Math.Min(draws.Replicas, count - first);
            draws.Sample(seed, firstProposal + first, configurations.Slice(first * Numbers, part * Numbers), logQ.Slice(first, part));
        }

        if (!angles) return;
        foreach (ref double angle in configurations[..(count * Numbers)]) angle = Principal(angle);
    }

    /// <inheritdoc/>
    public void LogDensity(ReadOnlySpan<double> configurations, Span<double> logQ)
    {
        for (int first = 0; first < logQ.Length; first += densities.Replicas)
        {
            int part = Math.Min(densities.Replicas, logQ.Length - first);
            densities.Inverse(configurations.Slice(first * Numbers, part * Numbers), prior.AsSpan(0, part * Numbers), logQ.Slice(first, part));
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

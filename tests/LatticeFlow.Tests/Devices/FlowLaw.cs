using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests.Devices;

/// <summary>All that a flow engine computes: samples, both directions, both gradients. Eight layers move every link.</summary>
/// <param name="layer">The layer of each index.</param>
/// <param name="prior">What the flow starts from.</param>
public sealed class FlowLaw(Func<int, IFlowLayer> layer, IFlowPrior prior) : IDeviceLaw
{
    // Two tiles of a GPU, the last of which has idle lanes.
    private const int Replicas = DeviceBench<DeviceDouble>.Uneven;
    private const double Beta = 1.5;

    // Parameters far from the identity, where layers do not lose digits.
    private const double Spread = 0.2;

    // The high bits are set, so that the words that random numbers are made of wrap around.
    private const ulong Seed = 0xF1234567_E89ABCDE;

    // Rounding of 6e-8 in angles up to π, times the slopes of eight layers, times some hundred terms of a log density. Measured: 1.2e-5
    // (splines; Möbius maps 3e-6).
    public double SingleTolerance => 1e-4;

    // The same with 1.1e-16: measured 4e-14 where products are not fused (OpenCL), else 1e-15.
    public double DoubleTolerance => 1e-12;

    public double[] Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        var model = new FlowModel([.. Enumerable.Range(0, StripeMask.Cycle).Select(layer)], prior);
        var random = new TestRandom(7);
        foreach (ref double parameter in model.Parameters.AsSpan()) parameter = Spread * ((2 * random.Uniform()) - 1);
        using var engine = FlowEngine.Create(device, T.IsDouble ? Precision.Double : Precision.Single, model, new LatticeGeometry(4, 8), Replicas, gradients: true);
        double[] links = new double[Replicas * engine.Links], logDensity = new double[Replicas], action = new double[Replicas];
        var gradient = new double[model.Parameters.Length];
        List<double> all = [];

        // Sample 2³² − 5 and those after it: the number of a replica goes over the end of its word.
        engine.Sample(Seed, (1L << 32) - 5, links, logDensity);
        all.AddRange([.. OnCircle(links), .. logDensity]);
        double[] angles = [.. Enumerable.Range(0, links.Length).Select(_ => (double)(float)(3 * ((2 * random.Uniform()) - 1)))];
        engine.Forward(angles, links, logDensity);
        all.AddRange([.. OnCircle(links), .. logDensity]);
        engine.Inverse(angles, links, logDensity);
        all.AddRange([.. OnCircle(links), .. logDensity]);
        foreach (var estimator in Enum.GetValues<GradientEstimator>())
        {
            engine.Gradient(Seed, 3, Beta, estimator, gradient, logDensity, action);
            all.AddRange([.. gradient, .. logDensity, .. action]);
        }

        return [.. all];
    }

    /// <summary>Angles as numbers that have no jump at ±π.</summary>
    internal static IEnumerable<double> OnCircle(IEnumerable<double> angles) => angles.SelectMany(angle => new[] { Math.Cos(angle), Math.Sin(angle) });
}

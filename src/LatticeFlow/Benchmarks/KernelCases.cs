using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Networks;
using LatticeFlow.Lattice;

namespace LatticeFlow.Benchmarks;

/// <summary>Every hot kernel in one precision, at the sizes that flows have.</summary>
public sealed class KernelCases : IDisposable
{
    private readonly List<IDisposable> owned = [];

    private static readonly IReadOnlyList<(GaugeGroup Group, LatticeGeometry Lattice, double Beta)> Gauge =
    [
        (GaugeGroup.SU3, new(8, 8, 8, 8), 6.0),
        (GaugeGroup.SU2, new(8, 8, 8, 8), 2.4),
        (GaugeGroup.SU3, new(32, 32), 6.0),
        (GaugeGroup.SU2, new(64, 64), 4.0),
        (GaugeGroup.U1, new(64, 64), 4.0),
    ];

    private KernelCases(IEnumerable<BenchmarkCase> all) => All = [.. all];

    /// <summary>The cases.</summary>
    public IReadOnlyList<BenchmarkCase> All { get; private set; }

    /// <summary>The cases on a device; random numbers and Markov chains are double and appear there only.</summary>
    public static KernelCases Create(ComputeDevice device, Precision precision) => device.Use(precision, new Factory());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var one in owned) one.Dispose();
    }

    /// <summary>Replicas that keep the device busy: one tile of a CPU, whose kernels are measured on one core; a few tens of thousand threads of a GPU.</summary>
    internal static int Replicas<T>(ComputeDevice device)
        where T : unmanaged, IReal<T> => device.Name.StartsWith("cpu", StringComparison.Ordinal) ? T.Width : 256 * T.Width;

    private sealed class Factory : ILaneUser<KernelCases>
    {
        public KernelCases Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            int replicas = Replicas<T>(device);
            var flow = new FlowCases<T>(device, new LatticeGeometry(16, 16), replicas);
            var convolutions = new ConvolutionCases<T>(device, new LatticeGeometry(16, 16), replicas);
            List<BenchmarkCase> all =
            [
                .. convolutions.Of("8-8-8", new ConvolutionNetwork(8, [8], 8, 3, Activation.LeakyRelu)),
                .. convolutions.Of("32-32-32", new ConvolutionNetwork(32, [32], 32, 3, Activation.LeakyRelu)),
                .. convolutions.Of("2-8-3", new ConvolutionNetwork(2, [8], 3, 3, Activation.LeakyRelu)),
                .. flow.All(),
            ];
            var layers = new LayerCases<T>(device, replicas);
            all.AddRange(layers.All());
            var cases = new KernelCases([]) { owned = { convolutions, flow, layers } };
            if (T.IsDouble)
            {
                var markov = new MarkovCases<TDouble>(device, new LatticeGeometry(16, 16), replicas);
                cases.owned.Add(markov);
                all.AddRange(markov.All());
                foreach (var (group, lattice, beta) in Gauge)
                {
                    var gauge = new GaugeCases<TDouble>(device, group, lattice, beta);
                    cases.owned.Add(gauge);
                    all.AddRange(gauge.All());
                }
            }

            cases.All = all;
            return cases;
        }
    }
}

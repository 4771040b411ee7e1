using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Benchmarks;

/// <summary>
/// Whole leapfrog trajectories of length 1 with 20 steps of one chain on one lattice, momenta, energies and decision included; beside them what other programs take on two AMD Zen 5 cores. The programs
/// for two dimensions are known by their time a link and step.
/// </summary>
public static class TrajectoryCases
{
    private const int Steps = 20;

    /// <summary>One trajectory to be measured.</summary>
    /// <param name="Group">The group.</param>
    /// <param name="Extents">The lattice.</param>
    /// <param name="Beta">β of Wilson's action.</param>
    /// <param name="Peer">The other program.</param>
    /// <param name="OneThread">Its milliseconds on one thread.</param>
    /// <param name="TwoThreads">On two; NaN where unknown.</param>
    public sealed record Entry(GaugeGroup Group, int[] Extents, double Beta, string Peer, double OneThread, double TwoThreads)
    {
        /// <summary>As <c>SU3 8x8x8x8, trajectory</c>.</summary>
        public string Name => $"{Group} {string.Join("x", Extents)}, trajectory of {Steps} leapfrog steps";
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Entry> All { get; } =
    [
        new(GaugeGroup.SU3, [8, 8, 8, 8], 6.0, "openQCD 2.4.2", 68, 51),
        new(GaugeGroup.SU3, [16, 16, 16, 16], 6.0, "openQCD 2.4.2", 1670, 1030),
        new(GaugeGroup.U1, [64, 64], 4.0, "Schwinger2D", Steps * 2 * 64 * 64 * 21.7e-6, double.NaN),
        new(GaugeGroup.SU2, [64, 64], 4.0, "HISKP su2", Steps * 2 * 64 * 64 * 168e-6, double.NaN),
    ];

    /// <summary>Measures one on a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="entry">Which.</param>
    /// <param name="threads">What is said of the threads.</param>
    /// <param name="peer">The milliseconds of the other program.</param>
    /// <param name="timing">How long it may take.</param>
    public static StepTime Measure(ComputeDevice device, Entry entry, string threads, double peer, Timing timing)
    {
        double seconds = device.Use(Precision.Double, new Run(entry, timing));
        return new($"{entry.Name}, {threads}", 1e3 * seconds, entry.Peer, peer);
    }

    private sealed record Run(Entry Entry, Timing Timing) : ILaneUser<double>
    {
        public double Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            var lattice = new LatticeGeometry(Entry.Extents);
            using var state = new MarkovState<TDouble>(device, new WilsonAction(lattice, Entry.Group, Entry.Beta), 1, 1);
            using var heatBath = new HeatBath().Bind(state);
            for (int i = 0; i < 3; i++) heatBath.Step(thermalizing: true);
            using var trajectory = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, Steps).Bind(state);
            return Timing.Seconds(() => trajectory.Step(thermalizing: false));
        }
    }
}

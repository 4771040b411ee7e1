using LatticeFlow.Compute;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Kernels.U1;

namespace LatticeFlow.Tests;

public class VonMisesTests
{
    private const int Replicas = 64;
    private const int Draws = 4096;

    // Beyond this many standard errors by chance: 6·10⁻⁷ a comparison, about 60 comparisons, fixed seed.
    private const double Sigmas = 5;

    public static TheoryData<string> InstructionSets => CpuDevices.Supported;

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Moments_are_ratios_of_Bessel_functions(string instructionSet)
    {
        using var device = CpuDevices.Create(instructionSet);
        foreach (double kappa in new[] { 0, 1e-300, 1e-9, 1e-3, 0.3, 1.5, 8.0, 200.0 })
        {
            var draws = device.Use(Precision.Double, new Sample(kappa));
            Assert.All(draws, angle => Assert.InRange(angle, -Math.PI, Math.PI));
            for (int n = 1; n <= 3; n++)
            {
                int order = n;
                Compare($"cos {n}δ at κ = {kappa}", draws.Select(angle => Math.Cos(order * angle)), ExactTorus.BesselRatio(n, kappa));
                Compare($"sin {n}δ at κ = {kappa}", draws.Select(angle => Math.Sin(order * angle)), 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void A_large_concentration_gives_a_normal_distribution(string instructionSet)
    {
        using var device = CpuDevices.Create(instructionSet);
        foreach (double kappa in new[] { 1e5, 1e8, 1e12 })
        {
            // κδ² → χ² with one degree of freedom; the corrections 1/κ are below the statistical error.
            var squares = device.Use(Precision.Double, new Sample(kappa)).Select(angle => kappa * angle * angle).ToArray();
            Compare($"κδ² at κ = {kappa}", squares, 1);
            Compare($"(κδ²)² at κ = {kappa}", squares.Select(x => x * x), 3);
        }
    }

    [Fact]
    public void Draws_do_not_depend_on_how_lanes_are_grouped()
    {
        // Equal random numbers; the arithmetic may differ by rounding, which the map from uniform numbers amplifies little.
        const double tolerance = 1e-12;
        double[]? first = null;
        foreach (var row in CpuDevices.Supported)
        {
            using var device = CpuDevices.Create(row);
            var draws = device.Use(Precision.Double, new Sample(2.5));
            first ??= draws;
            for (int i = 0; i < draws.Length; i++) Assert.Equal(first[i], draws[i], tolerance);
        }
    }

    [Fact]
    public void A_concentration_that_is_no_number_does_not_hang()
    {
        using var device = CpuDevices.Best();
        Assert.All(device.Use(Precision.Double, new Sample(double.NaN)), angle => Assert.True(double.IsNaN(angle)));
    }

    private static void Compare(string what, IEnumerable<double> numbers, double expected)
    {
        double[] values = [.. numbers];
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / values.Length / (values.Length - 1.0));
        Assert.True(Math.Abs(mean - expected) <= Sigmas * error, $"{what}: {mean} ± {error}, exact {expected}");
    }

    private sealed class Sample(double kappa) : DoubleLaneUser<double[]>
    {
        protected override double[] Use<T>(ComputeDevice device)
        {
            var shape = device.Shape<T>(Replicas);
            using var target = device.NewField<T>(shape, Draws);
            using var key = device.NewTable([11, 12, 13, 0, 0]);
            var program = new KernelProgram(shape);
            program.Add(new DrawKernel<T> { Target = target.View, Key = key.View, Kappa = kappa }, Draws);
            device.Run(program);
            var draws = new double[Replicas * Draws];
            target.ReadReplicas(draws);
            return draws;
        }
    }

    private struct DrawKernel<T> : IKernel
        where T : unmanaged, IReal64<T>
    {
        public Reals<T> Target;
        public Table Key;
        public double Kappa;
        private Streams<T> streams;

        public void Bind(in Place place)
        {
            Target = Target.At(place);
            streams = new Streams<T> { Key = Key }.At(place);
        }

        public readonly void Execute(int item) => T.Store(Target, item, new VonMises<T>(T.Of(Kappa)).Draw(streams, streams.Site(item), Purpose.Probe));
    }
}

using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Tests;

/// <summary>Elements of SU(2) with density ∝ e^{ζ x0}: the distribution of x0, the direction of the rest, and that lanes do not know of each other.</summary>
public class VonMisesFisherTests
{
    private const int Replicas = 64;
    private const int Draws = 2048;
    private const int Components = 4;

    // P(√n·D > 2.6) = 2·exp(−2·2.6²) = 2.7e-6 a comparison (Kolmogorov's limit), 24 an instruction set, fixed seed.
    private const double KolmogorovBound = 2.6;

    // P(|z| > 5) = 6e-7 a comparison, 156 an instruction set, fixed seed.
    private const double Sigmas = 5;

    // From no preference to a link that is frozen; both sides of the change of algorithm.
    private static readonly double[] Concentrations = [0, 1e-300, 1e-9, 0.3, 1.6, VonMisesFisher<Double1>.Crossing, 1.8, 4, 16, 200, 1e4, 1e6];

    public static TheoryData<string> InstructionSets => CpuDevices.Supported;

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Draws_follow_the_exact_distribution(string instructionSet)
    {
        using var device = CpuDevices.Create(instructionSet);
        foreach (double zeta in Concentrations)
        {
            double[][] draws = Sample(device, _ => zeta);

            // The direction does not depend on x0, whatever this is compared with.
            double middle = draws.Select(x => x[0]).Order().ElementAt(draws.Length / 2);
            bool Median(double[] x) => x[0] < middle;
            AssertKolmogorov($"x0 at ζ = {zeta}", Cumulative(zeta, [.. draws.Select(x => Math.Atan2(Radius(x), x[0])).Order()]));
            AssertKolmogorov($"direction at ζ = {zeta}", [.. draws.Select(x => 0.5 * (1 + (x[3] / Radius(x)))).Order()]);
            Compare($"1 − x0 at ζ = {zeta}", draws.Select(x => 1 - x[0]), Integral(zeta, angle => 2 * Math.Pow(Math.Sin(0.5 * angle), 2)) / Integral(zeta, _ => 1));
            for (int i = 1; i < Components; i++)
            {
                int a = i, b = (i % 3) + 1;
                Compare($"x{a} at ζ = {zeta}", draws.Select(x => x[a] / Radius(x)), 0);
                Compare($"x0 and x{a} at ζ = {zeta}", draws.Select(x => (Median(x) ? 1 : -1) * x[a] / Radius(x)), 0);
                Compare($"x0 and x{a}² at ζ = {zeta}", draws.Select(x => (Median(x) ? 1 : -1) * ((x[a] * x[a] / (Radius(x) * Radius(x))) - (1.0 / 3))), 0);
                Compare($"x{a} x{b} at ζ = {zeta}", draws.Select(x => x[a] * x[b] / (Radius(x) * Radius(x))), 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Draws_are_elements_of_the_group(string instructionSet)
    {
        // Rounding of δ, of |x| and of two products.
        const double tolerance = 1e-15;
        using var device = CpuDevices.Create(instructionSet);
        Assert.All(Sample(device, replica => Concentrations[replica % Concentrations.Length]), x => Assert.Equal(1, (x[0] * x[0]) + (Radius(x) * Radius(x)), tolerance));
    }

    [Fact]
    public void Draws_do_not_depend_on_other_lanes()
    {
        // Equal random numbers; the arithmetic may differ by rounding, which the map from uniform numbers amplifies little.
        const double tolerance = 1e-12;
        double Mixed(int replica) => replica % 5 == 3 ? double.NaN : Concentrations[replica % Concentrations.Length];
        double[][]? first = null;
        foreach (var set in InstructionSet.All.Where(set => set.IsSupported))
        {
            using var device = set.Create(2);
            double[][] draws = Sample(device, Mixed);
            first ??= draws;
            for (int i = 0; i < draws.Length; i++)
            {
                if (double.IsNaN(Mixed(i / Draws))) Assert.All(draws[i], x => Assert.True(double.IsNaN(x)));
                else for (int a = 0; a < Components; a++) Assert.Equal(first[i][a], draws[i][a], tolerance);
            }
        }
    }

    private static double Radius(double[] x) => Math.Sqrt((x[1] * x[1]) + (x[2] * x[2]) + (x[3] * x[3]));

    /// <summary>The exact distribution function at increasing angles θ, x0 = cos θ, by Simpson's rule from one to the next.</summary>
    private static double[] Cumulative(double zeta, double[] angles)
    {
        double norm = Integral(zeta, _ => 1);
        double sum = 0, last = 0;
        return
        [
            .. angles.Select(angle =>
            {
                sum += (angle - last) / 6 * (Density(zeta, last) + (4 * Density(zeta, 0.5 * (last + angle))) + Density(zeta, angle));
                last = angle;
                return sum / norm;
            }),
        ];
    }

    // sin²θ e^{ζ(cos θ − 1)}.
    private static double Density(double zeta, double angle) => Math.Pow(Math.Sin(angle), 2) * Math.Exp(-2 * zeta * Math.Pow(Math.Sin(0.5 * angle), 2));

    // Of f and the density over (0, π) by the trapezoidal rule, exact to rounding for smooth even periodic functions.
    private static double Integral(double zeta, Func<double, double> f)
    {
        const int points = 20000;
        double sum = 0;
        for (int i = 1; i < points; i++) sum += f(Math.PI * i / points) * Density(zeta, Math.PI * i / points);
        return Math.PI * sum / points;
    }

    private static void AssertKolmogorov(string what, double[] probabilities)
    {
        double n = probabilities.Length, distance = 0;
        for (int i = 0; i < n; i++) distance = Math.Max(distance, Math.Max(probabilities[i] - (i / n), ((i + 1) / n) - probabilities[i]));
        Assert.True(Math.Sqrt(n) * distance < KolmogorovBound, $"{what}: Kolmogorov distance {Math.Sqrt(n) * distance} in units of 1/√n");
    }

    private static void Compare(string what, IEnumerable<double> numbers, double expected)
    {
        double[] values = [.. numbers];
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / values.Length / (values.Length - 1.0));
        Assert.True(Math.Abs(mean - expected) <= Sigmas * error, $"{what}: {mean} ± {error}, exact {expected}");
    }

    /// <summary>(x0, x1, x2, x3) of every draw, all draws of a replica in a row; ζ by replica.</summary>
    private static double[][] Sample(ComputeDevice device, Func<int, double> zeta) =>
        [.. device.Use(Precision.Double, new SampleUser([.. Enumerable.Range(0, Replicas).Select(zeta)])).Chunk(Components)];

    private sealed class SampleUser(double[] concentrations) : DoubleLaneUser<double[]>
    {
        protected override double[] Use<T>(ComputeDevice device)
        {
            var shape = device.Shape<T>(Replicas);
            using var target = device.NewField<T>(shape, Components * Draws);
            using var zeta = device.NewField<T>(shape, 1);
            using var key = device.NewTable([11, 12, 13, 0, 0]);
            zeta.WriteReplicas(concentrations);
            var program = new KernelProgram(shape);
            program.Add(new DrawKernel<T> { Target = target.View, Zeta = zeta.View, Streams = new() { Key = key.View } }, Draws);
            device.Run(program);
            var draws = new double[Replicas * Components * Draws];
            target.ReadReplicas(draws);
            return draws;
        }
    }

    private struct DrawKernel<T> : IKernel
        where T : unmanaged, IReal64<T>
    {
        public Reals<T> Target;
        public Reals<T> Zeta;
        public Streams<T> Streams;

        public void Bind(in Place place)
        {
            Target = Target.At(place);
            Zeta = Zeta.At(place);
            Streams = Streams.At(place);
        }

        public readonly void Execute(int item)
        {
            new VonMisesFisher<T>(T.Load(Zeta, 0)).Draw(Streams, Streams.Item(item, 1, 0), Purpose.Probe, out T x0, out T x1, out T x2, out T x3);
            T.Store(Target, Components * item, x0);
            T.Store(Target, (Components * item) + 1, x1);
            T.Store(Target, (Components * item) + 2, x2);
            T.Store(Target, (Components * item) + 3, x3);
        }
    }
}

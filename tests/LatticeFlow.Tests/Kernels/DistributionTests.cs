using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Tests;

/// <summary>The filling kernels: the same numbers everywhere, and of the right distribution.</summary>
public class DistributionTests
{
    private const ulong Seed = 20260101;
    private const int Replicas = 19;
    private const int Elements = 7;

    // Sizes of the statistical tests: 32·2048 numbers.
    private const int ManyReplicas = 32;
    private const int ManyElements = 2048;

    // P(√n·D > 2.2) = 2·exp(−2·2.2²) = 1.3e-4 a test (Kolmogorov's limit).
    private const double KolmogorovBound = 2.2;

    // P(|z| > 4) = 6.3e-5 a comparison; fewer than 20 are made.
    private const double StandardErrors = 4.0;

    [Theory]
    [InlineData((int)RandomFill.Kind.Uniform)]
    [InlineData((int)RandomFill.Kind.Angles)]
    [InlineData((int)RandomFill.Kind.Gaussian)]
    [InlineData((int)RandomFill.Kind.GaussianReals)]
    public void Numbers_are_the_same_on_every_instruction_set(int kind)
    {
        using var scalar = InstructionSet.Named("scalar").Create(1);
        var expected = Fill(scalar, Precision.Double, (RandomFill.Kind)kind);
        Assert.Equal(expected.Length, expected.Distinct().Count());
        foreach (var set in InstructionSet.All.Where(s => s.IsSupported))
        {
            using var device = set.Create(2);
            Assert.Equal(expected, Fill(device, Precision.Double, (RandomFill.Kind)kind));
            Assert.Equal(expected, Fill(device, Precision.Single, (RandomFill.Kind)kind));
        }
    }

    [Fact]
    public void A_batch_in_two_parts_draws_the_numbers_of_the_whole()
    {
        const int part = 5;
        foreach (var set in InstructionSet.All.Where(s => s.IsSupported))
        {
            using var device = set.Create(1);
            var whole = Fill(device, Precision.Single, RandomFill.Kind.Gaussian);
            var first = RandomFill.On(device, Precision.Single, RandomFill.Kind.Gaussian, Seed, 3, Purpose.Prior, part, Elements);
            var second = RandomFill.On(device, Precision.Single, RandomFill.Kind.Gaussian, Seed, 3, Purpose.Prior, Replicas - part, Elements, part);
            Assert.Equal(whole, first.Concat(second));
        }
    }

    [Fact]
    public void Seed_step_and_purpose_change_every_number()
    {
        using var device = InstructionSet.Best().Create(1);
        double[][] fills =
        [
            Fill(device, Precision.Double, RandomFill.Kind.Uniform),
            Fill(device, Precision.Double, RandomFill.Kind.Uniform, seed: Seed + 1),
            Fill(device, Precision.Double, RandomFill.Kind.Uniform, seed: Seed + (1UL << 32)),
            Fill(device, Precision.Double, RandomFill.Kind.Uniform, step: 4),
            Fill(device, Precision.Double, RandomFill.Kind.Uniform, step: 3 + (1L << 32)),
            Fill(device, Precision.Double, RandomFill.Kind.Uniform, purpose: Purpose.Momenta),
        ];
        var all = fills.SelectMany(f => f).ToArray();
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void Uniform_numbers_are_uniform()
    {
        var u = Many(RandomFill.Kind.Uniform, Purpose.Probe);
        Assert.All(u, x => Assert.InRange(x, double.Epsilon, 1.0 - 1e-17));
        AssertDistribution(u, x => x);
    }

    [Fact]
    public void Angles_are_uniform()
    {
        var angles = Many(RandomFill.Kind.Angles, Purpose.Start);
        Assert.All(angles, x => Assert.True(x > -Math.PI && x <= Math.PI));
        AssertDistribution(angles, x => (x + Math.PI) / (2.0 * Math.PI));
    }

    // The distribution through its moments: 0, 1, 0, 3, 0, 15 with variances μ₂ₖ − μₖ² = 1, 2, 15, 96, 945, 10170 of a single number.
    [Fact]
    public void Gaussian_numbers_are_normal()
    {
        var x = Many(RandomFill.Kind.Gaussian, Purpose.Momenta);
        double[] moments = [0.0, 1.0, 0.0, 3.0, 0.0, 15.0];
        double[] variances = [1.0, 2.0, 15.0, 96.0, 945.0, 10170.0];
        for (int k = 1; k <= moments.Length; k++)
        {
            double mean = x.Average(v => Math.Pow(v, k));
            AssertMean(mean, moments[k - 1], variances[k - 1], x.Length, $"moment {k}");
        }

        AssertDistribution(x, NormalDistribution);
    }

    // The two numbers of a pair, neighbouring items and neighbouring replicas: products of normal numbers have mean 0 and variance 1, squares mean 1 and variance 8.
    [Fact]
    public void Gaussian_neighbours_are_independent()
    {
        var x = Many(RandomFill.Kind.Gaussian, Purpose.Prior);
        foreach (int distance in new[] { 1, 2, ManyElements })
        {
            var pairs = Enumerable.Range(0, x.Length - distance).Where(i => distance != 1 || i % 2 == 0).Select(i => (x[i], x[i + distance])).ToArray();
            AssertMean(pairs.Average(p => p.Item1 * p.Item2), 0.0, 1.0, pairs.Length, $"product at distance {distance}");
            if (distance == 1) AssertMean(pairs.Average(p => p.Item1 * p.Item1 * p.Item2 * p.Item2), 1.0, 8.0, pairs.Length, "square");
        }
    }

    private static double[] Fill(ComputeDevice device, Precision precision, RandomFill.Kind kind, ulong seed = Seed, long step = 3, int purpose = Purpose.Prior) =>
        RandomFill.On(device, precision, kind, seed, step, purpose, Replicas, Elements);

    private static double[] Many(RandomFill.Kind kind, int purpose)
    {
        using var device = InstructionSet.Best().Create(1);
        return RandomFill.On(device, Precision.Double, kind, Seed, 0, purpose, ManyReplicas, ManyElements);
    }

    private static void AssertMean(double mean, double expected, double variance, int count, string what)
    {
        double error = Math.Sqrt(variance / count);
        Assert.True(Math.Abs(mean - expected) < StandardErrors * error, $"{what}: {mean} ± {error}, not {expected}");
    }

    private static void AssertDistribution(double[] sample, Func<double, double> cumulative)
    {
        var sorted = sample.Order().ToArray();
        double n = sorted.Length;
        double distance = 0.0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double p = cumulative(sorted[i]);
            distance = Math.Max(distance, Math.Max(p - (i / n), ((i + 1) / n) - p));
        }

        Assert.True(Math.Sqrt(n) * distance < KolmogorovBound, $"Kolmogorov distance {distance}, {Math.Sqrt(n) * distance} in units of 1/√n");
    }

    // ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …), Marsaglia, J. Stat. Software 11 (2004) no. 4.
    private static double NormalDistribution(double x)
    {
        double term = x;
        double sum = x;
        for (int i = 3; Math.Abs(term) > 1e-17; i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-0.5 * x * x) / Math.Sqrt(2.0 * Math.PI));
    }
}

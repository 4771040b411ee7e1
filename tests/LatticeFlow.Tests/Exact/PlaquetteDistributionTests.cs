using LatticeFlow.Exact;

namespace LatticeFlow.Tests;

public class PlaquetteDistributionTests
{
    // Both sides are quadratures of the tests' own steps; what the class claims is finer.
    private const double SU2 = 1e-10;
    private const double SU3 = 1e-8;

    [Theory]
    [InlineData(0)]
    [InlineData(2.2)]
    [InlineData(60)]
    public void SU2_is_the_integral_of_its_density(double beta)
    {
        // (2/π) sin²θ e^{β cos θ} from acos x to π, by a Gauss rule.
        var exact = new PlaquetteDistribution(2, beta);
        double Part(double from)
        {
            GaussLegendre rule = GaussLegendre.On(from, Math.PI, 120);
            return rule.Nodes.Zip(rule.Weights).Sum(p => p.Second * Math.Pow(Math.Sin(p.First), 2) * Math.Exp(beta * (Math.Cos(p.First) - 1)));
        }

        foreach (double x in (double[])[-0.9, -0.3, 0.2, 0.7, 0.97])
            Assert.Equal(Part(Math.Acos(x)) / Part(0), exact.Cumulative(x), SU2);
        Assert.Equal(0, exact.Cumulative(-1));
        Assert.Equal(1, exact.Cumulative(1));
    }

    [Theory]
    [InlineData(2, 0, SU2)]
    [InlineData(2, 2.2, SU2)]
    [InlineData(2, 30, SU2)]
    [InlineData(3, 0, SU3)]
    [InlineData(3, 5.5, SU3)]
    [InlineData(3, 50, SU3)]
    public void Moments_follow_from_the_distribution(int colors, double beta, double tolerance)
    {
        // ⟨x⟩ = 1 − ∫ F, ⟨x²⟩ = 1 − 2 ∫ x F; Gauss rules between the kinks of the density at x = −1/3.
        var exact = new PlaquetteDistribution(colors, beta);
        double mean = 1, square = 1;
        foreach ((double from, double to) in colors == 2 ? ((double, double)[])[(-1, 1)] : [(-0.5, -1 / 3.0), (-1 / 3.0, 1)])
        {
            GaussLegendre rule = GaussLegendre.On(0, Math.PI, 48);
            for (int i = 0; i < rule.Nodes.Length; i++)
            {
                // x = from + length (1 − cos t)/2 smooths the half-integer powers at the ends.
                double x = from + (to - from) / 2 * (1 - Math.Cos(rule.Nodes[i])), weight = rule.Weights[i] * (to - from) / 2 * Math.Sin(rule.Nodes[i]);
                mean -= weight * exact.Cumulative(x);
                square -= 2 * weight * x * exact.Cumulative(x);
            }
        }

        Assert.Equal(exact.Mean, mean, tolerance);
        Assert.Equal(exact.Variance, square - mean * mean, tolerance);
        Assert.Equal(new TwoDimensionalSUN(colors, beta, 64, 64).Plaquette, exact.Mean, 1e-12);
    }

    [Fact]
    public void SU3_at_zero_coupling_has_the_moments_of_haar_measure()
    {
        // ⟨|tr|²⟩ = ⟨tr³⟩ = 1, hence ⟨x²⟩ = 1/18.
        var exact = new PlaquetteDistribution(3, 0);
        Assert.Equal(0, exact.Mean);
        Assert.Equal(1 / 18.0, exact.Variance, 1e-15);
    }

    /// <summary>
    /// Kolmogorov's distance of 20,000 draws from the claimed distribution; draws are Haar matrices taken with probability e^{β(x−1)}.
    /// √n D exceeds 2.23 with probability 2 exp(−2 · 2.23²) = 1e-4: the false-alarm rate of each case.
    /// </summary>
    [Theory]
    [InlineData(2, 0, 1)]
    [InlineData(2, 2.2, 2)]
    [InlineData(3, 0, 3)]
    [InlineData(3, 2.5, 4)]
    public void Draws_from_haar_measure_follow_it(int colors, double beta, int seed)
    {
        const int Draws = 20_000;
        const double Level = 2.23;
        var random = new Random(seed);
        var exact = new PlaquetteDistribution(colors, beta);
        var sample = new List<double>();
        Matrix one = Matrix.Identity(colors);
        while (sample.Count < Draws)
        {
            double x = HaarMatrix.Draw(random, colors).TraceWith(one) / colors;
            if (random.NextDouble() < Math.Exp(beta * (x - 1)))
                sample.Add(x);
        }

        sample.Sort();
        // F is monotone: a table of it, fine against the step 1/n of the sample, spares 20,000 integrals.
        double[] table = [.. Enumerable.Range(0, 2001).Select(i => exact.Cumulative(-1 + i / 1000.0))];
        double distance = 0;
        for (int i = 0; i < Draws; i++)
        {
            double position = (sample[i] + 1) * 1000, fraction = position - Math.Floor(position);
            int cell = Math.Min((int)position, 1999);
            double known = table[cell] + fraction * (table[cell + 1] - table[cell]);
            distance = Math.Max(distance, Math.Max((i + 1.0) / Draws - known, known - (double)i / Draws));
        }

        Assert.True(Math.Sqrt(Draws) * distance < Level, $"sqrt(n) D = {Math.Sqrt(Draws) * distance:F2}");
        // The same sample is not that of another coupling.
        Assert.True(Math.Abs(sample.Average() - new PlaquetteDistribution(colors, beta + 0.5).Mean) > 8 * Math.Sqrt(exact.Variance / Draws));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlaquetteDistribution(4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlaquetteDistribution(3, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlaquetteDistribution(3, 500));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlaquetteDistribution(3, 1).Cumulative(double.NaN));
    }
}

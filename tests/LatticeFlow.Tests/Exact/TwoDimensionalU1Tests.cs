using LatticeFlow.Exact;

namespace LatticeFlow.Tests;

public class TwoDimensionalU1Tests
{
    // Double-precision sums of positive terms against other exact forms.
    private const double Tight = 1e-12;

    // Against quadratures of the tests' own, whose truncation is below this.
    private const double Quadrature = 1e-10;

    private static void Close(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(1000)]
    public void One_plaquette_closes_on_itself(double beta)
    {
        // On 1 x 1 the plaquette is U V U* V* = 1.
        var exact = new TwoDimensionalU1(beta, 1, 1);
        Close(beta, exact.LogPartitionFunction, Tight);
        Close(1, exact.Plaquette, Tight);
        Assert.Equal(0, exact.TopologicalChargeSquared);
        Assert.Equal(1, exact.ProbabilityOfCharge(0));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(1000)]
    public void Two_plaquettes_have_opposite_angles(double beta)
    {
        // Z = int dphi/2pi e^{2 beta cos phi}: a periodic integrand, for which equal steps converge exponentially.
        const int Steps = 4096;
        double z = 0, cosine = 0;
        for (int k = 0; k < Steps; k++)
        {
            double c = Math.Cos(2 * Math.PI * k / Steps), weight = Math.Exp(2 * beta * (c - 1));
            z += weight / Steps;
            cosine += weight * c / Steps;
        }

        var exact = new TwoDimensionalU1(beta, 2, 1);
        // For the smallest beta the test's own logarithm keeps 1e-16 of 1e-4.
        Assert.Equal(2 * beta + Math.Log(z), exact.LogPartitionFunction, 1e-11 * Math.Max(1, beta));
        Close(cosine / z, exact.Plaquette, Quadrature);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(2)]
    [InlineData(5)]
    public void Three_plaquettes_by_brute_force(double beta)
    {
        // Q = (phi_1 + phi_2 + phi_3)/2pi with the third angle wrapped; midpoints in the two cells of each sector.
        // Q = 1 where phi_1 + phi_2 > pi: a triangle, mapped to the square phi_1 = pi x, phi_2 = pi - phi_1 (1 - y); midpoint rule with h^2 extrapolation.
        double Sector(int n)
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    double first = Math.PI * (i + 0.5) / n, second = Math.PI - first * (1 - (j + 0.5) / n);
                    sum += first * Math.Exp(beta * (Math.Cos(first) + Math.Cos(second) + Math.Cos(2 * Math.PI - first - second)));
                }
            }

            return sum * Math.PI / n / n / (4 * Math.PI * Math.PI);
        }

        double coarse = (4 * Sector(200) - Sector(100)) / 3, fine = (4 * Sector(400) - Sector(200)) / 3;
        double sector = (16 * fine - coarse) / 15;
        var exact = new TwoDimensionalU1(beta, 3, 1);
        double z = Math.Exp(exact.LogPartitionFunction);
        Close(2 * sector / z, exact.TopologicalChargeSquared, 1e-8);
        Close(sector / z, exact.ProbabilityOfCharge(1), 1e-8);
        Assert.Equal(0, exact.ProbabilityOfCharge(2));
    }

    /// <summary>Sixty-digit sums of A'(n) = −Σ_m (−1)^{m+1} (I_{n−m} − I_{n+m})/m and A''(n) = −π²/3 I_n − 2 Σ_m (−1)^m (I_{n−m} + I_{n+m})/m².</summary>
    [Theory]
    [InlineData(1, 4, 0.0406311121501108)]
    [InlineData(1, 8, 0.040636236105072124)]
    [InlineData(1, 16, 0.040636236105072124)]
    [InlineData(2, 4, 0.018164757047359995)]
    [InlineData(2, 8, 0.019364045480050922)]
    [InlineData(2, 16, 0.019364045627977482)]
    [InlineData(4, 4, 0.001993168502471963)]
    [InlineData(4, 8, 0.00753149889880433)]
    [InlineData(4, 16, 0.007554213055409437)]
    [InlineData(7, 4, 4.81461391144707e-05)]
    [InlineData(7, 8, 0.0033923567578705463)]
    [InlineData(7, 16, 0.003931305304156165)]
    public void Susceptibility_to_sixty_digit_arithmetic(double beta, int extent, double expected) =>
        Close(expected, new TwoDimensionalU1(beta, extent, extent).TopologicalSusceptibility, Quadrature);

    [Fact]
    public void High_temperature_expansion()
    {
        // ln I_0 = b^2/4 - b^4/64 + O(b^6), I_1/I_0 = b/2 - b^3/16 + O(b^5); the torus term (b/2)^V is far below.
        const double Beta = 0.01;
        var exact = new TwoDimensionalU1(Beta, 16, 16);
        double square = Beta * Beta;
        Close(256 * (square / 4 - square * square / 64 + square * square * square / 576), exact.LogPartitionFunction, Tight);
        Close(Beta / 2 - Beta * square / 16 + Beta * square * square / 96, exact.Plaquette, Tight);
    }

    [Theory]
    [InlineData(0.7, 3)]
    [InlineData(3, 5)]
    [InlineData(400, 6)]
    public void Plaquette_is_the_derivative_of_ln_z(double beta, int extent)
    {
        double Step(double h) => (new TwoDimensionalU1(beta + h, extent, extent).LogPartitionFunction - new TwoDimensionalU1(beta - h, extent, extent).LogPartitionFunction)
            / (2 * h * extent * extent);
        double h = 0.01 * beta;
        double extrapolated = (64 * Step(h / 4) - 20 * Step(h / 2) + Step(h)) / 45;
        // Truncation h^6 and the cancellation of two logarithms.
        Close(extrapolated, new TwoDimensionalU1(beta, extent, extent).Plaquette, 1e-9);
    }

    [Fact]
    public void Strong_coupling_charge_is_that_of_independent_flat_angles()
    {
        // At beta = 0 every angle has variance pi^2/3, so <Q^2> = V/12 but for the torus closing, whose effect vanishes from V = 3 on.
        Close(64 / 12.0, new TwoDimensionalU1(0, 8, 8).TopologicalChargeSquared, Tight);
        Close(1 / 12.0, new TwoDimensionalU1(0, 256, 256).TopologicalSusceptibility, Tight);
        Assert.Equal(0, new TwoDimensionalU1(0, 8, 8).LogPartitionFunction);
        Assert.Equal(0, new TwoDimensionalU1(0, 8, 8).Plaquette);
    }

    [Theory]
    [InlineData(0.01, 5, 1)]
    [InlineData(1, 3, 3)]
    [InlineData(2, 8, 8)]
    [InlineData(7, 16, 16)]
    [InlineData(1000, 256, 256)]
    [InlineData(0.01, 256, 256)]
    public void Sector_probabilities_have_the_second_moment(double beta, int extent0, int extent1)
    {
        var exact = new TwoDimensionalU1(beta, extent0, extent1);
        double total = exact.ProbabilityOfCharge(0), moment = 0;
        for (int q = 1; q < 2000; q++)
        {
            Assert.Equal(exact.ProbabilityOfCharge(q), exact.ProbabilityOfCharge(-q));
            total += 2 * exact.ProbabilityOfCharge(q);
            moment += 2.0 * q * q * exact.ProbabilityOfCharge(q);
        }

        Close(1, total, Tight);
        Close(exact.TopologicalChargeSquared, moment, 1e-9);
    }

    [Fact]
    public void Weak_coupling_sectors_are_those_of_flat_instantons()
    {
        // P(Q)/P(0) -> exp(-2 pi^2 beta Q^2 / V) for beta -> infinity, V fixed against beta; corrections of order (2 pi Q/V)^2.
        const double Beta = 1000;
        var exact = new TwoDimensionalU1(Beta, 128, 128);
        Close(Math.Exp(-2 * Math.PI * Math.PI * Beta / (128 * 128)), exact.ProbabilityOfCharge(1) / exact.ProbabilityOfCharge(0), 2e-3);
    }

    [Fact]
    public void Everything_is_finite_over_the_whole_range()
    {
        foreach (double beta in (double[])[0, 0.01, 1, 50, 1000])
        {
            foreach ((int, int) extents in ((int, int)[])[(1, 1), (2, 1), (1, 3), (4, 4), (256, 256)])
            {
                var exact = new TwoDimensionalU1(beta, extents.Item1, extents.Item2);
                Assert.True(double.IsFinite(exact.LogPartitionFunction));
                Assert.InRange(exact.Plaquette, 0, 1 + Tight);
                Assert.InRange(exact.TopologicalChargeSquared, 0, exact.Volume / 12.0 * (1 + Tight));
                Assert.InRange(exact.ProbabilityOfCharge(0), 0, 1 + Tight);
            }
        }
    }

    [Fact]
    public void Frozen_topology_is_zero_not_rounding()
    {
        var exact = new TwoDimensionalU1(1000, 4, 4);
        Assert.Equal(0, exact.TopologicalChargeSquared);
        Assert.Equal(1, exact.ProbabilityOfCharge(0), Tight);
        Assert.InRange(exact.ProbabilityOfCharge(1), 0, Tight);
    }

    [Theory]
    [InlineData(0.8, 3, 3)]
    [InlineData(2, 4, 6)]
    [InlineData(7, 16, 16)]
    public void Theta_enters_through_the_sectors_and_through_the_characters_alike(double beta, int first, int second)
    {
        // Fourth-order differences in θ and β of ln Z(θ)/Z(0), whose terms of 1e-14 are divided by the step.
        const double Step = 2e-3, Difference = 1e-8;
        var exact = new TwoDimensionalU1(beta, first, second);
        Close(exact.Plaquette, exact.PlaquetteAt(0), Quadrature);
        Close(exact.TopologicalChargeSquared, exact.ChargeSquaredAt(0), Quadrature);
        Assert.Equal(1, exact.AverageSign(0), Tight);
        foreach (double theta in (double[])[0.3, 1.7, 2.5])
        {
            Assert.Equal(exact.PlaquetteAt(0) + (Slope(b => Math.Log(new TwoDimensionalU1(b, first, second).AverageSign(theta)), beta) / exact.Volume), exact.PlaquetteAt(theta), Difference);
            Assert.Equal(-Slope(t => Math.Log(exact.AverageSign(t)), theta), exact.ImaginaryChargeAt(theta), Difference * Math.Max(1, exact.TopologicalChargeSquared));
            double square = exact.ImaginaryChargeAt(theta);
            Assert.Equal(Slope(exact.ImaginaryChargeAt, theta), exact.ChargeSquaredAt(theta) + (square * square), Difference * Math.Max(1, exact.TopologicalChargeSquared));
        }

        // Z is even and has the period 2π.
        Assert.Equal(0, exact.ImaginaryChargeAt(Math.PI), Difference);
        Assert.Equal(exact.PlaquetteAt(2), exact.PlaquetteAt((2 * Math.PI) - 2), Difference);
        Assert.True(double.IsNaN(new TwoDimensionalU1(1, 2, 2).PlaquetteAt(1)));

        static double Slope(Func<double, double> f, double x) => ((8 * (f(x + Step) - f(x - Step))) - (f(x + (2 * Step)) - f(x - (2 * Step)))) / (12 * Step);
    }

    [Fact]
    public void Wilson_loops()
    {
        var exact = new TwoDimensionalU1(2, 4, 6);
        Assert.Equal(1, exact.WilsonLoop(0, 3), Tight);
        // The whole torus has no boundary left.
        Assert.Equal(1, exact.WilsonLoop(4, 6), Tight);
        Assert.Equal(exact.Plaquette, exact.WilsonLoop(1, 1), Tight);
        // A loop and its complement carry the same average.
        Close(exact.WilsonLoop(4, 2), exact.WilsonLoop(4, 4), Tight);
        Close(exact.WilsonLoop(4, 2), exact.PolyakovLoopCorrelator(2), Tight);
        // On a large torus the loop obeys the area law.
        Close(Math.Pow(new OpenTwoDimensionalU1(2, 3, 3).Plaquette, 6), new TwoDimensionalU1(2, 64, 64).WilsonLoop(2, 3), Tight);
        Assert.Throws<ArgumentOutOfRangeException>(() => exact.WilsonLoop(5, 1));
    }

    [Fact]
    public void Bad_couplings_and_extents_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoDimensionalU1(-1, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoDimensionalU1(double.NaN, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoDimensionalU1(1, 0, 4));
    }
}

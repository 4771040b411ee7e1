using LatticeFlow.Exact;

namespace LatticeFlow.Tests;

public class OpenTwoDimensionalU1Tests
{
    // Equal-step quadrature of a smooth periodic function.
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(8)]
    [InlineData(500)]
    public void Density_has_the_stated_moments(double beta)
    {
        const int Steps = 4096;
        var exact = new OpenTwoDimensionalU1(beta, 5, 3);
        double norm = 0, mean = 0, square = 0;
        for (int k = 0; k < Steps; k++)
        {
            double angle = 2 * Math.PI * k / Steps - Math.PI, weight = exact.AngleDensity(angle) * 2 * Math.PI / Steps;
            norm += weight;
            mean += weight * Math.Cos(angle);
            square += weight * Math.Pow(Math.Cos(angle), 2);
        }

        Assert.Equal(8, exact.Plaquettes);
        Assert.Equal(1, norm, Tolerance);
        Assert.Equal(mean, exact.Plaquette, Tolerance);
        Assert.Equal(square - mean * mean, exact.PlaquetteVariance, Tolerance);
        Assert.Equal(mean * mean * mean, exact.WilsonLoop(3), Tolerance);
    }

    [Fact]
    public void Distribution_is_the_integral_of_the_density()
    {
        var exact = new OpenTwoDimensionalU1(3, 2, 2);
        Assert.Equal(0, exact.AngleDistribution(-Math.PI));
        Assert.Equal(0.5, exact.AngleDistribution(0), Tolerance);
        Assert.Equal(1, exact.AngleDistribution(Math.PI));
        const double H = 1e-3;
        foreach (double angle in (double[])[-3, -1.2, 0.1, 0.9, 2.5])
        {
            double wide = (exact.AngleDistribution(angle + H) - exact.AngleDistribution(angle - H)) / (2 * H);
            double narrow = (exact.AngleDistribution(angle + H / 2) - exact.AngleDistribution(angle - H / 2)) / H;
            // Central differences extrapolated to fourth order.
            Assert.Equal(exact.AngleDensity(angle), (4 * narrow - wide) / 3, 1e-10);
        }
    }

    [Fact]
    public void Torus_of_the_same_plaquettes_differs_only_by_the_closing_terms()
    {
        var open = new OpenTwoDimensionalU1(1, 17, 17);
        Assert.Equal(open.LogPartitionFunction, new TwoDimensionalU1(1, 16, 16).LogPartitionFunction, 1e-11);
    }
}

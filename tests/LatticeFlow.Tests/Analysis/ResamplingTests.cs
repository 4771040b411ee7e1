using LatticeFlow.Analysis;

namespace LatticeFlow.Tests;

public class ResamplingTests
{
    private static double Median(double[][] values)
    {
        var sorted = (double[])values[0].Clone();
        Array.Sort(sorted);
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double[] Gaussians(ulong seed, int n)
    {
        var random = new TestRandom(seed);
        return [.. Enumerable.Range(0, n).Select(_ => random.Gaussian())];
    }

    [Fact]
    public void Jackknife_of_the_mean_is_the_textbook_error()
    {
        double[] x = Gaussians(1, 500);
        double mean = x.Average(), expected = Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / 499 / 500);
        ResampledEstimate means = Jackknife.OfMeans([[x]], m => m[0], 1), values = Jackknife.OfValues([[x]], v => v[0].Average(), 1);
        // Algebraic identities up to rounding.
        Assert.Equal(expected, means.Error, 1e-12);
        Assert.Equal(expected, values.Error, 1e-12);
        Assert.Equal(0, means.Bias, 1e-10);
    }

    [Fact]
    public void Jackknife_sees_the_bias_of_a_square()
    {
        // The mean of squares of means is biased by s²/n, which the jackknife finds exactly for a quadratic.
        double[] x = Gaussians(2, 100);
        double mean = x.Average(), variance = x.Sum(v => (v - mean) * (v - mean)) / 99;
        Assert.Equal(variance / 100, Jackknife.OfMeans([[x]], m => m[0] * m[0], 1).Bias, 1e-12);
    }

    [Fact]
    public void Bins_of_many_tau_agree_with_the_gamma_method()
    {
        double[][] chains = GoldenSeries.FourChains();
        double gamma = GammaMethod.Analyze(chains).Error;
        // 40 bins of 20 tau: an error good to 11 %, and the Γ-method to 9 %; the bound is three of both together.
        Assert.InRange(Jackknife.OfMeans([chains], m => m[0], 200).Error / gamma, 0.6, 1.4);
        Assert.InRange(Bootstrap.OfMeans([chains], m => m[0], 200).Error / gamma, 0.6, 1.4);
    }

    [Fact]
    public void Bootstrap_of_a_median_has_its_asymptotic_error()
    {
        // Median of n Gaussians: sqrt(π/2n) = 0.0280. Bootstrapping finds it to some 10 %.
        ResampledEstimate result = Bootstrap.OfValues([[Gaussians(3, 2000)]], Median, 1, 500);
        Assert.InRange(result.Error, 0.020, 0.037);
        Assert.InRange(result.Value, -5 * result.Error, 5 * result.Error);
    }

    [Fact]
    public void Ratios_of_observables_agree_between_all_methods()
    {
        double[] x = [.. Gaussians(4, 4000).Select(v => v + 5)], y = [.. x.Select((v, i) => v * v + 0.1 * i % 1)];
        double Ratio(double[] m) => m[1] / (m[0] * m[0]);
        double gamma = GammaMethod.AnalyzeDerived([[x], [y]], Ratio).Error;
        Assert.InRange(Jackknife.OfMeans([[x], [y]], Ratio, 10).Error / gamma, 0.8, 1.2);
        Assert.InRange(Bootstrap.OfMeans([[x], [y]], Ratio, 10).Error / gamma, 0.8, 1.2);
        Assert.InRange(Jackknife.OfValues([[x], [y]], v => v[1].Average() / Math.Pow(v[0].Average(), 2), 10).Error / gamma, 0.8, 1.2);
    }

    [Fact]
    public void Seeds_fix_the_result_and_bins_stay_inside_replicas()
    {
        double[] x = Gaussians(5, 107), y = Gaussians(6, 93);
        Assert.Equal(Bootstrap.OfMeans([[x, y]], m => m[0], 10, 100, 9).Samples, Bootstrap.OfMeans([[x, y]], m => m[0], 10, 100, 9).Samples);
        Assert.NotEqual(Bootstrap.OfMeans([[x, y]], m => m[0], 10, 100, 9).Samples, Bootstrap.OfMeans([[x, y]], m => m[0], 10, 100, 10).Samples);
        Assert.Equal(19, Jackknife.OfMeans([[x, y]], m => m[0], 10).Bins);
        Assert.Equal((x[..100].Sum() + y[..90].Sum()) / 190, Jackknife.OfMeans([[x, y]], m => m[0], 10).Value, 1e-12);
    }

    [Fact]
    public void Bad_bins_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Jackknife.OfMeans([], m => 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Jackknife.OfMeans([[[1, 2]]], m => m[0], 0));
        Assert.Throws<ArgumentException>(() => Jackknife.OfMeans([[[1, 2, 3]]], m => m[0], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.OfMeans([[[1, 2, 3]]], m => m[0], 1, 1));
    }
}

using LatticeFlow.Analysis;

namespace LatticeFlow.Tests;

public class LogWeightsTests
{
    // A handful of double-precision operations.
    private const double Tolerance = 1e-13;

    private static double[] LogNormal(int n, double sigma, double shift, ulong seed)
    {
        var random = new TestRandom(seed);
        return [.. Enumerable.Range(0, n).Select(_ => shift + sigma * random.Gaussian())];
    }

    [Fact]
    public void Small_case_by_hand()
    {
        // w = 1, 2, 3: ESS = 36/(3 · 14), Z = 2, sum of minima 3·1·... = 1·5 + 2·3 + 3·1 = 14 over 3 · 6.
        LogWeights result = LogWeights.Analyze([Math.Log(1), Math.Log(3), Math.Log(2)]);
        Assert.Equal(36.0 / 42, result.EffectiveSampleSize, Tolerance);
        Assert.Equal(Math.Log(2), result.LogZ, Tolerance);
        // Sample standard deviation 1 over sqrt 3, relative to 2.
        Assert.Equal(1 / Math.Sqrt(3) / 2, result.LogZError, Tolerance);
        Assert.Equal(0.5, result.LargestShare, Tolerance);
        Assert.Equal(14.0 / 18, result.StationaryAcceptance, Tolerance);
        // Leave-one-out: (2,3): 25/26, (1,3): 16/20, (1,2): 9/10.
        double[] left = [25 / 26.0, 0.8, 0.9];
        double mean = left.Average();
        Assert.Equal(Math.Sqrt(2 / 3.0 * left.Sum(x => (x - mean) * (x - mean))), result.EffectiveSampleSizeError, Tolerance);
        Assert.Single(result.Warnings);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1e5)]
    [InlineData(1e5)]
    public void Log_normal_weights_of_any_size(double shift)
    {
        // ESS = exp(−σ²), ln Z = shift + σ²/2. Five standard errors as the analysis itself states them.
        const double Sigma = 0.7;
        LogWeights result = LogWeights.Analyze(LogNormal(100_000, Sigma, shift, 3));
        Assert.InRange(result.EffectiveSampleSize - Math.Exp(-Sigma * Sigma), -5 * result.EffectiveSampleSizeError, 5 * result.EffectiveSampleSizeError);
        Assert.InRange(result.LogZ - shift - Sigma * Sigma / 2, -5 * result.LogZError, 5 * result.LogZError);
        // Variance of a sample variance: 2σ⁴/n.
        Assert.Equal(Sigma * Sigma, result.VarianceOfLogWeight, 5 * Sigma * Sigma * Math.Sqrt(2 / 1e5));
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Stated_errors_are_those_that_repetition_shows()
    {
        // 400 repetitions: a standard deviation is known to 3.5 %, the bounds are over four of those on either side.
        const int Repetitions = 400;
        LogWeights[] results = [.. Enumerable.Range(0, Repetitions).Select(i => LogWeights.Analyze(LogNormal(2000, 0.5, 0, 100 + (ulong)i)))];
        static double Deviation(IEnumerable<double> values) => Math.Sqrt(values.Sum(x => Math.Pow(x - values.Average(), 2)) / (Repetitions - 1));
        Assert.InRange(results.Average(x => x.LogZError) / Deviation(results.Select(x => x.LogZ)), 0.85, 1.15);
        Assert.InRange(results.Average(x => x.EffectiveSampleSizeError) / Deviation(results.Select(x => x.EffectiveSampleSize)), 0.8, 1.2);
    }

    [Fact]
    public void One_dominating_weight_is_called_out()
    {
        LogWeights result = LogWeights.Analyze([0, 0, 0, 800]);
        Assert.Equal(0.25, result.EffectiveSampleSize, Tolerance);
        Assert.Equal(1, result.LargestShare, Tolerance);
        Assert.Single(result.Warnings);
        Assert.True(double.IsFinite(result.EffectiveSampleSizeError));
    }

    [Fact]
    public void Equal_single_and_zero_weights()
    {
        LogWeights equal = LogWeights.Analyze([.. Enumerable.Repeat(-3.0, 50)]);
        Assert.Equal(1, equal.EffectiveSampleSize, Tolerance);
        Assert.Equal(0, equal.LogZError, 1e-8);
        Assert.Equal(1, equal.StationaryAcceptance, Tolerance);
        LogWeights single = LogWeights.Analyze([2.5]);
        Assert.Equal(2.5, single.LogZ);
        Assert.True(double.IsNaN(single.LogZError));
        LogWeights zero = LogWeights.Analyze([0, double.NegativeInfinity, 0, 0]);
        Assert.Equal(0.75, zero.EffectiveSampleSize, Tolerance);
        Assert.Equal(Math.Log(0.75), zero.LogZ, Tolerance);
    }

    [Fact]
    public void Bad_weights_are_refused()
    {
        Assert.Throws<ArgumentException>(() => LogWeights.Analyze([]));
        Assert.Throws<ArgumentException>(() => LogWeights.Analyze([0, double.NaN]));
        Assert.Throws<ArgumentException>(() => LogWeights.Analyze([0, double.PositiveInfinity]));
        Assert.Throws<ArgumentException>(() => LogWeights.Analyze([double.NegativeInfinity]));
    }

    [Fact]
    public void Independence_chain_by_hand()
    {
        // Ratios w'/w: 1/2 (u 0.6 rejects), 1/4 (u 0.3 rejects), 2 (accepts whatever u), 1/2 (u 0.4 accepts).
        double[] uniforms = [0.6, 0.3, 0.999, 0.4];
        int next = 0;
        IndependenceChain chain = IndependenceChain.Run([Math.Log(4), Math.Log(2), Math.Log(1), Math.Log(8), Math.Log(4)], () => uniforms[next++]);
        Assert.Equal([0, 0, 0, 3, 4], chain.States);
        Assert.Equal(2, chain.Accepted);
        Assert.Equal(0.5, chain.AcceptanceRate);
        Assert.Equal(2, chain.LongestRejectionRun);
    }

    [Fact]
    public void Independence_chain_samples_the_weighted_law_at_the_stationary_rate()
    {
        double[] logWeights = LogNormal(200_000, 0.8, 0, 21);
        var random = new TestRandom(22);
        IndependenceChain chain = IndependenceChain.Run(logWeights, random.Uniform);
        GammaResult mean = GammaMethod.Analyze([[.. chain.States.Select(i => logWeights[i])]]);
        // Under w q the mean of log w is σ² higher: 0.64. Five sigma.
        Assert.InRange(mean.Mean - 0.64, -5 * mean.Error, 5 * mean.Error);
        // Binomial with correlations: 0.005 is more than four standard deviations.
        Assert.Equal(LogWeights.Analyze(logWeights).StationaryAcceptance, chain.AcceptanceRate, 0.005);
    }

    [Fact]
    public void Independence_chain_leaves_a_zero_weight_at_once()
    {
        IndependenceChain chain = IndependenceChain.Run([double.NegativeInfinity, double.NegativeInfinity, 0, double.NegativeInfinity], () => 0.5);
        Assert.Equal([0, 1, 2, 2], chain.States);
        Assert.True(double.IsNaN(IndependenceChain.Run([1.0], () => 0.5).AcceptanceRate));
    }
}

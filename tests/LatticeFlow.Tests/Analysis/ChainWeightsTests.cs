using LatticeFlow.Analysis;

namespace LatticeFlow.Tests.Analysis;

/// <summary>The effective sample size of a flow from configurations of the target.</summary>
public class ChainWeightsTests
{
    private const double Variance = 0.6;

    /// <summary>Log-normal weights: ln w of the flow is normal with variance σ², of the target shifted by σ², and ESS = e^{−σ²}; its error is 0.0024 by the moments of log-normal numbers. False alarms: 5 errors, one in a million.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void The_effective_sample_size_of_log_normal_weights_is_found_from_the_other_side(int replicas)
    {
        var random = new Random(20261);
        var chain = Enumerable.Range(0, replicas).Select(_ => Enumerable.Range(0, 40_000 / replicas).Select(_ => 700 + Variance + (Math.Sqrt(Variance) * Normal(random))).ToArray()).ToArray();
        var result = ChainWeights.Analyze(chain);
        Assert.Equal(40_000, result.Configurations);
        Assert.InRange(result.Error, 0.0012, 0.0048);
        Assert.InRange(result.EffectiveSampleSize, Math.Exp(-Variance) - (5 * result.Error), Math.Exp(-Variance) + (5 * result.Error));
    }

    [Fact]
    public void Equal_weights_give_one_without_an_error()
    {
        var result = ChainWeights.Analyze([[3, 3, 3], [3, 3]]);
        Assert.Equal(1, result.EffectiveSampleSize, 1e-15);
        Assert.Equal(0, result.Error, 1e-15);
    }

    [Fact]
    public void What_is_no_number_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ChainWeights.Analyze([[1, double.NaN]]));
        Assert.Throws<ArgumentException>(() => ChainWeights.Analyze([[]]));
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

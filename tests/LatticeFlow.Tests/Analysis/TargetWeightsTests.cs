using LatticeFlow.Analysis;

namespace LatticeFlow.Tests.Analysis;

/// <summary>What configurations of the target tell of a flow.</summary>
public class TargetWeightsTests
{
    private const double Variance = 0.6, LogZ = 120;
    private const int Count = 40_000;

    // False alarms: 5 errors, one in 1.7 million a comparison, fixed seeds.
    private const double Sigmas = 5;

    /// <summary>Log-normal weights: under p, ln p/q is normal with mean σ²/2 and variance σ².</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Log_normal_weights_have_their_divergence_and_quantiles(bool exact)
    {
        var random = new TestRandom(5);
        double[][] chain = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, Count / 4).Select(_ => LogZ + (Variance / 2) + (Math.Sqrt(Variance) * random.Gaussian())).ToArray())];
        var result = TargetWeights.Analyze(chain, exact ? LogZ : null);
        Assert.Equal(LogZ, result.LogZ, Sigmas * Math.Sqrt((Math.Exp(Variance) - 1) / Count));
        Assert.InRange(result.Divergence - (Variance / 2), -Sigmas * result.DivergenceError, Sigmas * result.DivergenceError);
        Assert.Equal(Math.Sqrt(Variance / Count), result.DivergenceError, 0.2 * result.DivergenceError);
        Assert.Equal(Variance / 2, result.Quantiles[TargetWeights.Levels.ToList().IndexOf(0.5)], 0.05);
        Assert.Equal((Variance / 2) + (1.645 * Math.Sqrt(Variance)), result.Quantiles[TargetWeights.Levels.ToList().IndexOf(0.95)], 0.05);
        Assert.Equal(0, result.MissedMass);
    }

    [Fact]
    public void What_is_proposed_too_seldom_is_counted()
    {
        double[] logWeights = [.. Enumerable.Range(0, 1000).Select(i => i < 20 ? Math.Log(1001) : 0.0)];
        var result = TargetWeights.Analyze([logWeights], 0);
        Assert.Equal(0.02, result.MissedMass, 1e-12);
        Assert.Equal(Math.Log(1001), result.LargestLogRatio, 1e-12);
    }
}

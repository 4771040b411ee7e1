using LatticeFlow.Analysis;

namespace LatticeFlow.Tests;

/// <summary>Numbers printed by R posterior 1.4.0 and emcee on <see cref="GoldenSeries"/>.</summary>
public class ChainDiagnosticsTests
{
    // Ten digits of numbers that the reference programs printed with fifteen.
    private const double Tolerance = 1e-10;

    private static void Close(double expected, double actual) =>
        Assert.True(Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");

    [Fact] public void Rhat() => Close(1.01072603152297, ChainDiagnostics.RHat(GoldenSeries.FourChains()));

    [Fact] public void Split_rhat() => Close(1.01075557699149, ChainDiagnostics.SplitRHat(GoldenSeries.FourChains()));

    [Fact] public void Bulk() => Close(404.569627661546, ChainDiagnostics.BulkEffectiveSampleSize(GoldenSeries.FourChains()));

    [Fact] public void Tail() => Close(880.001014394264, ChainDiagnostics.TailEffectiveSampleSize(GoldenSeries.FourChains()));

    [Fact] public void Mean() => Close(403.118518809258, ChainDiagnostics.MeanEffectiveSampleSize(GoldenSeries.FourChains()));

    [Fact] public void Median() => Close(569.250129177555, ChainDiagnostics.MedianEffectiveSampleSize(GoldenSeries.FourChains()));

    [Fact] public void Error_of_mean() => Close(0.114321053487071, ChainDiagnostics.MeanStandardError(GoldenSeries.FourChains()));

    [Fact] public void Emcee() => Close(12.6519379187607, ChainDiagnostics.SokalAutocorrelationTime([GoldenSeries.Chain(1)]));

    [Fact]
    public void A_drift_is_seen_by_the_split_and_not_by_the_plain_ratio()
    {
        // Both chains climb alike: their means agree, their halves do not.
        double[] chain = [.. Enumerable.Range(0, 200).Select(i => i + (i % 2))];
        Assert.True(ChainDiagnostics.PlainRHat([chain, chain]) < 1.01);
        Assert.True(ChainDiagnostics.SplitRHat([chain, chain]) > 1.5);
    }

    [Fact]
    public void A_difference_of_scale_is_seen_by_the_folded_ratio()
    {
        var random = new TestRandom(5);
        double[] narrow = [.. Enumerable.Range(0, 1000).Select(_ => random.Gaussian())];
        double[] wide = [.. Enumerable.Range(0, 1000).Select(_ => 5 * random.Gaussian())];
        Assert.True(ChainDiagnostics.SplitRHat([narrow, wide]) < 1.02);
        Assert.True(ChainDiagnostics.RHat([narrow, wide]) > 1.2);
    }

    [Fact]
    public void Odd_lengths_and_constants()
    {
        Assert.Equal(1, ChainDiagnostics.RHat([[2, 2, 2, 2, 2], [2, 2, 2, 2, 2]]));
        Assert.Equal(8, ChainDiagnostics.MeanEffectiveSampleSize([[2, 2, 2, 2, 2, 2, 2, 2, 2]]));
        Assert.True(double.IsPositiveInfinity(ChainDiagnostics.SplitRHat([[2, 2, 2, 2], [3, 3, 3, 3]])));
        Assert.True(double.IsFinite(ChainDiagnostics.RHat([[1, 2, 3, 5, 4], [3, 2, 2, 1, 7]])));
    }

    [Fact]
    public void Bad_chains_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ChainDiagnostics.RHat([]));
        Assert.Throws<ArgumentException>(() => ChainDiagnostics.RHat([[1, 2, 3]]));
        Assert.Throws<ArgumentException>(() => ChainDiagnostics.RHat([[1, 2, 3, 4], [1, 2, 3, 4, 5]]));
        Assert.Throws<ArgumentException>(() => ChainDiagnostics.RHat([[1, 2, double.NaN, 4]]));
    }
}

using LatticeFlow.Analysis;

namespace LatticeFlow.Tests;

/// <summary>The ratio of partition functions from works in both directions, of Gaussian works that obey the relation of Crooks exactly, and of works that do not.</summary>
public class BennettAcceptanceRatioTests
{
    private const int Rows = 20_000;

    // p(W) normal with mean v/2 − L and variance v has p_R(W_R) normal with mean v/2 + L and the same variance.
    [Theory]
    [InlineData(0.01, -3)]
    [InlineData(1, 316.4)]
    [InlineData(6, 0)]
    public void Gaussian_works_give_their_ratio_and_a_slope_of_one(double variance, double ratio)
    {
        var (work, reverse) = Works(variance, ratio, new Random(11));
        var both = new BennettAcceptanceRatio(work, reverse);
        // This far off by chance: 6·10⁻⁵ a comparison, 6 comparisons, one seed.
        Assert.InRange((both.LogRatio - ratio) / (Error(both.Residuals) / both.Curvature), -4, 4);
        Assert.InRange(both.SlopeResiduals[0].Average() / Error(both.SlopeResiduals), -4, 4);
        Assert.Equal(0, both.Residuals[0].Average(), 1e-11);
        // The error of a maximal likelihood: at v → 0 that of the mean work of both directions together.
        if (variance < 0.1) Assert.Equal(Math.Sqrt(variance / 2 / Rows), Error(both.Residuals) / both.Curvature, 0.05 * Math.Sqrt(variance / 2 / Rows));
        // ∫ 2 p q/(p + q) of two normal distributions that are √v of their widths apart.
        double overlap = 0;
        for (double x = -30; x < 30; x += 0.001)
        {
            double p = Math.Exp(-(x - (Math.Sqrt(variance) / 2)) * (x - (Math.Sqrt(variance) / 2)) / 2), q = Math.Exp(-(x + (Math.Sqrt(variance) / 2)) * (x + (Math.Sqrt(variance) / 2)) / 2);
            overlap += p + q > 0 ? 2 * p * q / (p + q) / Math.Sqrt(2 * Math.PI) * 0.001 : 0;
        }
        Assert.Equal(overlap, both.Overlap, 0.03);
    }

    [Theory]
    [InlineData(1.2, 0)]
    [InlineData(1, 0.3)]
    public void Works_that_break_the_relation_have_another_slope(double factor, double shift)
    {
        var (work, reverse) = Works(2, 1, new Random(12));
        // A shift of W alone is one of L; of both in the same direction it is work that should not have been done.
        var both = new BennettAcceptanceRatio([[.. work[0].Select(w => (factor * w) + shift)]], [[.. reverse[0].Select(w => (factor * w) + shift)]]);
        Assert.True(Math.Abs(both.SlopeResiduals[0].Average()) > 6 * Error(both.SlopeResiduals));
    }

    [Fact]
    public void One_row_works_without_scatter_and_works_without_overlap_have_a_ratio()
    {
        Assert.Equal(-2.5, new BennettAcceptanceRatio([[3]], [[-2]]).LogRatio, 1e-10);
        var still = new BennettAcceptanceRatio([[3, 3], [3]], [[-3, -3], [-3]]);
        Assert.Equal((-3, 1, 0), (Math.Round(still.LogRatio, 9), Math.Round(still.Overlap, 9), still.SlopeCurvature));
        Assert.All(still.Residuals.SelectMany(replica => replica), residual => Assert.Equal(0, residual, 1e-10));
        // Directions that are 20,000 apart: L is anywhere between, and says so by an overlap of 0.
        var apart = new BennettAcceptanceRatio([[10_000, 10_001]], [[10_000, 9_999]]);
        Assert.InRange(apart.LogRatio, -10_001, 10_000);
        Assert.Equal(0, apart.Overlap, 1e-12);
    }

    [Fact]
    public void Works_that_are_not_pairs_of_numbers_are_refused()
    {
        Assert.Contains("as many", Assert.Throws<ArgumentException>(() => new BennettAcceptanceRatio([[1, 2]], [[1]])).Message, StringComparison.Ordinal);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => new BennettAcceptanceRatio([[1, 2]], [[1, double.PositiveInfinity]])).Message, StringComparison.Ordinal);
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => new BennettAcceptanceRatio([[]], [[]])).Message, StringComparison.Ordinal);
    }

    private static (double[][] Work, double[][] Reverse) Works(double variance, double ratio, Random random)
    {
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return ([[.. Enumerable.Range(0, Rows).Select(_ => (variance / 2) - ratio + (Math.Sqrt(variance) * Normal()))]],
            [[.. Enumerable.Range(0, Rows).Select(_ => (variance / 2) + ratio + (Math.Sqrt(variance) * Normal()))]]);
    }

    private static double Error(IReadOnlyList<double[]> series) => Math.Sqrt(ChainDiagnostics.Variance(series[0]) / series[0].Length);
}

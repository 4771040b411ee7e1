using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

/// <summary>Weighted rows whose values are known: drawn from a normal distribution at 0, weighted to one at a.</summary>
public class RowWeightsTests
{
    private const int Rows = 200_000;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.3)]
    public void A_row_is_worth_the_variance_of_the_observable_over_that_of_the_ratio(double a)
    {
        var random = new Random(5);
        double[] x = [.. Enumerable.Range(0, Rows).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
        var weights = new RowWeights([[.. x.Select(value => a * value)]]);
        // ⟨(w/⟨w⟩)² (x − a)²⟩ = e^{a²} ⟨(x − a)²⟩ of a normal distribution at 2a.
        Assert.Equal(Math.Exp(-a * a) / (1 + (a * a)), weights.Worth([x]), 0.03);
        // The error of the mean is that of N · worth independent draws of the target, whose variance is 1: mean and error of it are right to 4σ and 3 %.
        double[] series = weights.Weigh([x])[0];
        double mean = series.Average(), error = Math.Sqrt(series.Sum(value => (value - mean) * (value - mean))) / Rows;
        Assert.InRange((mean - a) / error, -4, 4);
        Assert.Equal(1 / Math.Sqrt(Rows * weights.Worth([x])), error, 0.03 * error);
    }

    [Fact]
    public void Rows_that_do_not_fluctuate_are_worth_one_each() => Assert.Equal(1, new RowWeights([[0, 1, 2]]).Worth([[3, 3, 3]]));
}

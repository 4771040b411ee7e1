using LatticeFlow.Analysis;

namespace LatticeFlow.Tests.Analysis;

/// <summary>The shape of the tail of weights.</summary>
public class ParetoTailTests
{
    private const int Count = 65_536;

    // The error of k from m tail values is (1 + k)/√m; five of them: one false alarm in 1.7 million a case, fixed seeds.
    private const double Sigmas = 5;

    /// <summary>w = u^{−k}: a Pareto distribution of shape k, in any unit.</summary>
    [Theory]
    [InlineData(0.2, 0)]
    [InlineData(0.5, 0)]
    [InlineData(0.7, 900)]
    [InlineData(1.0, -900)]
    [InlineData(1.5, 0)]
    public void The_shape_of_a_Pareto_distribution_is_found(double shape, double shift)
    {
        var random = new TestRandom(17);
        double[] weights = [.. Enumerable.Range(0, Count).Select(_ => shift - (shape * Math.Log(1 - random.Uniform())))];
        double error = (1 + shape) / Math.Sqrt(ParetoTail.TailCount(Count));
        Assert.InRange(ParetoTail.Shape(weights)!.Value, shape - (Sigmas * error), shape + (Sigmas * error));
    }

    /// <summary>Weights between 0 and 1, uniform: their end is that of a generalised Pareto distribution of shape −1.</summary>
    [Fact]
    public void Bounded_weights_have_a_negative_shape()
    {
        var random = new TestRandom(18);
        Assert.InRange(ParetoTail.Shape([.. Enumerable.Range(0, Count).Select(_ => Math.Log(1 - random.Uniform()))])!.Value, -1.2, -0.8);
    }

    /// <summary>By hand with the formulas of Zhang and Stephens in another language, on the quantiles (i + ½)/1000 of w = u^{−0.8}.</summary>
    [Fact]
    public void A_fixed_set_of_weights_has_the_shape_of_another_program()
        => Assert.Equal(GoldenShape, ParetoTail.Shape([.. Enumerable.Range(0, 1000).Select(i => -0.8 * Math.Log((i + 0.5) / 1000))])!.Value, 1e-10);

    private const double GoldenShape = 0.7565560662780842;

    [Fact]
    public void Few_weights_and_equal_ones_have_none()
    {
        Assert.Null(ParetoTail.Shape([.. Enumerable.Range(0, 24).Select(i => (double)i)]));
        Assert.Null(ParetoTail.Shape([.. Enumerable.Repeat(3.0, 1000)]));
    }
}

using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

public class PlotAxisTests
{
    [Theory]
    [InlineData(0, 1, 20)]
    [InlineData(0, 19999, 30)]
    [InlineData(0.6977, 0.69775, 40)]
    [InlineData(-1e-9, 3e-9, 25)]
    [InlineData(-0.2, 0.25, 12)]
    public void Labels_have_room_side_by_side(double first, double last, double characters)
    {
        var axis = PlotAxis.Fixed("x", first, last);
        var ticks = axis.TicksWithin(characters).Where(tick => tick.Text.Length > 0).ToList();
        Assert.NotEmpty(ticks);
        Assert.All(ticks, tick => Assert.InRange(tick.Value, first - 1e-12, last + (1e-9 * Math.Abs(last))));
        foreach ((var left, var right) in ticks.Zip(ticks.Skip(1)))
            Assert.True((axis.Map(right.Value) - axis.Map(left.Value)) * characters >= (left.Text.Length + right.Text.Length) / 2.0, $"{left.Text} {right.Text}");
    }

    [Theory]
    [InlineData(0.3, 50)]
    [InlineData(0.52, 0.68)]
    [InlineData(1e-5, 3e6)]
    [InlineData(2.1, 2.3)]
    public void A_logarithmic_axis_has_at_least_two_ticks(double first, double last)
    {
        var axis = PlotAxis.Around("y", [first, last], logarithmic: true);
        Assert.InRange(axis.Ticks().Count, 2, 16);
        Assert.InRange(axis.TicksWithin(30).Count(tick => tick.Text.Length > 0), 2, 16);
    }
}

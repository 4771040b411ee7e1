using LatticeFlow.Exact;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

public class ExactResultsTests
{
    [Theory]
    [InlineData("U1", "wilson", 8, 6)]
    [InlineData("SU2", "wilson", 4, 4)]
    [InlineData("SU3", "wilson", 4, 4, 4, 4)]
    [InlineData("SU8", "rectangle", 4, 4, 4)]
    [InlineData("U1", "rectangle", 4, 6)]
    public void Without_an_action_links_are_independent(string group, string action, params int[] extents)
    {
        var exact = new ExactResults(group, action, extents, 0);
        foreach (var name in new[] { "plaquette", "wilson_loop_2x2", "wilson_loop_1x3", "wilson_loop_temporal_1x2", "polyakov_re", "polyakov_im" }) Assert.Equal(0, exact.Value(name)!.Value, 1e-15);
        Assert.Equal(0, exact.LogPartitionFunction!.Value, 1e-15);
        Assert.Null(exact.Value("polyakov_abs"));
    }

    /// <summary>⟨θ²⟩ = π²/3 of each of V plaquettes, and ⟨Q²⟩ = V ⟨θ²⟩/4π².</summary>
    [Fact]
    public void Without_an_action_the_charge_is_that_of_free_plaquettes() => Assert.Equal(48 / 12.0, new ExactResults("U1", "wilson", [8, 6], 0).Value("topological_charge_squared")!.Value, 1e-10);

    /// <summary>A loop around the torus in both directions is A B A† B†: |⟨tr⟩|/N = 1/N² for SU(N), 1 for U(1), and not 0.</summary>
    [Fact]
    public void A_loop_around_the_torus_in_both_directions_is_not_zero_and_not_made_up()
    {
        Assert.Equal(1 / 9.0, new ExactResults("SU3", "wilson", [4, 4], 0).Value("wilson_loop_4x4")!.Value, 1e-12);
        Assert.Null(new ExactResults("SU3", "wilson", [4, 4, 6, 6], 0).Value("wilson_loop_4x4"));
        Assert.Null(new ExactResults("SU3", "wilson", [1, 4, 4, 4], 0).Value("plaquette"));
    }

    [Fact]
    public void The_limit_of_small_coupling_is_that_without_one()
    {
        var small = new ExactResults("U1", "wilson", [6, 6], 1e-9);
        var zero = new ExactResults("U1", "wilson", [6, 6], 0);
        foreach (var name in new[] { "plaquette", "topological_charge_squared", "wilson_loop_2x2" }) Assert.Equal(small.Value(name)!.Value, zero.Value(name)!.Value, 1e-8);
    }

    [Fact]
    public void A_coupling_beyond_the_sums_has_no_exact_result_and_takes_no_time()
    {
        foreach (var beta in new[] { 1.01 * TwoDimensionalU1.LargestBeta, 1e14, 1e300 })
        {
            var exact = new ExactResults("U1", "wilson", [8, 8], beta);
            Assert.Null(exact.Value("plaquette"));
            Assert.Null(exact.Value("topological_charge_squared"));
            Assert.Null(exact.LogPartitionFunction);
        }
        // Up to there by the expansion for large β: 1 − ⟨P⟩ = (1 − 1/V)/2β to first order.
        var last = new ExactResults("U1", "wilson", [8, 8], TwoDimensionalU1.LargestBeta);
        Assert.Equal(1, (1 - last.Value("plaquette")!.Value) * 2 * TwoDimensionalU1.LargestBeta / (1 - (1 / 64.0)), 1e-4);
        Assert.Equal(0, last.Value("topological_charge_squared"));
    }
}

using LatticeFlow.Analysis;
using LatticeFlow.Flows;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

/// <summary>What a flow that misses part of the target is found out by.</summary>
public class FlowVerdictTests
{
    private const int Count = 65_536;
    private const double Variance = 0.1;

    private static readonly ExactResults Exact = new("U1", "wilson", [8, 8], 2.0);

    private static double LogZ => Exact.LogPartitionFunction!.Value;

    /// <summary>Fresh log-normal weights of a flow without a fault, as such and at low effective sample size.</summary>
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(1.2)]
    public void A_flow_that_covers_its_target_passes(double variance)
    {
        FlowDocument flow = Analyze(Fresh(variance, 1), [Target(variance, 0, 2)]);
        Assert.Equal(FlowVerdict.Passed, flow.Verdict);
        Assert.Empty(flow.VerdictReasons);
        Assert.Equal(variance / 2, flow.ReverseDivergence!.Value, 0.05);
        Assert.Equal(Math.Exp(-variance), flow.TargetEffectiveSampleSize!.Value, 0.05);
        Assert.Empty(flow.Target!.Bias);
    }

    /// <summary>ln Z of a continuous flow has what its steps leave in its error: 0.02 off is many errors of 65,536 draws, and none where half the step changes as much.</summary>
    [Fact]
    public void What_the_steps_of_a_continuous_flow_leave_is_in_the_error_of_its_partition_function()
    {
        double[] shifted = [.. Fresh(0.02, 1).Select(w => w + 0.02)];
        FlowDocument alone = Analyze(shifted, []), known = Analyze(shifted, [], new IntegrationError(0.015, 0.001));
        Assert.True(alone.LogZPull > 20 && alone.Verdict == FlowVerdict.Failed);
        Assert.InRange(known.LogZPull!.Value, 0.3, 1.2);
        Assert.Equal(FlowVerdict.Passed, known.Verdict);
        Assert.Equal(Math.Sqrt((0.03 * 0.03) + (alone.LogZError * alone.LogZError)), known.LogZError, 1e-12);
        Assert.Equal(FlowVerdict.Failed, Analyze(shifted, [], new IntegrationError(0.015, 0.02)).Verdict);
    }

    /// <summary>1 % of the target, all of it at Q = 1, has p/q = e^9: of 65,536 proposals none is there. From proposals alone nothing is to be seen.</summary>
    [Fact]
    public void A_region_that_is_never_proposed_is_seen_from_the_target_and_named()
    {
        double[] fresh = Fresh(Variance, 1);
        Assert.Equal(FlowVerdict.Passed, Analyze(fresh, []).Verdict);
        FlowDocument flow = Analyze(fresh, [Target(Variance, 0.01, 2)]);
        Assert.Equal(FlowVerdict.Failed, flow.Verdict);
        Assert.Contains(flow.VerdictReasons, reason => reason.Contains("on configurations of the target", StringComparison.Ordinal));
        Assert.Equal(0.01, flow.Target!.MissedMass, 0.002);
        Assert.InRange(flow.TargetEffectiveSampleSize!.Value, 0.005, 0.02);
        FlowBiasDocument bias = flow.Target.Bias["topological_charge_squared"];
        Assert.InRange(bias.Bias, -0.012, -0.008);
        Assert.DoesNotContain("plaquette", flow.Target.Bias.Keys);
        Assert.True(flow.Target.Sectors.Single(sector => sector.Charge == 1).MissedMass > 0.99);
        Assert.Equal(0, flow.Target.Sectors.Single(sector => sector.Charge == 0).MissedMass);
    }

    [Fact]
    public void Of_several_samples_of_the_target_exact_draws_decide_or_the_chain_that_knows_more()
    {
        TargetSample knowing = Target(Variance, 0.01, 2) with { Source = "knowing" }, blind = Target(Variance, 0, 3) with { Source = "blind" };
        Assert.Equal("knowing", Analyze(Fresh(Variance, 1), [blind, knowing]).Target!.Source);
        Assert.Equal(TargetSample.Exact, Analyze(Fresh(Variance, 1), [blind, knowing, Target(Variance, 0, 4)]).Target!.Source);
    }

    /// <summary>Weights u^{−k}: the variance of w is infinite from k = ½, its estimate worthless long before 1.</summary>
    [Fact]
    public void Heavy_tails_fail_without_a_sample_of_the_target()
    {
        var random = new TestRandom(9);
        double[] fresh = [.. Enumerable.Range(0, Count).Select(_ => LogZ - (0.9 * Math.Log(1 - random.Uniform())) + Math.Log(0.1))];
        FlowDocument flow = Analyze(fresh, []);
        Assert.Equal(FlowVerdict.Failed, flow.Verdict);
        Assert.Contains(flow.VerdictReasons, reason => reason.Contains("Pareto k", StringComparison.Ordinal));
    }

    /// <summary>Nearly even weights, 1 + 10⁻⁴ u^{−0.9}: k̂ is that of the tail, which nothing depends on. A warning.</summary>
    [Fact]
    public void A_heavy_tail_of_nearly_even_weights_warns_and_does_not_fail()
    {
        var random = new TestRandom(21);
        double[] raw = [.. Enumerable.Range(0, Count).Select(_ => Math.Log(1 + (1e-4 * Math.Pow(1 - random.Uniform(), -0.9))))];
        double shift = LogZ - Math.Log(raw.Average(Math.Exp));
        FlowDocument flow = Analyze([.. raw.Select(x => x + shift)], []);
        Assert.InRange(flow.ParetoK!.Value, 0.7, 1.2);
        Assert.InRange(flow.TailShare!.Value, 0, 0.1);
        Assert.Equal(FlowVerdict.Passed, flow.Verdict);
        Assert.Contains(flow.Warnings, warning => warning.Contains("Pareto k", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sample_that_outweighs_thousands_fails()
    {
        double[] fresh = Fresh(Variance, 1);
        fresh[100] += 9;
        FlowDocument flow = Analyze(fresh, []);
        Assert.Contains(flow.VerdictReasons, reason => reason.Contains("proposals in a row", StringComparison.Ordinal));
    }

    [Fact]
    public void A_partition_function_that_is_off_fails()
    {
        FlowDocument flow = Analyze([.. Fresh(Variance, 1).Select(x => x - 0.01)], []);
        Assert.Contains(flow.VerdictReasons, reason => reason.Contains("ln Z", StringComparison.Ordinal));
    }

    private static FlowDocument Analyze(double[] fresh, IReadOnlyList<TargetSample> targets, IntegrationError? integration = null)
    {
        var random = new TestRandom(77);
        return FlowAnalysis.Analyze(fresh, random.Uniform, Exact, new FlowFacts(64, 10, 1e3, null, integration), targets);
    }

    private static double[] Fresh(double variance, ulong seed)
    {
        var random = new TestRandom(seed);
        return [.. Enumerable.Range(0, Count).Select(_ => LogZ - (variance / 2) + (Math.Sqrt(variance) * random.Gaussian()))];
    }

    private static TargetSample Target(double variance, double missed, ulong seed)
    {
        var random = new TestRandom(seed);
        double[] weights = new double[16_384], charge = new double[weights.Length], plaquette = new double[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            bool isMissed = random.Uniform() < missed;
            weights[i] = LogZ + (variance / 2) + (Math.Sqrt(variance) * random.Gaussian()) + (isMissed ? 9 : 0);
            charge[i] = isMissed ? 1 : 0;
            plaquette[i] = 0.7 + (0.01 * random.Gaussian());
        }

        return new(TargetSample.Exact, [weights], new Dictionary<string, IReadOnlyList<double[]>>
        {
            ["topological_charge"] = [charge],
            ["topological_charge_squared"] = [charge],
            ["plaquette"] = [plaquette],
        });
    }
}

using LatticeFlow.Exact;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

public class EnsembleAnalysisTests
{
    [Fact]
    public void Autoregressive_chains_have_their_known_autocorrelation_time_and_mean()
    {
        // tau_int = (1 + a)/(2 (1 - a)) = 2.833 for a = 0.7; 5 sigma of its own error and of the mean: false alarm below 1e-6 each, seed fixed.
        const double Sigmas = 5;
        ObservableDocument result = SampleReport.Data.Analysis.Ensembles["hmc"].Observables["plaquette"];
        Assert.InRange(result.TauInt, 1.7 / 0.6 - Sigmas * result.TauIntError, 1.7 / 0.6 + Sigmas * result.TauIntError);
        Assert.InRange(result.Pull!.Value, -Sigmas, Sigmas);
        Assert.Equal(result.Pull!.Value, (result.Mean - result.Exact!.Value) / result.Error);
    }

    [Fact]
    public void The_charge_gives_sectors_that_sum_to_one_and_a_susceptibility()
    {
        EnsembleDocument ensemble = SampleReport.Data.Analysis.Ensembles["heatbath"];
        Assert.Equal(1, ensemble.ChargeDistribution.Sum(sector => sector.Probability), 12);
        Assert.Equal(1, ensemble.ChargeDistribution.Sum(sector => sector.Exact!.Value), 3);
        ObservableDocument squared = ensemble.Observables["topological_charge_squared"], susceptibility = ensemble.Observables[EnsembleAnalysis.Susceptibility];
        Assert.Equal(squared.Mean / 64, susceptibility.Mean, 12);
        Assert.Equal(squared.Pull!.Value, susceptibility.Pull!.Value, 6);
        Assert.Null(ensemble.Acceptance);
        Assert.Null(ensemble.MeanExpMinusDeltaH);
    }

    [Fact]
    public void Replicas_of_unequal_length_and_rejections_are_counted()
    {
        double[] first = SampleReport.Autoregressive(new Random(7), 0, x => x, 101), second = SampleReport.Autoregressive(new Random(8), 0, x => x, 100);
        double[] accepted = [.. Enumerable.Range(0, 101).Select(i => i is >= 10 and < 17 ? 0.0 : 1.0)];
        EnsembleDocument ensemble = EnsembleAnalysis.Analyze(new EnsembleSeries
        {
            Sampler = "flow",
            Seconds = 1,
            Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = [first, second] },
            Accepted = [accepted, accepted[..100]],
        }, SampleReport.Exact);
        Assert.Equal(201, ensemble.Configurations);
        Assert.Equal(7, ensemble.LongestRejection);
        Assert.Equal(187 / 201.0, ensemble.Acceptance!.Value, 12);
        Assert.NotNull(ensemble.Observables["plaquette"].RHat);
    }

    [Fact]
    public void A_wrong_mean_and_an_irreversible_integrator_are_called_out()
    {
        EnsembleDocument ensemble = EnsembleAnalysis.Analyze(new EnsembleSeries
        {
            Sampler = "hmc",
            Seconds = 1,
            Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = [SampleReport.Autoregressive(new Random(9), 0, x => 0.9 + 0.01 * x)] },
            DeltaH = [SampleReport.Autoregressive(new Random(10), 0, x => 0.5 * x)],
        }, SampleReport.Exact);
        Assert.Contains(ensemble.Observables["plaquette"].Warnings, warning => warning.Contains("sigma from the exact", StringComparison.Ordinal));
        Assert.Contains(ensemble.Warnings, warning => warning.Contains("<exp(-dH)>", StringComparison.Ordinal));
    }

    [Fact]
    public void Values_that_are_not_numbers_are_refused_by_name()
    {
        var series = new EnsembleSeries { Sampler = "hmc", Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = [[0.5, double.NaN]] } };
        Assert.StartsWith("hmc, plaquette: Replica 0, entry 1", Assert.Throws<ArgumentException>(() => EnsembleAnalysis.Analyze(series, SampleReport.Exact)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_heavy_tail_is_called_out()
    {
        FlowDocument flow = SampleReport.Data.Analysis.Flow!;
        Assert.Contains(flow.Warnings, warning => warning.Contains("of the sum", StringComparison.Ordinal));
        Assert.True(flow.LargestShare > 0.5);
        Assert.True(flow.LongestRejection > 1000);
    }

    [Fact]
    public void Exact_values_are_known_in_two_dimensions_only()
    {
        var exact = new TwoDimensionalU1(2.0, 8, 8);
        ExactResults known = SampleReport.Exact;
        Assert.Equal(exact.Plaquette, known.Value("plaquette"));
        Assert.Equal(exact.WilsonLoop(2, 3), known.Value("wilson_loop_2x3"));
        Assert.Equal(exact.TopologicalChargeSquared / 64, known.Value("topological_susceptibility"));
        Assert.Equal(0, known.Value("polyakov_re"));
        Assert.Null(known.Value("polyakov_abs"));
        Assert.Null(known.Value("wilson_loop_9x2"));
        Assert.Null(new ExactResults("U1", "wilson", [8, 8, 8], 2).Value("plaquette"));
        Assert.Null(new ExactResults("U1", "rectangle", [8, 8], 2).LogPartitionFunction);
    }

    [Theory]
    [InlineData("SU2", 2)]
    [InlineData("SU3", 3)]
    [InlineData("SU5", 5)]
    public void Exact_values_of_special_unitary_groups(string group, int colors)
    {
        var exact = new TwoDimensionalSUN(colors, 4, 4, 6);
        var known = new ExactResults(group, "wilson", [4, 6], 4);
        Assert.Equal(exact.Plaquette, known.Value("plaquette"));
        Assert.Equal(exact.LogPartitionFunction, known.LogPartitionFunction);
        Assert.Equal(exact.WilsonLoop(2, 3), known.Value("wilson_loop_2x3"));
        Assert.Equal(exact.WilsonLoop(3, 2), known.Value("wilson_loop_2x3"));
        Assert.Equal(exact.WilsonLoop(4, 4), known.Value("wilson_loop_4x4"));
        Assert.Null(known.Value("wilson_loop_2x5"));
        Assert.Equal(0, known.Value("polyakov_re"));
        Assert.Null(known.Value("topological_charge"));
        Assert.Null(known.ProbabilityOfCharge(0));
        Assert.Null(new ExactResults(group, "improved", [4, 6], 4).Value("plaquette"));
        Assert.Null(new ExactResults(group, "wilson", [4, 6, 4], 4).Value("plaquette"));
    }

    [Theory]
    [InlineData("SU9", 4)]
    [InlineData("SU33", 4)]
    [InlineData("SU8", 1e6)]
    public void What_is_out_of_reach_is_null(string group, double beta) => Assert.Null(new ExactResults(group, "wilson", [4, 4], beta).Value("plaquette"));
}

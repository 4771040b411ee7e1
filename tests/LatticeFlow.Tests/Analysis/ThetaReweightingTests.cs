using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Output;
using LatticeFlow.Cli.Services;
using LatticeFlow.Exact;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

public class ThetaReweightingTests
{
    // A pull of 5 is exceeded once in two million; the seed is fixed.
    private const double Sigmas = 5;
    private const double Beta = 1.5;
    private const int Replicas = 16;
    private const int Draws = 3000;
    private static readonly LatticeGeometry Lattice = new(4, 4);
    private static readonly Lazy<EnsembleSeries> Series = new(Sample);
    private static readonly TwoDimensionalU1 Exact = new(Beta, 4, 4);

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(3.0)]
    public void Moments_of_the_charge_at_theta_are_exact(double theta)
    {
        var charge = Series.Value.Observables["topological_charge"];
        var squared = Series.Value.Observables["topological_charge_squared"];
        double Sum(Func<int, double> term) => Enumerable.Range(-10, 21).Sum(q => Exact.ProbabilityOfCharge(q) * term(q));
        double sign = Sum(q => Math.Cos(theta * q));
        AssertPull(sign, ThetaReweighting.AverageSign(charge, theta));
        var even = ThetaReweighting.Even(charge, squared, theta);
        AssertPull(Sum(q => q * q * Math.Cos(theta * q)) / sign, even.Value);
        AssertPull(sign, even.AverageSign);
        AssertPull(Sum(q => q * Math.Sin(theta * q)) / sign, ThetaReweighting.Odd(charge, charge, theta).Value);
    }

    [Fact]
    public void Theta_zero_is_the_mean()
    {
        var charge = Series.Value.Observables["topological_charge"];
        var plaquette = Series.Value.Observables["plaquette"];
        var atZero = ThetaReweighting.Even(charge, plaquette, 0);
        var mean = GammaMethod.Analyze(plaquette);
        Assert.Equal(1, atZero.AverageSign.Mean);
        Assert.Equal(mean.Mean, atZero.Value.Mean, 1e-12);
        Assert.Equal(mean.Error, atZero.Value.Error, 1e-9);
    }

    [Fact]
    public void A_lost_sign_and_series_that_do_not_fit_are_errors()
    {
        double[][] charge = [[1, -1, 0, 2, -2, 0, 1, -1], [0, 0, 1, -1, 2, -2, 0, 0]];
        Assert.Contains("average sign", Assert.Throws<ArgumentException>(() => ThetaReweighting.Even(charge, charge, 1.9)).Message);
        Assert.Contains("different numbers", Assert.Throws<ArgumentException>(() => ThetaReweighting.Even(charge, [charge[0]], 0.1)).Message);
    }

    [Fact]
    public void Creutz_ratios_and_potentials_of_a_chain_are_the_exact_ones()
    {
        var document = EnsembleAnalysis.Analyze(Series.Value, new ExactResults("U1", "wilson", [4, 4], Beta));
        foreach (string name in (string[])["creutz_ratio_2x2", "static_potential_1x1", "static_potential_2x1"])
        {
            var derived = document.Observables[name];
            Assert.InRange(derived.Pull!.Value, -Sigmas, Sigmas);
            Assert.InRange(derived.Error, 1e-5, 0.05);
        }

        Assert.Equal(-Math.Log(Exact.WilsonLoop(2, 2) * Exact.WilsonLoop(1, 1) / Math.Pow(Exact.WilsonLoop(1, 2), 2)), document.Observables["creutz_ratio_2x2"].Exact!.Value, 1e-12);
        Assert.Equal(-Math.Log(Exact.WilsonLoop(2, 2) / Exact.WilsonLoop(2, 1)), document.Observables["static_potential_2x1"].Exact!.Value, 1e-12);
    }

    [Fact]
    public void The_analysis_gives_everything_at_theta_beside_the_exact_values()
    {
        double[] thetas = [0.5, 1.5, Math.PI];
        var exact = new ExactResults("U1", "wilson", [4, 4], Beta);
        var ensemble = EnsembleAnalysis.Analyze(Series.Value, exact, thetas);
        Assert.Equal(thetas, ensemble.Theta.Select(at => at.Theta));
        foreach (var at in ensemble.Theta)
        {
            Assert.InRange(at.AverageSign.Pull!.Value, -Sigmas, Sigmas);
            foreach (string name in (string[])["plaquette", "topological_charge", "topological_charge_squared"])
            {
                Assert.Equal(exact.ValueAt(at.Theta, name), at.Observables[name].Exact);
                Assert.InRange(at.Observables[name].Pull!.Value, -Sigmas, Sigmas);
            }

            Assert.Null(at.Observables["wilson_loop_2x2"].Exact);
        }

        // θ is felt, upwards, as a larger β suppresses the charge: the plaquette moves by more than its errors.
        var moved = ensemble.Theta[1].Observables["plaquette"];
        Assert.True(moved.Mean > exact.Value("plaquette") + (Sigmas * moved.Error), $"{moved.Mean} +- {moved.Error} at theta = 1.5, {exact.Value("plaquette")} at 0");

        var document = new AnalysisDocument { Theory = exact.Theory, Ensembles = new Dictionary<string, EnsembleDocument> { ["heatbath"] = ensemble } };
        Assert.Equal(document.ToJson(), AnalysisDocument.FromJson(document.ToJson()).ToJson());
        string page = ReportPage.Render(new ReportData { Name = "theta", Analysis = document });
        Assert.Contains("average sign", page, StringComparison.Ordinal);
        Assert.Contains("Im Q", page, StringComparison.Ordinal);
        Assert.Contains(ValueWithError.Format(ensemble.Theta[1].Observables["plaquette"].Mean, ensemble.Theta[1].Observables["plaquette"].Error), page, StringComparison.Ordinal);
        var table = new StringWriter();
        ConsoleTable.Write(document, table);
        Assert.Contains("theta=0.5 average_sign", table.ToString(), StringComparison.Ordinal);
        Assert.Empty(Verdict.Failures(document, AnalyzeSettings.AllFailures));
        var wrong = ensemble.Theta[0] with { AverageSign = ensemble.Theta[0].AverageSign with { Pull = 6 } };
        Assert.Contains("theta = 0.5, average sign: 6.0 sigma", Assert.Single(Verdict.Failures(document with { Ensembles = new Dictionary<string, EnsembleDocument> { ["heatbath"] = ensemble with { Theta = [wrong] } } }, AnalyzeSettings.AllFailures)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_sign_leaves_the_sign_and_a_warning()
    {
        var series = new EnsembleSeries
        {
            Sampler = "hmc",
            Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["topological_charge"] = [[1, -1, 0, 2, -2, 0, 1, -1], [0, 0, 1, -1, 2, -2, 0, 0]] },
        };
        var ensemble = EnsembleAnalysis.Analyze(series, new ExactResults("U1", "wilson", [4, 4], Beta), [1.9]);
        Assert.Empty(Assert.Single(ensemble.Theta).Observables);
        Assert.Contains(ensemble.Warnings, warning => warning.Contains("average sign", StringComparison.Ordinal));
        var without = series with { Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = [[0.5, 0.4, 0.6, 0.5]] } };
        Assert.Contains("topological_charge", Assert.Throws<ArgumentException>(() => EnsembleAnalysis.Analyze(without, SampleReport.Exact, [1])).Message, StringComparison.Ordinal);
    }

    private static void AssertPull(double exact, GammaResult result)
    {
        Assert.True(result.Error > 0);
        Assert.InRange((result.Mean - exact) / result.Error, -Sigmas, Sigmas);
    }

    private static EnsembleSeries Sample()
    {
        string[] names =
        [
            "plaquette", "topological_charge", "topological_charge_squared", "wilson_loop_1x2", "wilson_loop_2x2", "wilson_loop_temporal_1x1", "wilson_loop_temporal_1x2",
            "wilson_loop_temporal_2x1", "wilson_loop_temporal_2x2",
        ];
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new MarkovChainSettings
        {
            Action = new WilsonAction(Lattice, Beta),
            Transition = new HeatBath(1),
            Replicas = Replicas,
            Seed = 271828,
            Thermalization = 50,
            Observables = [.. names.Select(name => ObservableRegistry.Create(name, Lattice, GaugeGroup.U1))],
        });
        var block = chain.NewBlock(Draws);
        chain.Fill(block);
        return new EnsembleSeries
        {
            Sampler = "heatbath",
            Seconds = 1,
            Observables = names.ToDictionary(
                name => name,
                name => (IReadOnlyList<double[]>)[.. Enumerable.Range(0, Replicas).Select(r => Enumerable.Range(0, Draws).Select(i => block.Observables[name][(i * Replicas) + r]).ToArray())]),
        };
    }
}

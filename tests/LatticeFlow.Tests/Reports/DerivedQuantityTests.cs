using LatticeFlow.Analysis;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

public class DerivedQuantityTests
{
    private const double RoundingTolerance = 1e-12;
    private const int Length = 4000;

    [Fact]
    public void Loops_give_ratios_and_potentials_with_the_errors_of_a_jackknife()
    {
        var random = new Random(3);
        string[] names = ["plaquette", "wilson_loop_1x2", "wilson_loop_2x2", "wilson_loop_temporal_2x1_ape5", "wilson_loop_temporal_2x2_ape5", "wilson_loop_3x3"];
        var series = Series(names.ToDictionary(name => name, name => Noise(random, 0.5 / (1 + Array.IndexOf(names, name)), 0.02)));
        var document = EnsembleAnalysis.Analyze(series, new ExactResults("SU3", "wilson", [4, 4, 4, 4], 6));
        string[] derived = [.. document.Observables.Keys.Except(names).Order(StringComparer.Ordinal)];
        Assert.Equal(["creutz_ratio_2x2", "static_potential_2x1_ape5"], derived);
        double[] means = [.. names.Select(name => document.Observables[name].Mean)];
        Assert.Equal(-Math.Log(means[2] * means[0] / (means[1] * means[1])), document.Observables["creutz_ratio_2x2"].Mean, RoundingTolerance);
        Assert.Equal(-Math.Log(means[4] / means[3]), document.Observables["static_potential_2x1_ape5"].Mean, RoundingTolerance);
        Assert.Null(document.Observables["creutz_ratio_2x2"].RHat);

        // Independent values: τ is ½ within its error, and a jackknife over single values has the same error within that of errors, 2 %.
        const double ErrorTolerance = 0.15;
        var jackknife = Jackknife.OfMeans([series.Observables["plaquette"], series.Observables["wilson_loop_1x2"], series.Observables["wilson_loop_2x2"]], w => -Math.Log(w[2] * w[0] / (w[1] * w[1])), 1);
        Assert.Equal(1, document.Observables["creutz_ratio_2x2"].Error / jackknife.Error, ErrorTolerance);
    }

    [Fact]
    public void A_loop_that_is_lost_in_noise_costs_a_warning_and_nothing_else()
    {
        var random = new Random(4);
        var series = Series(new() { ["plaquette"] = Noise(random, 0.5, 0.1), ["wilson_loop_1x2"] = Noise(random, 0.3, 0.1), ["wilson_loop_2x2"] = Noise(random, -0.2, 0.1) });
        var document = EnsembleAnalysis.Analyze(series, new ExactResults("SU3", "wilson", [4, 4, 4, 4], 6));
        Assert.Equal(3, document.Observables.Count);
        Assert.Contains(document.Warnings, warning => warning.Contains("creutz_ratio_2x2 is left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Polyakov_susceptibility_is_the_variance_times_the_spatial_volume()
    {
        var values = Noise(new Random(5), 0.4, 0.05);
        var document = EnsembleAnalysis.Analyze(Series(new() { ["polyakov_abs"] = values }), new ExactResults("SU3", "wilson", [2, 4, 4, 4], 6));
        double[] all = values[0];
        double mean = all.Average(), variance = all.Average(x => x * x) - (mean * mean);
        var susceptibility = document.Observables[DerivedQuantities.PolyakovSusceptibility];
        Assert.Equal(64, susceptibility.Mean / variance, 0.2);
        Assert.True(susceptibility.Error > 0);
    }

    [Fact]
    public void Susceptibility_of_the_clover_charge_is_its_second_moment_per_site()
    {
        var charge = Noise(new Random(7), 0.3, 1.0);
        var document = EnsembleAnalysis.Analyze(Series(new() { ["clover_charge_flow1"] = charge }), new ExactResults("SU3", "wilson", [2, 3, 4, 5], 6));
        var susceptibility = document.Observables[DerivedQuantities.CloverSusceptibility + "_flow1"];
        Assert.Equal(charge.Sum(replica => replica.Sum(q => q * q)) / charge.Sum(replica => (double)replica.Length) / 120, susceptibility.Mean, RoundingTolerance);
        Assert.True(susceptibility.Error > 0);
    }

    [Fact]
    public void A_charge_that_never_changes_its_sector_costs_a_warning()
    {
        double[][] still = [.. Noise(new Random(7), 0, 0.02)], moved = [.. still.Select(chain => chain.ToArray())];
        moved[0][^1] += 0.9;
        Assert.Contains(Warnings(still, still), warning => warning.Contains("clover_charge_flow10 stayed within", StringComparison.Ordinal));
        Assert.DoesNotContain(Warnings(still, moved), warning => warning.Contains("stayed within", StringComparison.Ordinal));

        // Noise at small flow times is no change of sector, and its lack at larger ones counts.
        Assert.Single(Warnings(moved, still), warning => warning.Contains("stayed within", StringComparison.Ordinal));

        // One configuration a chain is no step, whatever the charges are; and other columns may be called so.
        double[][] single = [.. Enumerable.Range(0, 64).Select(chain => new[] { 0.9 * (chain % 3) })];
        Assert.DoesNotContain(Warnings(single, single), warning => warning.Contains("stayed within", StringComparison.Ordinal));
        Assert.Contains(StillCharge.Warnings(Series(new() { ["clover_charge_flow1"] = [.. still, []] })), warning => warning.Contains("stayed within", StringComparison.Ordinal));
        Assert.NotEmpty(EnsembleAnalysis.Analyze(Series(new() { ["clover_charge_flow_mean"] = still }), new ExactResults("SU3", "wilson", [4, 4, 4, 4], 6)).Observables);

        static IReadOnlyList<string> Warnings(double[][] early, double[][] late) =>
            EnsembleAnalysis.Analyze(Series(new() { ["clover_charge_flow4"] = early, ["clover_charge_flow10"] = late }), new ExactResults("SU3", "wilson", [4, 4, 4, 4], 6)).Warnings;
    }

    [Fact]
    public void Scales_of_a_known_flow_are_found()
    {
        // E = c e^{−2 p t}: t² c e^{−2pt} = 0.3 and 2 t² c (1 − p t) e^{−2pt} = 0.3, by bisection below the maxima. The interpolation is of the fourth order in 0.1.
        const double C = 0.2, P = 0.15, Tolerance = 2e-5;
        double[] energies = [.. Enumerable.Range(1, 40).Select(k => C * Math.Exp(-2 * P * 0.1 * k))];
        double t0 = Root(t => t * t * C * Math.Exp(-2 * P * t)), w0 = Root(t => 2 * t * t * C * (1 - (P * t)) * Math.Exp(-2 * P * t));
        Assert.Equal(t0, FlowScale.T0(energies, 0.1), Tolerance);
        Assert.Equal(Math.Sqrt(w0), FlowScale.W0(energies, 0.1), Tolerance);
        Assert.True(double.IsNaN(FlowScale.T0(energies[..5], 0.1)));
        Assert.True(double.IsNaN(FlowScale.W0(energies[..5], 0.1)));

        var random = new Random(6);
        var noisy = Series(new() { ["plaquette"] = Noise(random, 0.5, 0.1) }) with
        {
            Vectors = new Dictionary<string, IReadOnlyList<IReadOnlyList<double[]>>> { ["flow_energy_4"] = [.. energies.Select(e => Noise(random, e, 1e-3 * e))] },
        };
        var exact = new ExactResults("SU3", "wilson", [4, 4, 4, 4], 6);
        var document = EnsembleAnalysis.Analyze(noisy, exact);

        // 5 standard deviations and the interpolation: false alarm below 10⁻⁶, seed fixed.
        Assert.Equal(t0, document.Observables[DerivedQuantities.FlowT0].Mean, (5 * document.Observables[DerivedQuantities.FlowT0].Error) + Tolerance);
        Assert.Equal(Math.Sqrt(w0), document.Observables[DerivedQuantities.FlowW0].Mean, (5 * document.Observables[DerivedQuantities.FlowW0].Error) + Tolerance);
        Assert.InRange(document.Observables[DerivedQuantities.FlowT0].Error, 1e-6, 1e-3);

        Assert.Equal(energies.Length, document.FlowEnergy.Count);
        Assert.Equal(0.4, document.FlowEnergy[3].Time);
        Assert.Equal(noisy.Vectors["flow_energy_4"][3].Average(replica => replica.Average()), document.FlowEnergy[3].Energy, RoundingTolerance);
        var analysis = new AnalysisDocument { Theory = exact.Theory, Ensembles = new Dictionary<string, EnsembleDocument> { ["hmc"] = document } };
        Assert.Contains("Gradient flow", ReportPage.Render(new ReportData { Name = "flow", Analysis = analysis }), StringComparison.Ordinal);

        var shorter = noisy with { Vectors = new Dictionary<string, IReadOnlyList<IReadOnlyList<double[]>>> { ["flow_energy_0.5"] = [.. noisy.Vectors["flow_energy_4"].Take(5)] } };
        Assert.Contains(EnsembleAnalysis.Analyze(shorter, exact).Warnings, warning => warning.Contains("flow_t0 is left out: 0.3 is not reached up to flow time 0.5", StringComparison.Ordinal));
    }

    [Fact]
    public void Moments_and_correlations_of_a_scalar_give_susceptibility_cumulant_and_length()
    {
        // C(t) ∝ cosh(κ (t − 4)) on a time of 8 has ξ = 1/(2 sinh(κ/2)): its transform is that of a free field of mass 2 sinh(κ/2).
        const double Kappa = 0.9, Volume = 32;
        var random = new Random(8);
        double[] correlator = [.. Enumerable.Range(0, 8).Select(t => 0.2 * Math.Cosh(Kappa * (t - 4)))];
        var absolute = Noise(random, 0.4, 0.3);
        var squared = absolute.Select(replica => replica.Select(m => Volume * m * m).ToArray()).ToArray();
        var series = Series(new() { ["magnetization_abs"] = absolute, ["magnetization_squared"] = squared, ["two_point"] = Noise(random, correlator[0], 1e-3) }) with
        {
            Vectors = new Dictionary<string, IReadOnlyList<IReadOnlyList<double[]>>> { ["two_point"] = [.. correlator.Select(c => Noise(random, c, 1e-3 * c))] },
        };
        var theory = new TheoryDocument("scalar", "phi4", double.NaN, [8, 4]) { MassSquared = -1, Lambda = 2 };
        var document = EnsembleAnalysis.Analyze(series, new ExactResults(theory));
        double[] m = absolute[0];
        double mean = m.Average(), second = m.Average(x => x * x), fourth = m.Average(x => x * x * x * x);
        Assert.Equal(Volume * (second - (mean * mean)), document.Observables[ScalarQuantities.Susceptibility].Mean, 0.01);
        Assert.Equal(1 - (fourth / (3 * second * second)), document.Observables[ScalarQuantities.BinderCumulant].Mean, 0.001);
        var length = document.Observables[ScalarQuantities.CorrelationLength];
        Assert.Equal(1 / (2 * Math.Sinh(Kappa / 2)), ScalarQuantities.SecondMoment(correlator), RoundingTolerance);

        // 5 standard deviations: false alarm below 10⁻⁶, seed fixed.
        Assert.Equal(1 / (2 * Math.Sinh(Kappa / 2)), length.Mean, 5 * length.Error);
        Assert.InRange(length.Error, 1e-7, 1e-3);
        Assert.All(document.Observables.Values, observable => Assert.Null(observable.Exact));
        Assert.Equal(5, document.TwoPoint.Count);
        var analysis = new AnalysisDocument { Theory = theory, Ensembles = new Dictionary<string, EnsembleDocument> { ["hmc"] = document } };
        Assert.Equal(analysis.ToJson(), AnalysisDocument.FromJson(analysis.ToJson()).ToJson());
        string page = ReportPage.Render(new ReportData { Name = "scalar", Analysis = analysis });
        Assert.Contains("Two-point function of zero spatial momentum", page, StringComparison.Ordinal);
        Assert.Contains("Real scalar · φ⁴ action · m² = −1 · λ = 2 · 8 × 4", page.Replace('\u00a0', ' '), StringComparison.Ordinal);

        // A correlator that rises has no length; below zero somewhere it still has a page.
        var rising = series with { Vectors = new Dictionary<string, IReadOnlyList<IReadOnlyList<double[]>>> { ["two_point"] = [.. correlator.Select((_, t) => Noise(random, t switch { 2 => -0.1, 4 => 0.7, _ => 0.3 }, 0.01))] } };
        var without = EnsembleAnalysis.Analyze(rising, new ExactResults(theory));
        Assert.Contains(without.Warnings, warning => warning.Contains("correlation_length is left out", StringComparison.Ordinal));
        Assert.NotEmpty(ReportPage.Render(new ReportData { Name = "rising", Analysis = analysis with { Ensembles = new Dictionary<string, EnsembleDocument> { ["hmc"] = without } } }));
    }

    private static double Root(Func<double, double> function)
    {
        double low = 0, high = 2.5;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = function(middle) < FlowScale.Reference ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static EnsembleSeries Series(Dictionary<string, IReadOnlyList<double[]>> observables) => new() { Sampler = "hmc", Seconds = 1, Observables = observables };

    private static IReadOnlyList<double[]> Noise(Random random, double mean, double spread) =>
        [[.. Enumerable.Range(0, Length).Select(_ => mean + (spread * (random.NextDouble() + random.NextDouble() - 1)))]];
}

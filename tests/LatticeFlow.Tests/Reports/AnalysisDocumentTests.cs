using System.Text.Json;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

public class AnalysisDocumentTests
{
    [Fact]
    public void Names_are_those_that_others_rely_on()
    {
        using JsonDocument json = JsonDocument.Parse(SampleReport.Data.Analysis.ToJson());
        JsonElement root = json.RootElement;
        Assert.Equal(1, root.GetProperty("format").GetInt32());
        foreach (string name in (string[])["samples", "ess", "ess_error", "ln_z", "ln_z_error", "ln_z_exact", "ln_z_pull", "relative_error_of_z", "acceptance", "longest_rejection",
            "variance_of_log_weight", "largest_share", "parameters", "training_seconds"])
            Assert.Equal(JsonValueKind.Number, root.GetProperty("flow").GetProperty(name).ValueKind);
        JsonElement hmc = root.GetProperty("ensembles").GetProperty("hmc");
        foreach (string name in (string[])["configurations", "replicas", "acceptance", "seconds", "mean_exp_minus_delta_h", "mean_exp_minus_delta_h_error", "longest_rejection"])
            Assert.Equal(JsonValueKind.Number, hmc.GetProperty(name).ValueKind);
        JsonElement plaquette = hmc.GetProperty("observables").GetProperty("plaquette");
        foreach (string name in (string[])["mean", "error", "error_of_error", "tau_int", "tau_int_error", "tau_int_transitions", "window", "q", "rhat", "ess_bulk", "ess_tail", "exact", "pull"])
            Assert.Equal(JsonValueKind.Number, plaquette.GetProperty(name).ValueKind);
        Assert.Equal("uwerr", plaquette.GetProperty("convention").GetString());
        Assert.Equal(JsonValueKind.Array, plaquette.GetProperty("warnings").ValueKind);
        Assert.Equal(2 * plaquette.GetProperty("tau_int").GetDouble(), plaquette.GetProperty("tau_int_transitions").GetDouble());
    }

    [Fact]
    public void Numbers_that_do_not_exist_become_null_and_come_back_as_such()
    {
        // Two frozen chains that disagree: no error, no tau, an infinite R-hat.
        double[] low = [.. Enumerable.Repeat(0.0, 100)], high = [.. Enumerable.Repeat(1.0, 100)];
        var series = new EnsembleSeries { Sampler = "hmc", Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["topological_charge"] = [low, high] }, Seconds = 1 };
        var document = new AnalysisDocument { Ensembles = new Dictionary<string, EnsembleDocument> { ["hmc"] = EnsembleAnalysis.Analyze(series, SampleReport.Exact) } };
        string text = document.ToJson();
        using JsonDocument json = JsonDocument.Parse(text);
        JsonElement charge = json.RootElement.GetProperty("ensembles").GetProperty("hmc").GetProperty("observables").GetProperty("topological_charge");
        foreach (string name in (string[])["error", "tau_int", "tau_int_transitions", "rhat", "pull"])
            Assert.Equal(JsonValueKind.Null, charge.GetProperty(name).ValueKind);
        Assert.Equal(0.5, charge.GetProperty("mean").GetDouble());
        Assert.Contains(document.Warnings, warning => warning.StartsWith("hmc, topological_charge: ", StringComparison.Ordinal) && warning.Contains("frozen", StringComparison.Ordinal));
        AnalysisDocument back = AnalysisDocument.FromJson(text);
        Assert.True(double.IsNaN(back.Ensembles["hmc"].Observables["topological_charge"].Error));
        Assert.Equal(text, back.ToJson());
    }

    [Fact]
    public void Every_number_survives_the_file() =>
        Assert.Equal(SampleReport.Data.Analysis.ToJson(), AnalysisDocument.FromJson(SampleReport.Data.Analysis.ToJson()).ToJson());

    [Theory]
    [InlineData("")]
    [InlineData("{ \"format\": 2 }")]
    [InlineData("{ \"format\": 1, \"flow\": { } }")]
    [InlineData("null")]
    public void A_damaged_file_is_refused(string text) =>
        Assert.Equal(ExitCode.CorruptData, Assert.Throws<UserErrorException>(() => AnalysisDocument.FromJson(text)).ExitCode);
}

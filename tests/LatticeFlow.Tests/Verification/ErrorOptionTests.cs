using System.Text.Json.Nodes;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

/// <summary>The error analysis as it is reached from the command line and from configurations, and what <c>analysis.json</c> and <c>verify</c> make of it.</summary>
public sealed class ErrorOptionTests(StoredRun run) : IClassFixture<StoredRun>
{
    [Fact]
    public void Options_change_the_analysis_and_stand_in_it()
    {
        var copy = run.Copy();
        var (code, output, error) = CommandRun.Invoke("analyze", copy, "--s", "2", "--s", "plaquette=3", "--discard", "10", "--method", "wilson_loop_2x2=jackknife", "--bin", "wilson_loop_2x2=5", "--convention", "topological_charge=pyerrors", "--tau-exp", "clover_energy=7");
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, output + error);
        var document = AnalysisDocument.FromJson(File.ReadAllText(Path.Join(copy, "analysis.json")));
        var hmc = document.Ensembles["hmc"];
        Assert.Equal((10, 362L), (hmc.Discarded, hmc.Configurations));
        Assert.Equal((3, "gamma"), (hmc.Observables["plaquette"].S, hmc.Observables["plaquette"].Method));
        Assert.Equal((2, "jackknife", 5), (hmc.Observables["wilson_loop_2x2"].S, hmc.Observables["wilson_loop_2x2"].Method, hmc.Observables["wilson_loop_2x2"].Bin));
        Assert.Equal("pyerrors", hmc.Observables["topological_charge"].Convention);
        Assert.Equal(7, hmc.Observables["clover_energy"].TauExp);
        Assert.Equal(2, (double)document.Settings!["s"]!);
        Assert.Equal(3, (double)document.Settings["of"]!["plaquette"]!["s"]!);
        // The settings that the file states are those that it is checked with.
        Assert.DoesNotContain("analysis.json", StoredRun.Verify(copy).Failed);
        var changed = JsonNode.Parse(File.ReadAllText(Path.Join(copy, "analysis.json")))!;
        changed["settings"]!["s"] = 4.0;
        File.WriteAllText(Path.Join(copy, "analysis.json"), changed.ToJsonString());
        Assert.Contains("analysis.json", StoredRun.Verify(copy).Failed);
    }

    [Fact]
    public void An_ensemble_without_a_configuration_takes_the_same_keys_and_no_others()
    {
        var errors = FreeAnalysis.Read([Override.Parse("analyze.s=2"), Override.Parse("analyze.of.\"flow_energy_2.0\".tau_exp=5")]).Errors;
        Assert.Equal(2, errors.Default.S);
        Assert.Equal((2, 5), (errors.Of[0].Settings.S, errors.Of[0].Settings.TauExp));
        Assert.Equal("flow_energy_2.0", errors.Of[0].Observable);
        Assert.Contains("cannot be set", Assert.Throws<ConfigurationException>(() => FreeAnalysis.Read([Override.Parse("run.seed=2")])).Errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("unknown key 'observables'", Assert.Throws<ConfigurationException>(() => FreeAnalysis.Read([Override.Parse("analyze.observables=[\"plaquette\"]")])).Errors[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--s", "-1", "analyze.s must be between 0")]
    [InlineData("--s", "two", "analyze.s must be a number")]
    [InlineData("--s", "plaquete=2", "did you mean plaquette?")]
    [InlineData("--s", "=2", "NAME=VALUE")]
    [InlineData("--tau-exp", "-3", "analyze.tau_exp must be \"auto\"")]
    [InlineData("--tau-exp", "plaquette=never", "analyze.of.plaquette.tau_exp must be a number")]
    [InlineData("--bin", "2.5", "analyze.bin must be an integer")]
    [InlineData("--bin", "5000", "longer than the shortest replica")]
    [InlineData("--discard", "100000", "cannot be left out")]
    [InlineData("--discard", "plaquette=3", "is the same for all observables")]
    [InlineData("--convention", "wolff", "\"uwerr\" or \"pyerrors\"")]
    [InlineData("--method", "jacknife", "did you mean \"jackknife\"?")]
    public void What_is_wrong_is_said_and_nothing_is_lost(string option, string value, string message)
    {
        var copy = run.Copy();
        var before = File.ReadAllText(Path.Join(copy, "analysis.json"));
        var (code, output, error) = CommandRun.Invoke("analyze", copy, option, value);
        Assert.True(code is ExitCode.BadUsage or ExitCode.DiagnosticsFailed, error);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal("", output);
        Assert.Equal(before, File.ReadAllText(Path.Join(copy, "analysis.json")));
    }
}

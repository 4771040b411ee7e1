using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace LatticeFlow.Tests;

public class DeriveCommandTests
{
    private const string Configuration = """
        [run]
        name = "derived"
        device = "cpu"
        [theory]
        extents = [6, 6]
        action = { kind = "wilson", beta = 2.0 }
        [[sample]]
        sampler = "heatbath"
        overrelaxation = 1
        configurations = 4000
        replicas = 16
        thermalization = 50
        [analyze]
        observables = ["plaquette", "wilson_loop_1x2", "wilson_loop_2x2", "wilson_loop_1x3"]
        derive = ["tension = -log(P)"]
        """;

    [Fact]
    public void Formulas_and_fits_stand_in_the_table_the_analysis_and_the_page()
    {
        using var run = new CommandRun(Configuration);
        var (code, _, error) = run.In("a", "run");
        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(1, (int)Read(run).AsObject().Count(entry => entry.Key == "tension"));

        (code, string output, error) = CommandRun.Invoke("analyze", run.At("a"), "--derive", "creutz = creutz(2,2)", "--derive", "difference = creutz - tension", "--fit", "area: -log(W(1,t)) = s*t for t = 1..3");
        Assert.True(code == ExitCode.Done, error);
        foreach (string name in new[] { "tension", "creutz", "difference", "area.s" }) Assert.Contains(name, output, StringComparison.Ordinal);
        Assert.Contains("fit area, heatbath: chi2/dof = ", output, StringComparison.Ordinal);
        JsonNode values = Read(run);
        // On a torus this large the area law is exact to five digits: all three are −ln of the plaquette.
        double expected = -Math.Log((double)values["plaquette"]!["exact"]!);
        foreach (string name in new[] { "tension", "creutz", "area.s" })
        {
            Assert.Equal(expected, (double)values[name]!["exact"]!, 1e-3);
            Assert.InRange((double)values[name]!["pull"]!, -5, 5);
        }

        var page = XDocument.Parse(File.ReadAllText(run.At("a", "report.html")).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.Contains(page.Descendants("figcaption"), caption => caption.Value.Contains("area: -log(W(1,t)) = s*t for t = 1..3", StringComparison.Ordinal));
        (code, _, error) = CommandRun.Invoke("report", run.At("a"));
        Assert.True(code == ExitCode.Done, error);

        // The analysis is what it says it was made with, formulas included.
        (code, output, error) = CommandRun.Invoke("verify", run.At("a"));
        Assert.True(code == ExitCode.Done, output + error);
    }

    [Theory]
    [InlineData("--derive", "x = W33", "character 5: 'W33' is not known")]
    [InlineData("--derive", "x = absM", "analyze.derive: \"x = absM\", character 5: 'absM' is not known")]
    [InlineData("--derive", "x = 1 +", "character 8: an operand is missing at the end")]
    [InlineData("--fit", "f: P = a*x", "it has the form name: data = model for x = 1..5")]
    [InlineData("--fit", "f: W(1,x) = a*x for x = 2..5", "'wilson_loop_1x4' is not known")]
    public void A_formula_that_means_nothing_is_bad_usage_and_nothing_is_written(string option, string text, string problem)
    {
        using var run = new CommandRun(Configuration.Replace("4000", "64", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, run.In("a", "sample").Code);
        var (code, _, error) = CommandRun.Invoke("analyze", run.At("a"), option, text);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains(problem, error, StringComparison.Ordinal);
        Assert.False(File.Exists(run.At("a", "analysis.json")));
    }

    [Fact]
    public void A_configuration_with_such_a_formula_is_refused_before_anything_is_drawn()
    {
        using var run = new CommandRun(Configuration.Replace("-log(P)", "-log(R)", StringComparison.Ordinal));
        var (code, _, error) = run.In("a", "run");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("config.toml(", error, StringComparison.Ordinal);
        Assert.Contains("analyze.derive: \"tension = -log(R)\", character 16: 'R' is not known; there is plaquette", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.At("a")));
    }

    private static JsonNode Read(CommandRun run) => JsonNode.Parse(File.ReadAllText(run.At("a", "analysis.json")))!["ensembles"]!["heatbath"]!["observables"]!;
}

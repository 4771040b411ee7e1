using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Tests;

public class CompareCommandTests
{
    private const string Configuration = """
        [run]
        name = "sweep"
        device = "cpu"
        [theory]
        extents = [6, 6]
        action = { kind = "wilson", beta = 1.0 }
        [[sample]]
        sampler = "heatbath"
        overrelaxation = 1
        configurations = 4000
        replicas = 16
        thermalization = 50
        [[sample]]
        sampler = "hmc"
        steps = 6
        configurations = 2000
        replicas = 16
        thermalization = 50
        [analyze]
        observables = ["plaquette", "wilson_loop_1x2", "wilson_loop_2x2"]
        """;

    [Fact]
    public void A_sweep_is_run_resumed_and_compared_and_reweighted_values_are_exact()
    {
        using var run = new CommandRun(Configuration);
        string[] sweep = ["--sweep", "theory.action.beta=1.2:1.8:0.3"];
        var (code, output, error) = run.In("s", "run", [.. sweep, "--point", "list"]);
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("3 points; as a batch array: --array=0-2", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.At("s")));

        // One element of an array, then the rest.
        (code, _, error) = run.In("s", "run", [.. sweep, "--point", "1"]);
        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(["beta-1.5"], Directory.GetDirectories(run.At("s")).Select(Path.GetFileName));
        byte[] before = File.ReadAllBytes(run.At("s", "beta-1.5", "ensemble", "hmc", "seg-000000.h5"));
        (code, _, error) = run.In("s", "run", sweep);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("--resume", error, StringComparison.Ordinal);
        (code, output, error) = run.In("s", "run", [.. sweep, "--resume"]);
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("beta-1.5: complete", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(run.At("s", "beta-1.5", "ensemble", "hmc", "seg-000000.h5")));
        string[] points = [.. Directory.GetDirectories(run.At("s")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["beta-1.2", "beta-1.5", "beta-1.8"], points);
        // Points share no random numbers.
        Assert.Equal(3, points.Select(point => ConfigurationFile.Load(run.At("s", point, "resolved.toml")).Configuration.Run.Seed).Distinct().Count());

        (code, output, error) = CommandRun.Invoke("compare", run.At("s"), "--reweight", "1.35:1.65:0.15", "--fit", "line: plaquette = a + b*x + c*x^2 for x = beta", "--json");
        Assert.True(code == ExitCode.Done, error);
        JsonNode document = JsonNode.Parse(output)!;
        Assert.Equal("theory.action.beta", (string?)Assert.Single(document["keys"]!.AsArray()));
        Assert.Equal(18, document["values"]!.AsArray().Count(value => !((string)value!["observable"]!).StartsWith("creutz", StringComparison.Ordinal)));
        Assert.Equal(3, document["agreement"]!.AsArray().Count(entry => (string?)entry!["observable"] == "plaquette"));
        foreach (JsonNode? overlap in document["reweighting"]!["overlaps"]!.AsArray()) Assert.InRange((double)overlap!["overlap"]!, 0.05, 1);
        foreach (JsonNode? curve in document["reweighting"]!["curves"]!.AsArray())
        {
            Assert.Equal(3, curve!["points"]!.AsArray().Count);
            foreach (JsonNode? point in curve["points"]!.AsArray()) Assert.InRange(((double)point!["value"]! - (double)point["exact"]!) / (double)point["error"]!, -5, 5);
        }

        // Between the runs the curve is better than any of them: six ensembles count.
        double direct = document["values"]!.AsArray().Where(value => (string?)value!["observable"] == "plaquette").Min(value => (double)value!["error"]!);
        Assert.True((double)document["reweighting"]!["curves"]![0]!["points"]![1]!["error"]! < direct);
        Assert.InRange((double)document["fits"]!["line"]!["parameters"]!["b"]!["value"]!, 0.2, 1);
        Assert.Equal(output, File.ReadAllText(run.At("s", "compare.json")));
        string[] lines = File.ReadAllLines(run.At("s", "compare.csv"));
        Assert.StartsWith("kind,run,sampler,theory.action.beta,observable,mean,error", lines[0], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Length));
        var page = XDocument.Parse(File.ReadAllText(run.At("s", "compare.html")).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.Contains(page.Descendants("h2"), head => head.Value == "Reweighting in β");
        Assert.DoesNotContain("NaN", page.ToString(), StringComparison.Ordinal);

        (code, output, error) = CommandRun.Invoke("compare", run.At("s", "beta-1.2"), run.At("s", "beta-1.8"), "--observables", "plaquette", "--sampler", "hmc", "--reweight", "--derive", "c = V*(<P^2> - <P>^2)/beta^0");
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("value(error)", output, StringComparison.Ordinal);
        Assert.Contains("beta = 1.2 and 1.8", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("theory.action.beta=1:2", "a value is empty|must be a number|key=first:last:step")]
    [InlineData("theory.action.beta=2:1:0.1", "a range goes from its first to its last value")]
    [InlineData("theory.action.beta=1:2:0", "a range goes from its first")]
    [InlineData("beta", "has no key")]
    [InlineData("run.seed=1,2", "seeds follow from run.seed")]
    [InlineData("theory.action.beta=1,1", "a value stands there twice")]
    [InlineData("theory.action.gamma=1,2", "unknown key 'gamma'")]
    public void A_sweep_that_cannot_be_says_why_before_anything_is_written(string sweep, string problem)
    {
        using var run = new CommandRun(Configuration);
        var (code, _, error) = run.In("s", "run", "--sweep", sweep);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains(problem.Split('|'), text => error.Contains(text, StringComparison.Ordinal));
        Assert.False(Directory.Exists(run.At("s")));
    }

    [Fact]
    public void Values_of_a_sweep_are_decimal_and_combinations_are_all()
    {
        Assert.Equal(["5.6", "5.65", "5.7", "5.75", "5.8"], SweepAxis.Parse("theory.action.beta=5.6:5.8:0.05").Values);
        Assert.Equal(["2", "1.5", "1"], SweepAxis.Parse("theory.action.beta=2:1:-0.5").Values);
        Assert.Equal(["[8,8]", "[16, 8]"], SweepAxis.Parse("theory.extents=[[8,8], [16, 8]]").Values);
        var points = SweepPoint.Of([SweepAxis.Parse("theory.action.beta=1,2"), SweepAxis.Parse("theory.extents=[[8,8],[16,8]]")]);
        Assert.Equal(["beta-1_extents-8x8", "beta-1_extents-16x8", "beta-2_extents-8x8", "beta-2_extents-16x8"], points.Select(point => point.Label));
        Assert.Equal([("theory.action.beta", "2"), ("theory.extents", "[8,8]")], points[2].Values);
    }

    [Fact]
    public void Runs_that_do_not_go_together_are_told()
    {
        using var run = new CommandRun(Configuration.Replace("4000", "640", StringComparison.Ordinal).Replace("2000", "640", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, run.In("a", "run", "--set", "analyze.fail_on=[]").Code);
        Assert.Equal(ExitCode.Done, run.In("b", "run", "--set", "theory.extents=[4,4]", "--set", "analyze.fail_on=[]").Code);
        Assert.Equal(ExitCode.Done, run.In("c", "run", "--set", "theory.action.beta=60", "--set", "analyze.fail_on=[]").Code);
        Assert.Equal(ExitCode.Done, run.In("d", "sample").Code);
        Check("differs from", run.At("a"), run.At("b"), "--reweight");
        // Of a heat bath: trajectories that long leave HMC where it began.
        Check("have nothing in common", run.At("a"), run.At("c"), "--reweight", "--sampler", "heatbath");
        Check("has no analysis.json", run.At("d"));
        Check("'R' is not known", run.At("a"), "--reweight", "--derive", "x = R");
        Check("is a quantity to reweight", run.At("a"), "--derive", "x = P");
        Check("is in no analysis", run.At("a"), "--observables", "speed");
        Check("more than one observable", run.At("a"), run.At("b"), "--fit", "f: W22/P = a for x = V");

        // The same theory twice is compared; another seed agrees, and so do the samplers.
        Assert.Equal(ExitCode.Done, run.In("e", "run", "--set", "run.seed=2", "--set", "analyze.fail_on=[]").Code);
        var (code, output, error) = CommandRun.Invoke("compare", run.At("a"), run.At("e"));
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("ensembles of one theory:", output, StringComparison.Ordinal);

        static void Check(string problem, params string[] arguments)
        {
            var (code, _, error) = CommandRun.Invoke(["compare", .. arguments]);
            Assert.True(code == ExitCode.BadUsage, $"{problem}: {code} {error}");
            Assert.Contains(problem, error, StringComparison.Ordinal);
        }
    }
}

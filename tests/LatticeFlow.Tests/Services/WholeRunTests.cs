using System.Text.Json.Nodes;
using LatticeFlow.Flows;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>All commands on one small run.</summary>
public sealed class WholeRun : IDisposable
{
    public WholeRun()
    {
        (Code, Output, Error) = Commands.In("run", "run", "--json");
        Directory = Commands.At("run");
    }

    internal CommandRun Commands { get; } = new();

    public string Directory { get; }

    public int Code { get; }

    public string Output { get; }

    public string Error { get; }

    public void Dispose() => Commands.Dispose();
}

public sealed class WholeRunTests(WholeRun run) : IClassFixture<WholeRun>
{
    [Fact]
    public void Run_trains_samples_and_analyses()
    {
        Assert.True(run.Code == ExitCode.Done, run.Error);
        var analysis = AnalysisDocument.FromJson(run.Output);
        Assert.Equal(run.Output, File.ReadAllText(Path.Join(run.Directory, "analysis.json")));
        Assert.Equal(["flow", "hmc", "heatbath", "flow-and-hmc"], analysis.Ensembles.Keys);
        Assert.Equal(65536, analysis.Flow!.Samples);
        Assert.True(analysis.Flow.TrainingSeconds > 0);
        Assert.Equal(6006, analysis.Ensembles["flow"].Configurations);
        Assert.Equal(8, analysis.Ensembles["flow"].Replicas);
        Assert.NotNull(analysis.Ensembles["hmc"].MeanExpMinusDeltaH);
        Assert.Null(analysis.Ensembles["heatbath"].Acceptance);
        // Five named observables, and the susceptibilities of charge and Polyakov loop.
        Assert.All(analysis.Ensembles.Values, ensemble => Assert.Equal(8, ensemble.Observables.Count));
        Assert.All(analysis.Ensembles.Values, ensemble => Assert.True(ensemble.Seconds > 0));
        foreach (var file in new[] { "config.toml", "resolved.toml", "provenance.json", "metrics.jsonl", "log.txt", "report.html", "flow/newest.h5", "flow/best.h5" })
            Assert.True(new FileInfo(Path.Join(run.Directory, file)).Length > 0, file);
        Assert.Equal(ExitCode.Done, (int)JsonNode.Parse(File.ReadAllText(Path.Join(run.Directory, "provenance.json")))!["exit_code"]!);
    }

    [Fact]
    public void Ensembles_of_one_run_share_no_random_numbers()
    {
        var starts = new[] { "flow", "hmc", "heatbath", "flow-and-hmc" }
            .Select(name => EnsembleReader.Open(Path.Join(run.Directory, "ensemble", name)).ReadSegment(0).Field[0]).ToArray();
        Assert.Equal(starts.Length, starts.Distinct().Count());
        Assert.NotEqual(DerivedSeed.Of(1, "sample", "a"), DerivedSeed.Of(1, "sample", "b"));
        Assert.NotEqual(DerivedSeed.Of(1, "sample", "a"), DerivedSeed.Of(2, "sample", "a"));
        // Fixed for ever: old runs could not be continued otherwise.
        Assert.Equal(3041099459925811781UL, DerivedSeed.Of(1, "training"));
    }

    [Fact]
    public void Stored_segments_say_how_they_came_about()
    {
        var header = EnsembleReader.Open(Path.Join(run.Directory, "ensemble", "hmc")).Header;
        Assert.Equal("U1", header.Field);
        Assert.Equal([4, 8], header.Extents);
        Assert.Equal(1.0, header.ActionParameters["beta"]);
        Assert.Equal("hmc", header.Sampler);
        Assert.Equal(File.ReadAllText(Path.Join(run.Directory, "resolved.toml")), header.Config);
    }

    [Fact]
    public void Verify_passes_and_prints_a_line_a_check()
    {
        var (code, output, _) = CommandRun.Invoke("verify", run.Directory);
        Assert.True(code == ExitCode.Done, output);
        foreach (var check in new[]
        {
            "flow: inverse, float", "flow: log-determinant", "flow: gauge equivariance", "flow: translation equivariance", "flow: stored log_q", "hmc: hashes",
            "hmc: stored plaquette", "hmc: stored action", "hmc: <exp(-dH)>", "hmc: reversibility", "heatbath: topological charge", "flow-and-hmc: stored log_q", "flow-and-hmc: reversibility",
        })
        {
            Assert.Contains($"ok   {check}: ", output, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("FAIL", output, StringComparison.Ordinal);
        var json = JsonNode.Parse(CommandRun.Invoke("verify", run.Directory, "--json").Output)!;
        Assert.All(json["checks"]!.AsArray(), check => Assert.True((bool)check!["passed"]!));
    }

    [Fact]
    public void Analyze_and_report_repeat_what_run_wrote()
    {
        var report = Path.Join(run.Directory, "report.html");
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("analyze", run.Directory, "--quiet").Code);
        Assert.Equal(run.Output, CommandRun.Invoke("analyze", run.Directory, "--json").Output);
        var before = Body(report);
        File.Delete(report);
        Assert.Equal((ExitCode.Done, report + "\n"), (CommandRun.Invoke("report", run.Directory) is var (code, output, _) ? (code, output) : default));
        Assert.Equal(before, Body(report));

        // The table of provenance says when the run ended, which moves with every command.
        static string Body(string path) => string.Concat(File.ReadAllText(path).Split("<section", 2)[1..]);
    }

    [Fact]
    public void Export_merges_the_segments()
    {
        var file = run.Commands.At("hmc.h5");
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("export", run.Directory, "--output", file).Code);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", run.Directory, "--sample", "hmc", "--output", file).Code);
        Assert.Equal(2000, EnsembleExport.Read(file).Block.Count);
    }

    [Fact]
    public void An_existing_run_is_never_overwritten()
    {
        var (code, _, error) = run.Commands.In("run", "run");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("--resume", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadUsage, run.Commands.In("run", "sample").Code);
        (code, _, error) = run.Commands.In("run", "run", "--resume", "--set", "theory.action.beta=1.5");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("beta", error, StringComparison.Ordinal);
        // Device and threads may change: a run may move.
        Assert.Equal(ExitCode.Done, run.Commands.In("run", "run", "--resume", "--set", "run.threads=1", "--device", "auto").Code);
    }

    [Theory]
    [InlineData("--set", "theory.action.beta=3", "theory.action.beta cannot be changed after the run")]
    [InlineData("--set", "analyze.observables=[\"wilson_loop_3x3\"]", "\"wilson_loop_3x3\" was not measured")]
    public void Analyze_changes_only_how_it_looks(string option, string value, string message)
    {
        var (code, _, error) = CommandRun.Invoke("analyze", run.Directory, option, value);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_trained_on_one_volume_starts_on_another()
    {
        using var other = new CommandRun(CommandRun.Small.Replace("[4, 8]", "[8, 8]", StringComparison.Ordinal));
        // From the run itself, or from a file of it.
        Assert.Equal(ExitCode.Done, other.In("a", "train", "--set", "train.steps=0", "--set", $"flow.checkpoint={run.Directory}").Code);
        Assert.Equal(ExitCode.Done, other.In("b", "train", "--set", "train.steps=0", "--set", $"flow.checkpoint={run.Directory}/flow/newest.h5").Code);
        var parameters = CheckpointReader.Read(Path.Join(run.Directory, "flow", "newest.h5"), FlowCheckpoint.Kind).GetDoubles("parameters");
        foreach (var directory in new[] { "a", "b" })
            Assert.Equal(parameters, CheckpointReader.Read(other.At(directory, "flow", "newest.h5"), FlowCheckpoint.Kind).GetDoubles("parameters"));
        var (code, _, error) = other.In("c", "train", "--set", $"flow.checkpoint={run.Directory}", "--set", "flow.layers.0.rectangles=false");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("layer 0 has rectangles = true there, the configuration says false", error, StringComparison.Ordinal);
        (_, _, error) = other.In("c", "train", "--set", $"flow.checkpoint={run.Directory}", "--set", "flow.layers.0.count=9");
        Assert.Contains("it has 8 layers, the configuration has 9", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(other.At("c")));
    }
}

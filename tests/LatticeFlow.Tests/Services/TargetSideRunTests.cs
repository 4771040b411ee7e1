using System.Text.Json.Nodes;
using LatticeFlow.Cli.Services;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

/// <summary>Runs that look at a flow from the side of the target: training on its configurations, proposals of a mixture, the verdict.</summary>
public sealed class TargetSideRunTests
{
    private const string Mixed = """
        [run]
        name = "mixed"
        device = "cpu"
        [theory]
        extents = [4, 8]
        action = { kind = "wilson", beta = 1.0 }
        [flow]
        layers = [ { kind = "plaquette-coupling", count = 8, hidden = [4] } ]
        [train]
        steps = 24
        batch = 48
        learning_rate = 5e-3
        objective = "mixed"
        checkpoint_every = 7
        [[sample]]
        sampler = "flow"
        defensive = { share = 0.2, kind = "free-plaquette" }
        configurations = 4000
        replicas = 8
        thermalization = 20
        segment = 800
        [[sample]]
        sampler = "heatbath"
        configurations = 2000
        replicas = 8
        thermalization = 50
        segment = 300
        [analyze]
        observables = ["plaquette", "topological_charge", "topological_charge_squared"]
        target_samples = 2048
        """;

    /// <summary>A flow that starts from free plaquettes at a coupling far above the theory's, and is not trained: narrow where the target is wide.</summary>
    private const string Narrow = """
        [run]
        name = "narrow"
        device = "cpu"
        [theory]
        extents = [8, 8]
        action = { kind = "wilson", beta = 4.0 }
        [flow]
        prior = { kind = "free-plaquette", beta = 7.0 }
        layers = [ { kind = "plaquette-coupling", count = 8, hidden = [2] } ]
        [train]
        steps = 0
        [[sample]]
        sampler = "flow"
        configurations = 2000
        replicas = 4
        thermalization = 20
        [analyze]
        target_samples = 4096
        """;

    [Fact]
    public void A_flow_trained_and_sampled_with_both_sides_is_resumed_judged_and_verified()
    {
        using var run = new CommandRun(Mixed);
        Assert.Equal(ExitCode.Done, run.In("whole", "train").Code);
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new TrainCommand(), "train", 10));
        Assert.Equal(ExitCode.Done, run.In("stopped", "train", "--resume").Code);
        Assert.Equal(run.Metrics("whole", "train"), run.Metrics("stopped", "train"));
        Assert.All(run.Metrics("whole", "train"), line => Assert.NotNull(JsonNode.Parse(line)!["target_loss"]));

        var (code, _, error) = run.In("whole", "run", "--resume");
        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "flow", 1600, resume: true));
        Assert.Equal(ExitCode.Done, run.In("stopped", "sample", "--resume").Code);
        run.AssertSameEnsembles("whole", "stopped");

        var flow = AnalysisDocument.FromJson(File.ReadAllText(run.At("whole", "analysis.json"))).Flow!;
        Assert.Equal(FlowVerdict.Passed, flow.Verdict);
        Assert.Equal(TargetSample.Exact, flow.Target!.Source);
        Assert.Equal(2048, flow.Target.Configurations);
        // 5 errors: one false alarm in 1.7 million.
        Assert.InRange(Math.Abs(flow.TargetEffectiveSampleSize!.Value - flow.EffectiveSampleSize), 0, 5 * Math.Sqrt(Math.Pow(flow.TargetEffectiveSampleSizeError!.Value, 2) + Math.Pow(flow.EffectiveSampleSizeError, 2)));
        var json = JsonNode.Parse(File.ReadAllText(run.At("whole", "analysis.json")))!["flow"]!;
        Assert.Equal(flow.Target.EffectiveSampleSize, (double)json["ess_target"]!);
        Assert.Equal(flow.ParetoK, (double)json["pareto_k"]!);
        Assert.Equal("passed", (string)json["verdict"]!);
        Assert.NotNull(json["ess_target_error"]);

        var (verified, output, problem) = CommandRun.Invoke("verify", run.At("whole"));
        Assert.True(verified == ExitCode.Done, output + problem);
        Assert.Contains("flow: stored log_q", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_evaluated_is_used_again_until_the_settings_change()
    {
        using var run = new CommandRun(Mixed);
        Assert.Equal(ExitCode.Done, run.In("one", "run").Code);
        string[] files = [.. new[] { "evaluation.h5", "target.h5", "densities-heatbath.h5" }.Select(file => run.At("one", "flow", file))];
        var before = files.Select(File.GetLastWriteTimeUtc).ToArray();
        var document = File.ReadAllText(run.At("one", "analysis.json"));
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("analyze", run.At("one")).Code);
        Assert.Equal(before, files.Select(File.GetLastWriteTimeUtc));
        Assert.Equal(document, File.ReadAllText(run.At("one", "analysis.json")));
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("analyze", run.At("one"), "--set", "analyze.target_samples=1024").Code);
        Assert.Equal(before[0], File.GetLastWriteTimeUtc(files[0]));
        Assert.NotEqual(before[1], File.GetLastWriteTimeUtc(files[1]));

        // One that is damaged is made again, and said to be.
        File.WriteAllBytes(files[0], [1, 2, 3]);
        var (code, _, error) = CommandRun.Invoke("analyze", run.At("one"));
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("evaluation.h5", error, StringComparison.Ordinal);
        Assert.Equal(document, File.ReadAllText(run.At("one", "analysis.json")));
    }

    [Fact]
    public void A_flow_is_trained_on_a_stored_ensemble()
    {
        using var run = new CommandRun(Mixed);
        Assert.Equal(ExitCode.Done, run.In("one", "run").Code);
        var samples = run.At("one", "ensemble", "heatbath");
        string[] keys = ["--set", "train.objective=\"forward\"", "--set", $"train.samples=\"{samples}\""];
        Assert.Equal(ExitCode.Done, run.In("forward", "train", keys).Code);
        var losses = run.Metrics("forward", "train").Select(line => (double)JsonNode.Parse(line)!["loss"]!).ToArray();
        Assert.True(losses[^5..].Average() < losses[..5].Average());
        var (code, _, error) = run.In("other", "train", [.. keys, "--set", "theory.action.beta=1.1"]);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("another theory", error, StringComparison.Ordinal);
        Assert.Contains("beta is 1, not 1.1", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_that_misses_part_of_its_target_fails_and_its_chain_is_named_as_biased()
    {
        using var run = new CommandRun(Narrow);
        var (code, output, error) = run.In("narrow", "run");
        Assert.Equal(ExitCode.DiagnosticsFailed, code);
        Assert.Contains("failed", output, StringComparison.Ordinal);
        Assert.Contains("flow: a chain of the proposals of this flow alone is biased: plaquette by at least", error, StringComparison.Ordinal);
        Assert.Contains("on configurations of the target (exact draws)", error, StringComparison.Ordinal);
    }
}

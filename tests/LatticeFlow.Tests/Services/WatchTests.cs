using System.Text.Json.Nodes;
using LatticeFlow.Analysis;
using LatticeFlow.Cli.Services;
using LatticeFlow.Cli.Services.Watching;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests.Services;

/// <summary>The state of a run as its files say.</summary>
public sealed class WatchTests : IDisposable
{
    private const string TwoSamples = MeasureTests.U1 + """

        [[sample]]
        name = "later"
        sampler = "heatbath"
        configurations = 20
        replicas = 4
        """;

    private readonly CommandRun run = new(TwoSamples.Replace("[analyze]\nobservables = [\"plaquette\"]", "", StringComparison.Ordinal));

    public void Dispose() => run.Dispose();

    [Fact]
    public void A_run_that_was_stopped_is_seen_at_every_stage()
    {
        Assert.Equal(ExitCode.Stopped, run.Stopped("a", new SampleCommand(), "hmc thermalization", 7));
        var state = new RunWatcher(run.At("a")).Look();
        Assert.Equal((SamplePhase.Thermalizing, 7L, SamplePhase.Waiting), (state.Samples[0].Phase, state.Samples[0].Step, state.Samples[1].Phase));
        Assert.Contains("hmc: thermalization 7/20 (35.0 %)", CommandRun.Invoke("watch", run.At("a")).Output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Stopped, run.Stopped("a", new SampleCommand(), "hmc", 130, resume: true));
        var watcher = new RunWatcher(run.At("a"));
        state = watcher.Look();
        var hmc = state.Samples[0];
        Assert.Equal((SamplePhase.Sampling, 100L, 30L, 250L), (hmc.Phase, hmc.Stored, hmc.Unstored, hmc.Requested));
        Assert.False(state.IsFinished);
        Assert.Null(state.Holder);
        Assert.InRange(hmc.Acceptance!.Value, 0.5, 1);
        Assert.True(hmc.PerSecond > 0 && hmc.SecondsLeft > 0);

        // The values are those of the Gamma method on what is stored.
        var columns = EnsembleColumns.Open(run.At("a", "ensemble", "hmc"));
        var expected = GammaMethod.Analyze(columns.Read("plaquette"));
        var plaquette = hmc.Observables.Single(value => value.Name == "plaquette");
        Assert.Equal((expected.Mean, expected.Error, expected.TauInt), (plaquette.Mean, plaquette.Error, plaquette.TauInt));
        Assert.Equal(columns.Read("delta_h").SelectMany(chain => chain).Average(delta => Math.Exp(-delta)), hmc.ExpMinusDeltaH!.Mean, 1e-12);
        Assert.Equal(20, plaquette.History.Count);

        // The same watcher takes in what is new.
        Assert.Equal(ExitCode.Done, run.In("a", "sample", "--resume").Code);
        state = watcher.Look();
        Assert.True(state.IsFinished);
        Assert.Equal([SamplePhase.Finished, SamplePhase.Finished], state.Samples.Select(sample => sample.Phase));
        columns = EnsembleColumns.Open(run.At("a", "ensemble", "hmc"));
        Assert.Equal(GammaMethod.Analyze(columns.Read("plaquette")).Error, state.Samples[0].Observables.Single(value => value.Name == "plaquette").Error);
    }

    [Fact]
    public void Once_prints_lines_or_json_and_changes_nothing()
    {
        Assert.Equal(ExitCode.Done, run.In("a", "sample").Code);
        string[] before = Files();
        using (DirectoryLock.Acquire(run.At("a")))
        {
            var (code, output, _) = CommandRun.Invoke("watch", run.At("a"), "--once");
            Assert.Equal(ExitCode.Done, code);
            Assert.Contains($"at work (process {Environment.ProcessId} on ", output, StringComparison.Ordinal);
            Assert.Contains("hmc: 250/250 (100.0 %)", output, StringComparison.Ordinal);
            Assert.Contains("acceptance ", output, StringComparison.Ordinal);
            Assert.Contains("<exp(-dH)> ", output, StringComparison.Ordinal);
            var json = JsonNode.Parse(CommandRun.Invoke("watch", run.At("a"), "--json").Output)!;
            Assert.True((bool)json["at_work"]! && (bool)json["finished"]!);
            Assert.Equal(["hmc", "later"], json["samples"]!.AsArray().Select(sample => (string)sample!["name"]!));
            Assert.True((double)json["samples"]![0]!["observables"]!["plaquette"]!["ess"]! > 0);
        }

        Assert.Equal(before, Files());
        Assert.Contains(": finished, ", CommandRun.Invoke("watch", run.At("a")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("watch", run.At("a", "ensemble")).Code);
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("watch", run.At("nowhere")).Code);
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("watch", run.At("a"), "--interval", "0").Code);

        string[] Files() => [.. Directory.EnumerateFiles(run.At("a"), "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("run.lock", StringComparison.Ordinal)).Order().Select(file => $"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file):O}")];
    }

    [Fact]
    public void A_training_shows_its_curve()
    {
        using var flow = new CommandRun("""
            [run]
            name = "flow"
            device = "cpu"
            [theory]
            extents = [4, 4]
            action = { kind = "wilson", beta = 1.0 }
            [flow]
            layers = [ { kind = "plaquette-coupling", count = 4, hidden = [4] } ]
            [train]
            steps = 12
            batch = 64
            """);
        Assert.Equal(ExitCode.Stopped, flow.Stopped("a", new TrainCommand(), "train", 5));
        var training = new RunWatcher(flow.At("a")).Look().Training!;
        Assert.Equal((5L, 12L, 5), (training.Step, training.Steps, training.Loss.Count));
        Assert.InRange(training.EffectiveSampleSize[^1], 0, 1);
        Assert.True(training.SecondsLeft > 0);
        string output = CommandRun.Invoke("watch", flow.At("a")).Output;
        Assert.Contains("train: 5/12 (41.7 %)", output, StringComparison.Ordinal);
        Assert.Contains("  loss ", output, StringComparison.Ordinal);
        Assert.Contains("go on with --resume", output, StringComparison.Ordinal);
    }
}

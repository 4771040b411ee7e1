using System.Diagnostics;
using LatticeFlow.Cli.Services;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Whatever interrupts a run, the resumed one equals the uninterrupted one bit for bit.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_stopped_training_resumes_bit_for_bit()
    {
        Assert.Equal(ExitCode.Done, _run.In("whole", "train").Code);
        // Neither a checkpoint (every 7) nor an evaluation (every 8) falls on 11.
        Assert.Equal(ExitCode.Stopped, _run.Stopped("stopped", new TrainCommand(), "train", 11));
        Assert.Equal(11, Newest("stopped").GetLong("training_step"));
        Assert.Equal(ExitCode.Done, _run.In("stopped", "train", "--resume").Code);
        AssertSameTraining("whole", "stopped");
    }

    [Fact]
    public void A_training_killed_after_a_checkpoint_resumes_bit_for_bit_and_repeats_its_metrics()
    {
        Assert.Equal(ExitCode.Done, _run.In("whole", "train").Code);
        Assert.Equal(ExitCode.Stopped, _run.Stopped("killed", new TrainCommand(), "train", 10));
        var checkpoint = File.ReadAllBytes(_run.At("killed", "flow", "newest.h5"));
        Assert.Equal(ExitCode.Stopped, _run.Stopped("killed", new TrainCommand(), "train", 17, resume: true));
        // As if the process had died at step 17 with the checkpoint of step 10.
        File.WriteAllBytes(_run.At("killed", "flow", "newest.h5"), checkpoint);
        Assert.Equal(ExitCode.Done, _run.In("killed", "train", "--resume").Code);
        AssertSameTraining("whole", "killed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_training_whose_newest_checkpoint_is_damaged_or_lost_goes_on_from_the_one_before(bool lost)
    {
        Assert.Equal(ExitCode.Done, _run.In("whole", "train").Code);
        Assert.Equal(ExitCode.Stopped, _run.Stopped("damaged", new TrainCommand(), "train", 17));
        var newest = _run.At("damaged", "flow", "newest.h5");
        Assert.Equal(14, CheckpointReader.Read(_run.At("damaged", "flow", "previous.h5"), "flow").GetLong("training_step"));
        if (lost) File.Delete(newest);
        else
        {
            using var file = new FileStream(newest, FileMode.Open);
            file.SetLength(file.Length - 100);
        }
        var (code, _, error) = _run.In("damaged", "train", "--resume");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("going on from previous.h5, step 14", error, StringComparison.Ordinal);
        Assert.Equal(!lost, File.Exists(newest + ".corrupt"));
        AssertSameTraining("whole", "damaged");
    }

    [Theory]
    [InlineData("flow thermalization", 7)]
    [InlineData("hmc thermalization", 30)]
    [InlineData("flow", 1600)]
    [InlineData("flow", 2008)]
    [InlineData("flow", 6000)]
    [InlineData("hmc", 800)]
    [InlineData("hmc", 1000)]
    [InlineData("flow-and-hmc", 504)]
    [InlineData("flow-and-hmc", 1000)]
    public void A_stopped_sampling_resumes_bit_for_bit(string task, long at)
    {
        Assert.Equal(ExitCode.Done, _run.In("whole", "train").Code);
        CopyRun("whole", "stopped");
        Assert.Equal(ExitCode.Done, _run.In("whole", "sample").Code);
        var code = _run.Stopped("stopped", new SampleCommand(), task, at);
        Assert.Equal((task, at) == ("flow-and-hmc", 1000) ? ExitCode.Done : ExitCode.Stopped, code);
        var (resumed, _, error) = _run.In("stopped", "sample", "--resume");
        Assert.True(resumed == ExitCode.Done, error);
        _run.AssertSameEnsembles("whole", "stopped");
        Assert.Equal(_run.Metrics("whole", "sample"), _run.Metrics("stopped", "sample"));
        Assert.Empty(Unfinished("stopped"));
    }

    [Fact]
    public void A_stop_takes_a_transition_and_keeps_what_was_drawn()
    {
        File.WriteAllText(_run.Config, Strided);
        Assert.Equal(ExitCode.Done, _run.In("whole", "sample").Code);
        // Stride 5, 64 draws a segment: after 24 draws of the second, and in the middle of a stride, because a transition is all that is waited for.
        Assert.Equal(ExitCode.Stopped, _run.Stopped("stopped", new SampleCommand(), "hmc", 8 * (64 + 24)));
        var saved = CheckpointReader.Read(Assert.Single(Unfinished("stopped")), "unfinished");
        Assert.Equal((1L, 24L), (saved.GetLong("segment"), saved.GetLong("draws")));
        Assert.Equal(8 * 24 * 64, Enumerable.Range(0, 100).Select(part => $"field.{part}").Where(saved.Has).Sum(part => saved.GetDoubles(part).Length));
        Assert.Single(File.ReadLines(_run.At("stopped", "ensemble", "hmc", "manifest.jsonl")));
        Assert.Equal(ExitCode.Done, _run.In("stopped", "sample", "--resume").Code);
        _run.AssertSameEnsembles("whole", "stopped");
    }

    [LinuxFact]
    public void A_kill_in_thermalization_or_in_a_segment_loses_no_more_than_an_interval()
    {
        File.WriteAllText(_run.Config, Strided);
        Assert.Equal(ExitCode.Done, _run.In("whole", "sample").Code);
        long reached = 0;
        Assert.Equal(ExitCode.Stopped, _run.Stopped("killed", new SampleCommand(), "hmc thermalization", 1));
        foreach (var (from, draws) in new[] { (20L, 0L), (300L, 0L), (1600L, 10L) })
        {
            // With an interval of 0 there is a checkpoint at every transition.
            using var child = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(SampleCommand).Assembly.Location, "sample", _run.Config, "--run-dir", _run.At("killed"), "--resume", "--quiet", "--set", "run.checkpoint_seconds=0"]))!;
            while (!child.HasExited && (Unfinished("killed") is not [var file] || Step(file) is not { } step || step.Step < from || step.Draws < draws)) Thread.Sleep(5);
            Assert.False(child.HasExited);
            child.Kill();
            child.WaitForExit();
            var left = Step(Assert.Single(Unfinished("killed")))!.Value.Step;
            Assert.True(left >= Math.Max(from, reached), $"a checkpoint of step {left} where {Math.Max(from, reached)} was reached");
            reached = left;
        }
        // Seldom saved from now on: how often is no part of what the run is.
        var (code, _, error) = _run.In("killed", "sample", "--resume", "--set", "run.checkpoint_seconds=1e6");
        Assert.True(code == ExitCode.Done, error);
        Assert.DoesNotContain("computed again", error);
        _run.AssertSameEnsembles("whole", "killed");
        Assert.Empty(Unfinished("killed"));
    }

    [Fact]
    public void An_old_or_damaged_checkpoint_between_segments_is_not_taken()
    {
        File.WriteAllText(_run.Config, Strided);
        Assert.Equal(ExitCode.Done, _run.In("whole", "sample").Code);
        Assert.Equal(ExitCode.Stopped, _run.Stopped("stopped", new SampleCommand(), "hmc", 8 * 24));
        var file = Assert.Single(Unfinished("stopped"));
        var old = File.ReadAllBytes(file);
        Assert.Equal(ExitCode.Stopped, _run.Stopped("stopped", new SampleCommand(), "hmc", 8 * (64 + 24), resume: true));
        // As if the deletion had been lost in a power cut, and the one of the next segment never written.
        File.WriteAllBytes(file, old);
        Assert.Equal(ExitCode.Stopped, _run.Stopped("stopped", new SampleCommand(), "hmc", 8 * (64 + 40), resume: true));
        var damaged = File.ReadAllBytes(file);
        damaged[^1000] ^= 1;
        File.WriteAllBytes(file, damaged);
        var (code, _, error) = _run.In("stopped", "sample", "--resume");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("damaged", error);
        Assert.Contains("What came after the last segment is computed again", error);
        _run.AssertSameEnsembles("whole", "stopped");
    }

    [Fact]
    public void A_training_stopped_in_an_evaluation_makes_it_when_it_goes_on()
    {
        Assert.Equal(ExitCode.Done, _run.In("whole", "train").Code);
        foreach (var at in new[] { 8, 24 })
        {
            Assert.Equal(ExitCode.Stopped, _run.Stopped("stopped", new TrainCommand(), "train", at == 24 ? 23 : at, resume: at == 24));
            if (at == 24)
            {
                // The last step of all, saved before its evaluation.
                Assert.Equal(ExitCode.Done, _run.In("stopped", "train", "--resume").Code);
            }
            // What a signal in the evaluation leaves: the state after the step, and neither a line nor a best flow of it.
            var saved = Newest("stopped");
            Assert.Equal((at, 0L), (saved.GetLong("training_step"), saved.GetLong("evaluation_due")));
            CheckpointWriter.Write(_run.At("stopped", "flow", "newest.h5"), "flow", saved.Set("evaluation_due", 1L).Set("best_ess", 0.0));
            var metrics = _run.At("stopped", "metrics.jsonl");
            File.WriteAllLines(metrics, File.ReadAllLines(metrics)[..^1]);
        }
        Assert.Equal(ExitCode.Done, _run.In("stopped", "train", "--resume").Code);
        AssertSameTraining("whole", "stopped");
    }

    [Fact]
    public void A_run_that_moves_to_another_instruction_set_says_so()
    {
        File.WriteAllText(_run.Config, Strided);
        Assert.Equal(ExitCode.Stopped, _run.Stopped("moved", new SampleCommand(), "hmc", 8 * 24));
        Assert.DoesNotContain("bit for bit", _run.In("moved", "sample", "--resume").Error);
        var path = _run.At("moved", "provenance.json");
        var provenance = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!;
        provenance["resumes"]![0]!["isa"] = "another";
        File.WriteAllText(path, provenance.ToJsonString());
        Assert.Contains("(another) and goes on on cpu", _run.In("moved", "sample", "--resume").Error);
    }

    [Fact]
    public void Analysing_leaves_the_provenance_of_the_data_and_says_what_it_used()
    {
        File.WriteAllText(_run.Config, Strided + "\n[analyze]\nobservables = [\"plaquette\", \"wilson_loop_2x2\"]\n");
        Assert.Equal(ExitCode.Done, _run.In("run", "sample").Code);
        var provenance = File.ReadAllText(_run.At("run", "provenance.json"));
        CommandRun.Invoke("analyze", _run.At("run"), "--set", "analyze.observables=[\"plaquette\"]");
        CommandRun.Invoke("report", _run.At("run"));
        Assert.Equal(provenance, File.ReadAllText(_run.At("run", "provenance.json")));
        var analysis = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(_run.At("run", "analysis.json")))!;
        Assert.Equal("plaquette", (string?)Assert.Single(analysis["settings"]!["observables"]!.AsArray()));
        Assert.True((long)analysis["settings"]!["flow_samples"]! >= 65_536);
    }

    [Fact]
    public void A_flow_checkpoint_that_is_not_there_is_found_by_validate()
    {
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("validate", _run.Config).Code);
        var (code, _, error) = CommandRun.Invoke("validate", _run.Config, "--set", $"flow.checkpoint={_run.At("nowhere.h5")}");
        Assert.Equal(ExitCode.CorruptData, code);
        Assert.Contains($"{_run.At("nowhere.h5")}: flow.checkpoint: does not exist", error);
        File.WriteAllText(_run.At("damaged.h5"), "LatticeFlow checkpoint");
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("validate", _run.Config, "--set", $"flow.checkpoint={_run.At("damaged.h5")}").Code);
    }

    [LinuxFact]
    public void A_run_stops_when_the_dotnet_run_that_started_it_dies()
    {
        File.WriteAllText(_run.Config, Strided.Replace("configurations = 1024", "store = \"observables\"\nconfigurations = 10240000", StringComparison.Ordinal));
        // A launcher that looks like dotnet run, and dies of SIGUSR1 as it does: "dotnet run …" with the child under it.
        var script = _run.At("run");
        File.WriteAllText(script, $"dotnet exec '{typeof(SampleCommand).Assembly.Location}' sample '{_run.Config}' --run-dir '{_run.At("launched")}' &\nwait\n");
        using var launcher = Process.Start(new ProcessStartInfo("bash", ["-c", "exec -a dotnet bash run"]) { WorkingDirectory = Path.GetDirectoryName(script), RedirectStandardError = true })!;
        var manifest = _run.At("launched", "ensemble", "hmc", "manifest.jsonl");
        while (!launcher.HasExited && (!File.Exists(manifest) || new FileInfo(manifest).Length == 0)) Thread.Sleep(5);
        Assert.Equal(0, Shell.Run("/bin/sh", "-c", $"kill -USR1 {launcher.Id}").ExitCode);
        // The end of stderr is the end of the child, which holds it.
        var error = launcher.StandardError.ReadToEnd();
        launcher.WaitForExit();
        Assert.Contains("dotnet run has ended: stopping", error);
        Assert.Contains("stopped after a checkpoint", error);
        Assert.Equal(ExitCode.Stopped, (int)System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(_run.At("launched", "provenance.json")))!["exit_code"]!);
    }

    [Fact]
    public void A_run_resumes_at_whatever_stage_it_was_stopped()
    {
        var whole = _run.In("whole", "run");
        Assert.Equal(ExitCode.Stopped, _run.Stopped("stopped", new RunCommand(), "train", 20));
        Assert.Equal(ExitCode.Stopped, _run.Stopped("stopped", new RunCommand(), "hmc", 400, resume: true));
        var resumed = _run.In("stopped", "run", "--resume");
        Assert.Equal(whole.Code, resumed.Code);
        _run.AssertSameEnsembles("whole", "stopped");
        // A run that is complete is analysed again and changes nothing.
        Assert.Equal(resumed.Output, _run.In("stopped", "run", "--resume").Output);
        _run.AssertSameEnsembles("whole", "stopped");
    }

    [LinuxFact]
    public void A_sampling_killed_three_times_ends_bit_for_bit_like_one_that_was_not()
    {
        Assert.Equal(ExitCode.Done, _run.In("whole", "train").Code);
        CopyRun("whole", "killed");
        Assert.Equal(ExitCode.Done, _run.In("whole", "sample").Code);
        var random = new Random(5);
        var kills = 0;
        foreach (var sample in new[] { "flow", "hmc", "heatbath" })
        {
            using var child = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(SampleCommand).Assembly.Location, "sample", _run.Config, "--run-dir", _run.At("killed"), "--resume", "--quiet"]))!;
            // An instant soon after this sample has begun.
            while (!child.HasExited && !Directory.Exists(_run.At("killed", "ensemble", sample))) Thread.Sleep(5);
            Thread.Sleep(random.Next(30));
            child.Kill();
            child.WaitForExit();
            // Where this process had to wait for its turn the other can be at its end: then it ended well.
            if (child.ExitCode != ExitCode.Done) kills++;
            Assert.Contains(child.ExitCode, new[] { ExitCode.Done, 128 + 9 });
        }
        Assert.True(kills > 0);
        var (code, _, error) = _run.In("killed", "sample", "--resume");
        Assert.True(code == ExitCode.Done, error);
        _run.AssertSameEnsembles("whole", "killed");
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("verify", _run.At("killed")).Code);
    }

    [LinuxFact]
    public void A_signal_ends_the_process_with_its_exit_code()
    {
        File.WriteAllText(_run.Config, CommandRun.Small.Replace("configurations = 2000", "configurations = 2000000", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, _run.In("run", "train").Code);
        foreach (var signal in new[] { "TERM", "USR1", "USR2", "XCPU" })
        {
            using var child = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(SampleCommand).Assembly.Location, "sample", _run.Config, "--run-dir", _run.At("run"), "--resume", "--quiet"]))!;
            var manifest = _run.At("run", "ensemble", "hmc", "manifest.jsonl");
            var before = File.Exists(manifest) ? new FileInfo(manifest).Length : 0;
            while (!child.HasExited && (!File.Exists(manifest) || new FileInfo(manifest).Length == before)) Thread.Sleep(5);
            Assert.Equal(0, Shell.Run("/bin/sh", "-c", $"kill -{signal} {child.Id}").ExitCode);
            child.WaitForExit();
            Assert.Equal(ExitCode.Stopped, child.ExitCode);
        }
        EnsembleReader.Open(_run.At("run", "ensemble", "hmc")).VerifyAll();
    }

    internal const string Strided = """
        [run]
        name = "strided"
        device = "cpu"
        [theory]
        extents = [4, 8]
        action = { kind = "wilson", beta = 1.0 }
        [[sample]]
        sampler = "hmc"
        acceptance = 0.8
        configurations = 1024
        replicas = 8
        stride = 5
        thermalization = 1500
        segment = 512
        """;

    private string[] Unfinished(string directory) => Directory.Exists(_run.At(directory, "ensemble")) ? Directory.GetFiles(_run.At(directory, "ensemble"), "unfinished.h5", SearchOption.AllDirectories) : [];

    /// <summary>Steps of the chain and draws in a checkpoint; null while it is written or gone.</summary>
    private static (long Step, long Draws)? Step(string file)
    {
        try
        {
            var saved = CheckpointReader.Read(file, "unfinished");
            return (saved.GetLongs("chain")[0], saved.GetLong("draws"));
        }
        catch (StorageException)
        {
            return null;
        }
    }

    private StateSections Newest(string directory) => CheckpointReader.Read(_run.At(directory, "flow", "newest.h5"), "flow");

    private void AssertSameTraining(string expected, string actual)
    {
        foreach (var name in new[] { "parameters", "adam_first", "adam_second" })
            Assert.Equal(Newest(expected).GetDoubles(name).Select(BitConverter.DoubleToInt64Bits), Newest(actual).GetDoubles(name).Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(Newest(expected).GetLong("training_step"), Newest(actual).GetLong("training_step"));
        Assert.Equal(24, _run.Metrics(expected, "train").Length);
        Assert.Equal(3, _run.Metrics(expected, "evaluate").Length);
        Assert.Equal(_run.Metrics(expected, "train"), _run.Metrics(actual, "train"));
        Assert.Equal(_run.Metrics(expected, "evaluate"), _run.Metrics(actual, "evaluate"));
    }

    private void CopyRun(string from, string to)
    {
        foreach (var file in Directory.GetFiles(_run.At(from), "*", SearchOption.AllDirectories))
        {
            var target = _run.At(to, Path.GetRelativePath(_run.At(from), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}

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
    [InlineData("hmc", 800)]
    [InlineData("flow-and-hmc", 1000)]
    public void A_stopped_sampling_resumes_bit_for_bit(string task, long at)
    {
        Assert.Equal(ExitCode.Done, _run.In("whole", "train").Code);
        CopyRun("whole", "stopped");
        Assert.Equal(ExitCode.Done, _run.In("whole", "sample").Code);
        var code = _run.Stopped("stopped", new SampleCommand(), task, at);
        Assert.Equal(task == "flow-and-hmc" ? ExitCode.Done : ExitCode.Stopped, code);
        var (resumed, _, error) = _run.In("stopped", "sample", "--resume");
        Assert.True(resumed == ExitCode.Done, error);
        _run.AssertSameEnsembles("whole", "stopped");
        Assert.Equal(_run.Metrics("whole", "sample"), _run.Metrics("stopped", "sample"));
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
        foreach (var sample in new[] { "flow", "hmc", "heatbath" })
        {
            using var child = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(SampleCommand).Assembly.Location, "sample", _run.Config, "--run-dir", _run.At("killed"), "--resume", "--quiet"]))!;
            // An instant soon after this sample has begun.
            while (!child.HasExited && !Directory.Exists(_run.At("killed", "ensemble", sample))) Thread.Sleep(5);
            Thread.Sleep(random.Next(30));
            Assert.False(child.HasExited);
            child.Kill();
            child.WaitForExit();
        }
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
        foreach (var signal in new[] { "TERM", "USR1" })
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

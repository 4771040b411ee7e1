using LatticeFlow.Cli.Services;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Every kind of bad input gets a message that says what to do, the right exit code, and leaves what is stored as it is.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string HmcOnly = """
        [run]
        name = "hmc"
        device = "cpu"
        [theory]
        extents = [8, 8]
        action = { kind = "wilson", beta = 1.0 }
        [[sample]]
        sampler = "hmc"
        steps = 5
        configurations = 3000
        replicas = 10
        segment = 100
        thermalization = 50
        """;

    private readonly CommandRun _run = new(HmcOnly);

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("steps = 5", "setps = 5", "unknown key 'setps'")]
    [InlineData("steps = 5", "steps = \"five\"", "sample.0.steps must be an integer")]
    [InlineData("[[sample]]", "[flow]\nlayers = [ { kind = \"plaquette-coupling\", rectangles = 1 } ]\n[train]\n[[sample]]", "flow.layers.0.rectangles must be true or false, not the integer 1")]
    [InlineData("[[sample]]", "[flow]\nlayers = [ { kind = \"doubling\", levels = 4 } ]\n[train]\n[[sample]]", "extent 8 is not a multiple of 16")]
    [InlineData("extents = [8, 8]", "extents = [1, 8]", "sample.0.sampler has a heat bath")]
    public void A_wrong_configuration_starts_nothing(string old, string now, string message)
    {
        // A link that is its own neighbour has no conditional distribution.
        var text = HmcOnly.Replace(old, now, StringComparison.Ordinal);
        if (message == "sample.0.sampler has a heat bath") text = text.Replace("\"hmc\"\nsteps = 5", "\"heatbath\"", StringComparison.Ordinal);
        File.WriteAllText(_run.Config, text);
        var (code, output, error) = _run.In("run", "run");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal("", output);
        Assert.False(Directory.Exists(_run.At("run")));
    }

    [Fact]
    public void An_absent_device_is_said_before_anything_is_written()
    {
        var (code, _, error) = _run.In("run", "run", "--device", "opencl:99");
        Assert.Equal(ExitCode.DeviceFailed, code);
        Assert.Contains("opencl:99", error, StringComparison.Ordinal);
        Assert.Contains("Available:", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_run.At("run")));
        Assert.Equal(ExitCode.DeviceFailed, CommandRun.Invoke("devices", "--device", "opencl:99").Code);
    }

    [Fact]
    public void Devices_lists_what_was_found_and_why_not()
    {
        var (code, output, _) = CommandRun.Invoke("devices", "--device", "cpu");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("scalar", output, StringComparison.Ordinal);
        Assert.Contains("--device cpu takes cpu ", output, StringComparison.Ordinal);
        Assert.Contains("\"instruction_set\"", CommandRun.Invoke("devices", "--device", "cpu", "--json").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "does not exist")]
    [InlineData("truncated", "newest.h5")]
    [InlineData("flipped", "newest.h5")]
    [InlineData("segment", "is a")]
    public void A_damaged_checkpoint_is_refused_and_left_alone(string damage, string message)
    {
        using var trained = new CommandRun();
        Assert.Equal(ExitCode.Done, trained.In("run", "train", "--set", "train.steps=2", "--set", "train.evaluate_every=0").Code);
        var path = trained.At("run", "flow", "newest.h5");
        var bytes = File.ReadAllBytes(path);
        if (damage == "missing") File.Delete(path);
        else if (damage == "truncated") File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        else if (damage == "flipped")
        {
            bytes[bytes.Length / 2] ^= 4;
            File.WriteAllBytes(path, bytes);
        }
        else CheckpointWriter.Write(path, "segment", new StateSections().Set("x", 1L));
        var before = File.Exists(path) ? File.ReadAllBytes(path) : [];
        // As what another run starts from …
        var (code, _, error) = trained.In("other", "train", "--set", $"flow.checkpoint={trained.At("run")}");
        Assert.Equal(ExitCode.CorruptData, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(trained.At("other")));
        // … and by verify; a run that lost its checkpoint starts its training over, the rest cannot go on.
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("verify", trained.At("run")).Code);
        if (damage == "missing") return;
        File.Delete(trained.At("run", "flow", "previous.h5"));
        Assert.Equal(ExitCode.CorruptData, trained.In("run", "train", "--resume", "--set", "train.steps=2", "--set", "train.evaluate_every=0").Code);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("truncated")]
    [InlineData("flipped")]
    public void A_damaged_segment_is_found_by_every_reader_and_left_alone(string damage)
    {
        Assert.Equal(ExitCode.Done, _run.In("run", "sample").Code);
        var path = _run.At("run", "ensemble", "hmc", "seg-000003.h5");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 3] ^= 1;
        if (damage == "missing") File.Delete(path);
        else File.WriteAllBytes(path, damage == "truncated" ? bytes[..1000] : bytes);
        var others = Directory.GetFiles(_run.At("run", "ensemble", "hmc"), "seg-*.h5").ToDictionary(file => file, File.ReadAllBytes);
        (int Code, string Output, string Error)[] results =
        [
            CommandRun.Invoke("analyze", _run.At("run")), CommandRun.Invoke("verify", _run.At("run")), _run.In("run", "sample", "--resume"),
            CommandRun.Invoke("export", _run.At("run"), "--output", _run.At("out.h5")),
        ];
        foreach (var (code, output, error) in results)
        {
            Assert.Equal(ExitCode.CorruptData, code);
            Assert.Contains("seg-000003.h5", output + error, StringComparison.Ordinal);
        }
        foreach (var (file, content) in others) Assert.Equal(content, File.ReadAllBytes(file));
        Assert.False(File.Exists(_run.At("out.h5")));
    }

    [Fact]
    public void A_damaged_last_segment_is_set_aside_and_repeated()
    {
        Assert.Equal(ExitCode.Done, _run.In("run", "sample").Code);
        var path = _run.At("run", "ensemble", "hmc", "seg-000029.h5");
        var bytes = File.ReadAllBytes(path);
        var damaged = (byte[])bytes.Clone();
        damaged[5000] ^= 8;
        File.WriteAllBytes(path, damaged);
        var (code, _, error) = _run.In("run", "sample", "--resume");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("set aside damaged seg-000029.h5", error, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.Equal(damaged, File.ReadAllBytes(path + ".corrupt"));
    }

    [Fact]
    public void Verify_notices_numbers_that_do_not_belong_to_the_links()
    {
        Assert.Equal(ExitCode.Done, _run.In("run", "sample").Code);
        var resolved = _run.At("run", "resolved.toml");
        File.WriteAllText(resolved, File.ReadAllText(resolved).Replace("beta = 1.0", "beta = 1.0000001", StringComparison.Ordinal));
        var (code, output, _) = CommandRun.Invoke("verify", _run.At("run"));
        Assert.Equal(ExitCode.DiagnosticsFailed, code);
        Assert.Contains("FAIL hmc: stored action", output, StringComparison.Ordinal);
        Assert.Contains("ok   hmc: stored plaquette", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_notices_a_flow_that_did_not_draw_the_ensemble()
    {
        using var flow = new CommandRun();
        Assert.Equal(ExitCode.Done, flow.In("run", "train").Code);
        Assert.Equal(ExitCode.Done, flow.In("run", "sample").Code);
        File.Copy(flow.At("run", "flow", "newest.h5"), flow.At("kept.h5"));
        Assert.Equal(ExitCode.Done, flow.In("other", "train", "--set", "run.seed=2").Code);
        File.Copy(flow.At("other", "flow", "newest.h5"), flow.At("run", "flow", "newest.h5"), overwrite: true);
        var (code, output, _) = CommandRun.Invoke("verify", flow.At("run"));
        Assert.Equal(ExitCode.DiagnosticsFailed, code);
        Assert.Contains("FAIL flow: stored log_q", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_something_else_is_no_run()
    {
        Directory.CreateDirectory(_run.At("run"));
        File.WriteAllText(_run.At("run", "thesis.tex"), "x");
        var (code, _, error) = _run.In("run", "run");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("thesis.tex", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("analyze", _run.At("run")).Code);
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("verify", _run.At("run")).Code);
        File.WriteAllText(_run.At("run", "resolved.toml"), "[run\n");
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("verify", _run.At("run")).Code);
    }

    [Fact]
    public void A_flow_that_is_not_trained_to_the_end_is_not_sampled()
    {
        using var flow = new CommandRun();
        Assert.Equal(ExitCode.Stopped, flow.Stopped("run", new TrainCommand(), "train", 5));
        var (code, _, error) = flow.In("run", "sample");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("5 of 24 steps", error, StringComparison.Ordinal);
    }

    [MountFact]
    public void A_full_disk_stops_a_run_that_resumes_when_there_is_room()
    {
        Assert.Equal(ExitCode.Done, _run.In("whole", "sample").Code);
        WithMount("size=8m", folder =>
        {
            // There is room when it begins, and then somebody else takes it.
            var (code, error) = _run.Filled(Path.Join(folder, "run"), "hmc", 1);
            Assert.Equal(ExitCode.Stopped, code);
            Assert.Contains("full", error, StringComparison.Ordinal);
            Assert.Contains("--resume", error, StringComparison.Ordinal);
            (code, _, error) = CommandRun.Invoke("sample", _run.Config, "--run-dir", Path.Join(folder, "run"), "--resume");
            Assert.Equal(ExitCode.BadUsage, code);
            Assert.Contains("on the disk beside what it has stored", error, StringComparison.Ordinal);
            File.Delete(Path.Join(folder, "filler"));
            Assert.True(EnsembleReader.Open(Path.Join(folder, "run", "ensemble", "hmc")).Count > 0);
            (code, _, error) = CommandRun.Invoke("sample", _run.Config, "--run-dir", Path.Join(folder, "run"), "--resume");
            Assert.True(code == ExitCode.Done, error);
            foreach (var file in Directory.GetFiles(_run.At("whole", "ensemble", "hmc"), "seg-*.h5"))
                Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Join(folder, "run", "ensemble", "hmc", Path.GetFileName(file))));
        });
    }

    [MountFact]
    public void A_read_only_run_is_not_written_but_can_be_verified()
    {
        WithMount("size=8m", folder =>
        {
            var run = Path.Join(folder, "run");
            Assert.Equal(ExitCode.Done, CommandRun.Invoke("sample", _run.Config, "--run-dir", run, "--quiet").Code);
            Assert.Equal(0, Shell.Run("mount", "-o", "remount,ro", folder).ExitCode);
            var (analysed, table, warning) = CommandRun.Invoke("analyze", run);
            Assert.True(analysed is ExitCode.Done or ExitCode.DiagnosticsFailed, warning);
            Assert.Contains("plaquette", table, StringComparison.Ordinal);
            Assert.Contains("--output", warning, StringComparison.Ordinal);
            foreach (var arguments in new[] { ["sample", _run.Config, "--run-dir", run, "--resume"], new[] { "run", _run.Config, "--run-dir", Path.Join(folder, "new") } })
            {
                var (code, _, error) = CommandRun.Invoke(arguments);
                Assert.Equal(ExitCode.BadUsage, code);
                Assert.Contains("cannot be written", error, StringComparison.Ordinal);
            }
            Assert.Equal(ExitCode.Done, CommandRun.Invoke("verify", run).Code);
        });
    }

    private static void WithMount(string options, Action<string> test)
    {
        using var scratch = new ScratchDirectory();
        Assert.Equal(0, Shell.Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", scratch.Path).ExitCode);
        try
        {
            test(scratch.Path);
        }
        finally
        {
            Assert.Equal(0, Shell.Run("umount", scratch.Path).ExitCode);
        }
    }
}

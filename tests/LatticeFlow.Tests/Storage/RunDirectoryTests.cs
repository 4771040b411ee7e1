using System.Text.Json.Nodes;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

public class RunDirectoryTests
{
    private static Provenance Who => new() { Version = "0.1.0", Commit = "abc", CommandLine = "latticeflow run x.toml", Device = "cpu", Isa = "AVX2", Seed = 3 };

    [Fact]
    public void A_new_run_has_its_files_and_an_existing_one_is_refused_or_resumed()
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("runs", "one");
        using (var run = RunDirectory.Open(path, "given", "a = 1\nb = 2\n", Who, resume: false))
        {
            Assert.False(run.Resumed);
            Assert.Equal(("given", "a = 1\nb = 2\n"), (File.ReadAllText(run.ConfigPath), run.ResolvedText()));
            Assert.True(Directory.Exists(run.FlowDirectory));
            Assert.Equal(Path.Combine(path, "ensemble", "hmc"), run.EnsembleDirectory("hmc"));
            Assert.Equal(["hmc"], run.Samplers());
            Assert.Throws<ArgumentException>(() => run.EnsembleDirectory("../hmc"));
            run.Finish(75);
        }

        var provenance = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "provenance.json")))!;
        Assert.Equal("latticeflow run x.toml", (string?)provenance["command_line"]);
        Assert.Equal((3UL, 75), ((ulong)provenance["seed"]!, (int)provenance["exit_code"]!));
        Assert.NotNull(provenance["end"]);

        Expect(2, "--resume", () => RunDirectory.Open(path, "given", "a = 1\nb = 2\n", Who, resume: false));
        Expect(2, "line 2 is 'b = 2', the configuration now says 'b = 3'", () => RunDirectory.Open(path, "given", "a = 1\nb = 3\n", Who, resume: true));
        Expect(2, "line 3 is '', the configuration now says 'c = 1'", () => RunDirectory.Open(path, "given", "a = 1\nb = 2\nc = 1\n", Who, resume: true));
        using (var run = RunDirectory.Open(path, "given", "a = 1\nb = 2\n", Who, resume: true))
        {
            Assert.Equal((true, ("cpu", "AVX2")), (run.Resumed, run.Before));
            run.Finish(0);
        }

        // Every life has its own beginning and end.
        provenance = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "provenance.json")))!;
        Assert.Equal((75, 0), ((int)provenance["exit_code"]!, (int)Assert.Single(provenance["resumes"]!.AsArray())!["exit_code"]!));
        Assert.NotNull(provenance["end"]);
        using (var run = RunDirectory.OpenExisting(path))
            Assert.Throws<InvalidOperationException>(() => run.Finish(0));
        Assert.Equal(provenance.ToJsonString(), JsonNode.Parse(File.ReadAllText(Path.Combine(path, "provenance.json")))!.ToJsonString());
        Expect(4, "not a run directory", () => RunDirectory.OpenExisting(scratch.Path));
        using var fresh = RunDirectory.Open(scratch.At("other"), "", "x\n", Who, resume: true);
        Assert.False(fresh.Resumed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"seed\": 3, \"se")]
    [InlineData("[1]")]
    [InlineData("{\"seed\": 3, \"seed\": 4}")]
    [InlineData(null)]
    public void Damaged_or_missing_provenance_is_set_aside_and_the_run_goes_on(string? text)
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("run"), provenance = Path.Combine(path, "provenance.json");
        using (RunDirectory.Open(path, "", "r\n", Who, resume: false))
        {
            File.Delete(provenance);
        }

        if (text is not null) File.WriteAllText(provenance, text);
        using (var run = RunDirectory.Open(path, "", "r\n", Who, resume: true))
            run.Finish(0);
        Assert.Equal(0, (int)JsonNode.Parse(File.ReadAllText(provenance))!["resumes"]![0]!["exit_code"]!);
        Assert.Equal(text is not null, File.Exists(provenance + ".damaged"));
    }

    [Fact]
    public void The_command_line_can_be_typed_again()
        => Assert.Equal("latticeflow run 'my runs/a.toml' --set 'theory.extents=[4, 8]' 'it'\\''s' '' a=b", Provenance.Quoted(["latticeflow", "run", "my runs/a.toml", "--set", "theory.extents=[4, 8]", "it's", "", "a=b"]));

    [Fact]
    public void Bytes_that_a_decoder_drops_or_makes_up_do_not_move_where_lines_end()
    {
        using var scratch = new ScratchDirectory();
        // A byte order mark, a carriage return, and a byte that is no UTF-8 and is read as a character of three.
        byte[] first = [0xEF, 0xBB, 0xBF, (byte)'a', 0xFF, (byte)'\r', (byte)'\n'], second = [(byte)'b', (byte)'\n'];
        File.WriteAllBytes(scratch.At("log"), [.. first, .. second, .. "torn"u8]);
        using (var log = new LineLog(scratch.At("log")))
        {
            Assert.Equal([.. first, .. second], Bytes());
            log.RewindTo(line => line == "a\uFFFD");
            Assert.Equal(first, Bytes());
            log.Write("c");
        }

        Assert.Equal([.. first, .. "c\n"u8], Bytes());

        byte[] Bytes()
        {
            using var stream = new FileStream(scratch.At("log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    [Fact]
    public void A_folder_of_something_else_is_not_turned_into_a_run_but_a_creation_cut_off_is_repeated()
    {
        using var scratch = new ScratchDirectory();
        File.WriteAllText(scratch.At("thesis.tex"), "");
        Expect(2, "thesis.tex", () => RunDirectory.Open(scratch.Path, "", "", Who, resume: true));
        Directory.CreateDirectory(scratch.At("run"));
        File.WriteAllText(scratch.At("run", "config.toml"), "half");
        File.WriteAllText(scratch.At("run", ".resolved.toml.tmp"), "half");
        using var run = RunDirectory.Open(scratch.At("run"), "whole", "r\n", Who, resume: false);
        Assert.Equal("whole", File.ReadAllText(run.ConfigPath));
    }

    [Fact]
    public void One_process_object_at_a_time()
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("run");
        using (RunDirectory.Open(path, "", "r\n", Who, resume: false))
        {
            var fault = Expect(2, "in use by", () => RunDirectory.Open(path, "", "r\n", Who, resume: true));
            if (OperatingSystem.IsLinux())
                Assert.Contains($"process {Environment.ProcessId} on", fault.Message);
        }

        File.WriteAllText(Path.Combine(path, "run.lock"), $"process 999999999 on {Environment.MachineName} since 2020-01-01T00:00:00Z");
        using var later = RunDirectory.Open(path, "", "r\n", Who, resume: true);
        Assert.Contains("999999999", later.StaleHolder);
    }

    [LinuxFact]
    public void A_living_holder_is_believed_even_where_the_lock_is_granted()
    {
        using var scratch = new ScratchDirectory();
        using var other = System.Diagnostics.Process.Start("sleep", "30");
        try
        {
            string holder = $"process {other.Id} on {Environment.MachineName} since {other.StartTime.ToUniversalTime():yyyy-MM-ddTHH:mm:ss}Z";
            File.WriteAllText(scratch.At("run.lock"), holder);
            Expect(2, holder, () => DirectoryLock.Acquire(scratch.Path));
            File.WriteAllText(scratch.At("run.lock"), holder.Replace("since 2", "since 1", StringComparison.Ordinal)); // same number, another process
            using var taken = DirectoryLock.Acquire(scratch.Path);
            Assert.NotNull(taken.StaleHolder);
        }
        finally
        {
            other.Kill();
            other.WaitForExit();
        }
    }

    [Fact]
    public void Metrics_lines_are_json_and_rewind_to_a_checkpoint()
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("metrics.jsonl");
        using (var metrics = new MetricsLog(path))
        {
            for (int step = 0; step < 5; step++)
                metrics.Append("train", ("step", step), ("loss", step == 1 ? double.NaN : -step));
        }

        File.AppendAllText(path, "{\"kind\":\"tr"); // torn by a power cut
        using (var metrics = new MetricsLog(path))
        {
            metrics.RewindTo("train", "step", 2);
            metrics.Append("train", ("step", 3), ("loss", 0.5));
        }

        var lines = File.ReadAllLines(path).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal([0, 1, 2, 3], lines.Select(line => (int)line["step"]!));
        Assert.Null(lines[1]["loss"]);
        Assert.Equal(0.5, (double)lines[3]["loss"]!);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_exit_code_2_with_a_remedy()
    {
        using var scratch = new ScratchDirectory();
        File.WriteAllText(scratch.At("file"), "");
        Expect(2, "--run-dir", () => RunDirectory.Open(scratch.At("file", "run"), "", "", Who, resume: false));
        Expect(2, "cannot be written", () => AtomicFile.Write(scratch.At("missing", "c.h5"), [1]));
        Expect(2, "cannot be written", () => new LineLog(scratch.At("missing", "log.txt")).Dispose());
    }

    private static StorageException Expect(int exitCode, string message, Func<object> act)
    {
        var fault = Assert.Throws<StorageException>(act);
        Assert.Contains(message, fault.Message);
        Assert.Equal(exitCode, fault.ExitCode);
        return fault;
    }

    private static StorageException Expect(int exitCode, string message, Action act) => Expect(exitCode, message, () =>
    {
        act();
        return "";
    });
}

using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Directories that others use at the same time, or have made: other hosts where locks do not work, other programs, links, backups.</summary>
public class SharedDirectoryTests
{
    private static readonly EnsembleHeader Header = StorageSamples.Header("U1", 4, 4);

    private static Provenance Who => new() { Version = "0.1.0", Commit = "abc", CommandLine = "latticeflow run x.toml", Device = "cpu", Isa = "AVX2", Seed = 3 };

    [Fact]
    public void The_lock_of_another_host_is_refused_with_a_remedy()
    {
        using var scratch = new ScratchDirectory();
        using (RunDirectory.Open(scratch.At("run"), "", "r\n", Who, resume: false))
        {
            string held = File.Exists(scratch.At("run", "run.lock")) ? Shell.Run("cat", scratch.At("run", "run.lock")).Output : "";
            if (OperatingSystem.IsLinux())
                Assert.Matches("^process [0-9]+ on [^ ]+ since [^ ]+ token [0-9a-f]{16}$", held);
        }

        string holder = "process 17 on node0815 since 2026-01-01T00:00:00Z token 0123456789abcdef";
        File.WriteAllText(scratch.At("run", "run.lock"), holder);
        var fault = Assert.Throws<StorageException>(() => RunDirectory.Open(scratch.At("run"), "", "r\n", Who, resume: true));
        Assert.Equal(StorageException.Unusable, fault.ExitCode);
        Assert.Contains(holder, fault.Message);
        Assert.Contains($"remove {scratch.At("run", "run.lock")}", fault.Message);
        Assert.Equal(holder, File.ReadAllText(scratch.At("run", "run.lock")));
        File.Delete(scratch.At("run", "run.lock"));
        using var run = RunDirectory.Open(scratch.At("run"), "", "r\n", Who, resume: true);
        Assert.True(run.Resumed);
    }

    [LinuxFact]
    public void A_writer_whose_lock_was_taken_over_stores_nothing_more()
    {
        using var scratch = new ScratchDirectory();
        using var hung = EnsembleWriter.Create(scratch.Path, Header);
        hung.Append(StorageSamples.Block(Header, 3), StorageSamples.State(0));
        string[] before = Listing(scratch.Path);

        // Another host, for which the lock is free: the file is replaced, as after its removal.
        File.Delete(scratch.At(".writer.lock"));
        using (var other = EnsembleWriter.Resume(scratch.Path, Header))
        {
            var fault = Assert.Throws<StorageException>(() => hung.Append(StorageSamples.Block(Header, 3, 3), StorageSamples.State(1)));
            Assert.Equal(StorageException.Unusable, fault.ExitCode);
            Assert.Contains("taken over", fault.Message);
            Assert.Equal(before, Listing(scratch.Path));
            other.Append(StorageSamples.Block(Header, 3, 3), StorageSamples.State(1));
        }

        Assert.Equal(6, EnsembleReader.Open(scratch.Path).Count);
    }

    [Theory]
    [InlineData("removed", StorageException.Corrupt)]
    [InlineData("emptied", StorageException.Unusable)]
    [InlineData("continued", StorageException.Unusable)]
    [InlineData("replaced", StorageException.Unusable)]
    public void A_manifest_that_is_not_the_writers_any_more_is_noticed_before_anything_is_stored(string change, int exitCode)
    {
        using var scratch = new ScratchDirectory();
        using var writer = EnsembleWriter.Create(scratch.Path, Header);
        writer.Append(StorageSamples.Block(Header, 3), StorageSamples.State(0));
        string manifest = scratch.At("manifest.jsonl"), text = File.ReadAllText(manifest);
        switch (change)
        {
            case "removed":
                File.Delete(manifest);
                break;
            case "emptied":
                File.WriteAllText(manifest, "");
                break;
            case "continued":
                File.AppendAllText(manifest, text);
                break;
            default:
                File.WriteAllText(manifest, text.Replace("\"rng_counter\":0", "\"rng_counter\":7", StringComparison.Ordinal));
                break;
        }

        string[] before = Listing(scratch.Path);
        var fault = Assert.Throws<StorageException>(() => writer.Append(StorageSamples.Block(Header, 3, 3), StorageSamples.State(1)));
        Assert.Equal(exitCode, fault.ExitCode);
        Assert.Equal(manifest, fault.File);
        Assert.Equal(before, Listing(scratch.Path));
    }

    [LinuxFact]
    public void A_segment_that_another_program_holds_open_is_in_use_and_not_renamed()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, Header, segments: 2);
        string[] before = Listing(scratch.Path);
        using (new FileStream(scratch.At("seg-000001.h5"), FileMode.Open, FileAccess.Read, FileShare.None))
        {
            foreach (Action use in new Action[] { () => EnsembleWriter.Resume(scratch.Path, Header), () => EnsembleReader.Open(scratch.Path).VerifyAll() })
            {
                var fault = Assert.Throws<StorageException>(use);
                Assert.Equal(StorageException.Unusable, fault.ExitCode);
                Assert.Contains("in use", fault.Message);
            }
        }

        Assert.Equal(before, Listing(scratch.Path));
        using var writer = EnsembleWriter.Resume(scratch.Path, Header);
        Assert.Equal(2, writer.NextSegment);
    }

    [LinuxFact]
    public void Segments_are_written_read_only()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, Header, segments: 1);
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(scratch.At("seg-000000.h5")));
    }

    [LinuxTheory]
    [InlineData("run.lock")]
    [InlineData("log.txt")]
    [InlineData("metrics.jsonl")]
    [InlineData(".analysis.json.tmp")]
    [InlineData("analysis.json")]
    [InlineData(".provenance.json.tmp")]
    [InlineData("ensemble/hmc/manifest.jsonl")]
    [InlineData("ensemble/hmc/.writer.lock")]
    [InlineData("ensemble/hmc/.seg-000001.h5.tmp")]
    [InlineData("flow/.newest.h5.tmp")]
    public void Nothing_is_written_through_a_link_in_a_received_directory(string name)
    {
        using var scratch = new ScratchDirectory();
        string run = scratch.At("run"), victim = scratch.At("victim");
        Work(run);
        string content = name.EndsWith("manifest.jsonl", StringComparison.Ordinal) ? File.ReadAllText(Path.Combine(run, name)) : "precious\n";
        File.WriteAllText(victim, content);
        File.Delete(Path.Combine(run, name));
        File.CreateSymbolicLink(Path.Combine(run, name), victim);
        try
        {
            Work(run);
        }
        catch (StorageException fault)
        {
            Assert.Equal(StorageException.Unusable, fault.ExitCode);
            Assert.Contains("symbolic link", fault.Message);
            Assert.Contains(Path.GetFileName(name), fault.Message);
        }

        Assert.Equal(content, File.ReadAllText(victim));
    }

    [LinuxTheory]
    [InlineData("log.txt")]
    [InlineData("metrics.jsonl")]
    [InlineData("ensemble/hmc/manifest.jsonl")]
    public void A_backup_by_hard_links_stays_as_it_was(string name)
    {
        using var scratch = new ScratchDirectory();
        string run = scratch.At("run"), backup = scratch.At("backup");
        Work(run);
        Assert.Equal(0, Shell.Run("ln", Path.Combine(run, name), backup).ExitCode);
        string before = File.ReadAllText(backup);
        Work(run);
        Assert.Equal(before, File.ReadAllText(backup));
        Assert.StartsWith(before, File.ReadAllText(Path.Combine(run, name)), StringComparison.Ordinal);
        Assert.NotEqual(before, File.ReadAllText(Path.Combine(run, name)));
    }

    // What a run writes, once more.
    private static void Work(string path)
    {
        using var run = RunDirectory.Open(path, "given", "r\n", Who, resume: true);
        using (var log = run.OpenLog())
            log.Write("a line");
        using (var metrics = run.OpenMetrics())
            metrics.Append("sample", ("segment", 1));
        using (var writer = EnsembleWriter.Resume(run.EnsembleDirectory("hmc"), Header))
            writer.Append(StorageSamples.Block(Header, 3, (int)writer.Count), StorageSamples.State(writer.NextSegment));
        CheckpointWriter.Write(Path.Combine(run.FlowDirectory, "newest.h5"), "flow", new StateSections().Set("step", 1L));
        AtomicFile.WriteText(run.AnalysisPath, "{}\n");
        run.Finish(0);
    }

    private static string[] Listing(string folder)
        => [.. Directory.GetFiles(folder).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).Order().Select(path => $"{Path.GetFileName(path)} {Convert.ToHexString(Read(path))}")];

    private static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return System.Security.Cryptography.SHA256.HashData(stream);
    }
}

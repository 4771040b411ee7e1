using System.Diagnostics;
using System.Text.Json.Nodes;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Ensembles of several chains out to gauge files and in again, pipes, and imports beside and after others.</summary>
public sealed class ChainExchangeTests : IDisposable
{
    private readonly ScratchDirectory scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("nersc", 2)]
    [InlineData("ildg", 2)]
    [InlineData("milc", 3)]
    [InlineData("openqcd", 3)]
    public void Chains_stay_apart_through_export_and_import(string format, int n)
    {
        // 4 replicas of 3 steps each, interleaved; the analysis of one chain of 12 would have another error.
        Ensemble(n, replicas: 4, steps: 3);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", scratch.At("source"), "--format", format, "--output", scratch.At("files")).Code);
        string[] files = [.. Directory.GetFiles(scratch.At("files")).Order(StringComparer.Ordinal)];
        Assert.Equal($"source-r000-000010.{format}", Path.GetFileName(files[0]));

        // The shell gives one replica after the other, here backwards.
        var (code, _, error) = CommandRun.Invoke(["import", .. files.Reverse(), "--to", scratch.At("run"), "--quiet"]);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("given in another order", error, StringComparison.Ordinal);
        var (source, imported) = (EnsembleReader.Open(scratch.At("source")), EnsembleReader.Open(scratch.At("run", "ensemble", "import")));
        Assert.Equal(source.ReadSegment(0).Replica, imported.ReadSegment(0).Replica);
        Assert.Equal(source.ReadSegment(0).Step, imported.ReadSegment(0).Step);
        double[][] expected = source.ReadColumn("plaquette"), found = imported.ReadColumn("plaquette");
        Assert.Equal(4, found.Length);
        for (int replica = 0; replica < 4; replica++)
            Assert.All(expected[replica].Zip(found[replica]), pair => Assert.Equal(pair.First, pair.Second, format == "milc" ? 1e-6 : 0.0));

        // And out again: the same names, and but for the date the same headers.
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", scratch.At("run"), "--format", format, "--output", scratch.At("again"), "--label", "source").Code);
        Assert.Equal(files.Select(file => Path.GetFileName(file).Replace("source", "import", StringComparison.Ordinal)), Directory.GetFiles(scratch.At("again")).Order(StringComparer.Ordinal).Select(Path.GetFileName));
        if (format == "nersc")
        {
            var properties = new NerscFile().Read(scratch.At("again", "import-r002-000030.nersc")).Properties;
            Assert.Equal(("source.r2", "30"), (properties["ENSEMBLE_LABEL"], properties["SEQUENCE_NUMBER"]));
        }
    }

    [Fact]
    public void Chains_of_other_codes_are_told_apart_by_directory_or_pattern()
    {
        Ensemble(n: 2, replicas: 2, steps: 2);
        CommandRun.Invoke("export", scratch.At("source"), "--format", "nersc", "--output", scratch.At("files"));
        foreach (string file in Directory.GetFiles(scratch.At("files")))
        {
            string replica = Path.GetFileName(file)["source-r".Length..][..3], number = Path.GetFileName(file)["source-r000-0000".Length..][..2];
            Directory.CreateDirectory(scratch.At("run" + replica));

            // As Grid writes: one label, one number.
            File.WriteAllBytes(scratch.At("run" + replica, "lat." + number), Latin.Replace(File.ReadAllBytes(file), @"(SEQUENCE_NUMBER|ENSEMBLE_LABEL) = [^\n]*", "$1 = 1"));
        }

        string[] files = [scratch.At("run000", "lat.10"), scratch.At("run000", "lat.20"), scratch.At("run001", "lat.10"), scratch.At("run001", "lat.20")];
        var (code, _, error) = CommandRun.Invoke(["import", .. files, "--to", scratch.At("none")]);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("--replica directory", error, StringComparison.Ordinal);
        foreach (string rule in new[] { "directory", "run([0-9]+)/" })
        {
            string run = scratch.At(rule.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(ExitCode.Done, CommandRun.Invoke(["import", .. files, "--to", run, "--replica", rule]).Code);
            var block = EnsembleReader.Open(Path.Join(run, "ensemble", "import")).ReadSegment(0);
            Assert.Equal([0L, 1L, 0L, 1L], block.Replica);
            Assert.Equal([10L, 10L, 20L, 20L], block.Step);
        }

        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke(["import", .. files, "--to", scratch.At("none"), "--replica", "run[0-9]+"]).Code);
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke(["import", .. files, "--to", scratch.At("none"), "--number", "order"]).Code);
    }

    [Fact]
    public void Copies_are_told()
    {
        File.Copy(GaugeSamples.MilcLittleEndian, scratch.At("c.1"));
        File.Copy(GaugeSamples.MilcLittleEndian, scratch.At("c.2"));
        var (code, output, error) = CommandRun.Invoke("import", scratch.At("c.1"), scratch.At("c.2"), "--to", scratch.At("run"), "--json");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("1 of 2 configurations hold the links of another one to the bit", error, StringComparison.Ordinal);
        Assert.Single(JsonNode.Parse(output)!["warnings"]!.AsArray());
    }

    [Fact]
    public void An_export_that_was_stopped_is_finished_by_the_same_command()
    {
        Ensemble(n: 3, replicas: 2, steps: 2);
        foreach (var (format, precision) in new[] { ("nersc", "float"), ("milc", "float"), ("ildg", "double") })
        {
            string[] command = ["export", scratch.At("source"), "--format", format, "--precision", precision, "--output", scratch.At("files")];
            Assert.Equal(ExitCode.Done, CommandRun.Invoke(command).Code);
            string lost = scratch.At("files", $"source-r001-000010.{format}"), kept = scratch.At("files", $"source-r000-000010.{format}");
            File.Delete(lost);
            byte[] before = File.ReadAllBytes(kept);
            Assert.Equal(ExitCode.Done, CommandRun.Invoke(command).Code);
            Assert.True(File.Exists(lost));
            Assert.Equal(before, File.ReadAllBytes(kept));
            Assert.Equal(4, Directory.GetFiles(scratch.At("files"), "*." + format).Length);
            Assert.Empty(Directory.GetFiles(scratch.At("files"), ".*"));
        }
    }

    [LinuxFact]
    public void A_pipe_is_read_and_its_name_is_not_taken_for_a_number()
    {
        string pipe = scratch.At("pipe.7"), empty = scratch.At("empty.8");
        Assert.Equal(0, Shell.Run("mkfifo", pipe, empty).ExitCode);
        using var writer = Process.Start("sh", ["-c", $"cat '{GaugeSamples.MilcBigEndian}' > '{pipe}'"]);
        var (code, output, _) = CommandRun.Invoke("import", pipe, "--to", scratch.At("run"), "--json");
        Assert.Equal(ExitCode.Done, code);
        var said = JsonNode.Parse(output)!["configurations"]![0]!;
        Assert.Equal(("milc", 0, pipe), ((string?)said["format"], (int)said["number"]!, (string?)said["file"]));
        Assert.Equal(0.5690557, (double)said["plaquette"]!, 1e-6);
        writer.WaitForExit();

        using var nothing = Process.Start("sh", ["-c", $": > '{empty}'"]);
        var (refused, _, error) = CommandRun.Invoke("import", empty, "--to", scratch.At("other"));
        nothing.WaitForExit();
        Assert.Equal(ExitCode.CorruptData, refused);
        Assert.Contains($"{empty}: is a pipe that gave nothing", error, StringComparison.Ordinal);
        Assert.Equal([empty, pipe, scratch.At("run")], Directory.GetFileSystemEntries(scratch.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_killed_import_left_behind_blocks_nobody_and_what_a_running_one_holds_stays()
    {
        // As the versions before named it, as a killed import leaves it, and as one at work holds it.
        Directory.CreateDirectory(scratch.At(".run.importing"));
        string dead = scratch.At(".run.staging-0123456789ab"), alive = scratch.At(".run.staging-ba9876543210");
        Directory.CreateDirectory(Path.Join(dead, "run"));
        Directory.CreateDirectory(alive);
        using (DirectoryLock.Acquire(alive, "lock"))
        {
            Assert.Equal(ExitCode.Done, CommandRun.Invoke("import", GaugeSamples.Milc, "--to", scratch.At("run")).Code);
            Assert.False(Directory.Exists(dead));
            Assert.True(Directory.Exists(alive));
        }
    }

    [Fact]
    public void Imports_at_once_do_not_disturb_each_other()
    {
        var results = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 6, new() { MaxDegreeOfParallelism = 6 }, at =>
        {
            try
            {
                EnsembleImport.ToDirectory(scratch.At("run"), [GaugeSamples.Milc], new());
                results.Add("done");
            }
            catch (StorageException fault)
            {
                results.Add($"{fault.ExitCode} {fault.What}");
            }
        });
        Assert.Single(results, "done");
        Assert.All(results.Where(result => result != "done"), result => Assert.Equal("2 exists already", result));
        Assert.Equal([scratch.At("run")], Directory.GetFileSystemEntries(scratch.Path));
        Assert.Equal(1, EnsembleReader.Open(scratch.At("run", "ensemble", "import")).Count);
    }

    /// <summary>An ensemble of random links in <c>source</c>: steps 10, 20, …, all replicas of a step together.</summary>
    private void Ensemble(int n, int replicas, int steps)
    {
        int count = replicas * steps;
        GaugeConfiguration[] configurations = [.. Enumerable.Range(0, count).Select(seed => GaugeSamples.Random(n, seed, 2, 2, 2, 2))];
        using var writer = EnsembleWriter.Create(scratch.At("source"), StorageSamples.Header($"SU{n}", 2, 2, 2, 2));
        writer.Append(
            new()
            {
                Count = count,
                Field = [.. configurations.SelectMany(configuration => configuration.Links)],
                Replica = [.. Enumerable.Range(0, count).Select(row => (long)(row % replicas))],
                Step = [.. Enumerable.Range(0, count).Select(row => 10L * (1 + (row / replicas)))],
                Accepted = new byte[count],
                Action = new double[count],
                Observables = { ["plaquette"] = configurations.Select(GaugeMeasurement.MeanPlaquette).ToArray() },
            },
            StorageSamples.State(0));
    }
}

/// <summary>Text replacements in files that are mostly numbers.</summary>
internal static class Latin
{
    public static byte[] Replace(byte[] bytes, string pattern, string replacement)
        => System.Text.Encoding.Latin1.GetBytes(System.Text.RegularExpressions.Regex.Replace(System.Text.Encoding.Latin1.GetString(bytes), pattern, replacement));
}

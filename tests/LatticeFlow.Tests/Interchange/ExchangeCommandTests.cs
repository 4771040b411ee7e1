using System.Text.Json.Nodes;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary><c>import</c> and <c>export</c> as a user calls them.</summary>
public sealed class ExchangeCommandTests : IDisposable
{
    private const double LastDigit = 0.5e-10;

    private readonly ScratchDirectory scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("nersc")]
    [InlineData("ildg")]
    public void A_sample_survives_import_and_export_to_the_bit(string format)
    {
        string run = scratch.At("run"), output = scratch.At("out");
        Assert.Equal((ExitCode.Done, run + "\n", ""), CommandRun.Invoke("import", GaugeSamples.Nersc, "--to", run, "--beta", "3.36", "--quiet"));
        string file = Path.Join(output, "import-r000-000000." + format);
        Assert.Equal((ExitCode.Done, file + "\n", ""), CommandRun.Invoke("export", run, "--format", format, "--output", output, "--quiet"));
        var original = new NerscFile().Read(GaugeSamples.Nersc);
        var exported = GaugeFileFormats.Detect(file).Read(file);
        Assert.Equal(original.Configuration.Lattice, exported.Configuration.Lattice);
        Assert.Equal(original.Configuration.Links, exported.Configuration.Links);
        if (format == "nersc")
            Assert.Equal(original.Properties["CHECKSUM"], exported.Properties["CHECKSUM"]);
    }

    [Fact]
    public void An_imported_ensemble_says_where_it_comes_from_and_what_it_measures()
    {
        string run = scratch.At("run");
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("import", GaugeSamples.Nersc, GaugeSamples.Ildg, "--to", run, "--beta", "3.36").Code);
        var reader = EnsembleReader.Open(scratch.At("run", "ensemble", "import"));
        Assert.Equal(("SU3", "import", "wilson", 3.36), (reader.Header.Field, reader.Header.Sampler, reader.Header.Action, reader.Header.ActionParameters["beta"]));
        Assert.Equal([4, 8, 8, 8], reader.Header.Extents);
        var block = reader.ReadSegment(0);
        Assert.Equal([0L, 1L], block.Step);
        Assert.All(block.Observables["plaquette"].Values, plaquette => Assert.Equal(0.5038664469, plaquette, LastDigit));
        Assert.All(block.Observables["link_trace"].Values, trace => Assert.Equal(0.005406083858, trace, LastDigit));

        // S = −(β/N) Σ Re tr P = −β · 0.5038… · 6 · 2048.
        Assert.Equal(-3.36 * block.Observables["plaquette"].Values[0] * 6 * 2048, block.Action[0], 1e-9);
        var sources = JsonNode.Parse(reader.ReadState(0).Sections.GetText(EnsembleImport.Sources))!.AsArray();
        Assert.Equal(["nersc.l8t4b3360", "ildg.l8t4b3360"], sources.Select(source => (string)source!["file"]!));
        Assert.Equal("b379560a", (string?)sources[0]!["properties"]!["CHECKSUM"]);
    }

    [Fact]
    public void An_imported_directory_is_analysed_and_merged()
    {
        string run = scratch.At("run"), merged = scratch.At("merged.h5");
        string[] files = [.. Enumerable.Range(0, 12).Select(seed =>
        {
            string path = scratch.At($"{seed}.nersc");
            new NerscFile().Write(path, GaugeSamples.Random(2, seed, 2, 2, 2, 2), new() { Precision = Compute.Precision.Single });
            return path;
        })];
        Assert.Equal(ExitCode.Done, CommandRun.Invoke(["import", .. files, "--to", run]).Code);
        Assert.Contains("analysis.json: does not exist yet; run latticeflow analyze first", CommandRun.Invoke("report", run).Error, StringComparison.Ordinal);
        var (code, output, _) = CommandRun.Invoke("analyze", run, "--json");
        Assert.Contains(code, new[] { ExitCode.Done, ExitCode.DiagnosticsFailed });
        var plaquette = JsonNode.Parse(output)!["ensembles"]!["import"]!["observables"]!["plaquette"]!;
        double mean = files.Average(file => new NerscFile().Read(file).Plaquette);
        Assert.Equal(mean, (double)plaquette["mean"]!, 1e-12);
        Assert.Equal(output, File.ReadAllText(scratch.At("run", "analysis.json")));

        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", run, "--output", merged).Code);
        var (header, block) = EnsembleExport.Read(merged);
        Assert.Equal(("SU2", 12), (header.Field, block.Count));
        Assert.All(block.Action, action => Assert.True(double.IsNaN(action)));

        // Out of the merged file, two of them, in float; and out of the bare folder of segments.
        (code, output, _) = CommandRun.Invoke("export", merged, "--format", "ildg", "--output", scratch.At("some"), "--configuration", "3", "--configuration", "11", "--precision", "float", "--json");
        Assert.Equal(ExitCode.Done, code);
        string[] written = [.. JsonNode.Parse(output)!["configurations"]!.AsArray().Select(path => (string)path!)];
        Assert.Equal([scratch.At("some", "merged-r000-000003.ildg"), scratch.At("some", "merged-r000-000011.ildg")], written);
        Assert.Equal(new NerscFile().Read(files[11]).Configuration.Links, new IldgFile().Read(written[1]).Configuration.Links);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", scratch.At("run", "ensemble", "import"), "--format", "nersc", "--output", scratch.At("all"), "--label", "a label").Code);
        Assert.Equal(12, Directory.GetFiles(scratch.At("all")).Length);
        Assert.Equal(("a label.r0", "5"), (new NerscFile().Read(scratch.At("all", "import-r000-000005.nersc")).Properties is var said ? (said["ENSEMBLE_LABEL"], said["SEQUENCE_NUMBER"]) : default));
    }

    [Fact]
    public void What_was_changed_in_an_imported_directory_is_found()
    {
        string run = scratch.At("run"), folder = scratch.At("run", "ensemble", "import"), analysis = scratch.At("run", "analysis.json"), manifest = Path.Join(folder, "manifest.jsonl");
        string[] files = [.. Enumerable.Range(0, 8).Select(seed =>
        {
            string path = scratch.At($"{seed}.nersc");
            new NerscFile().Write(path, GaugeSamples.Random(2, seed, 2, 2, 2, 2), new());
            return path;
        })];
        Assert.Equal(ExitCode.Done, CommandRun.Invoke(["import", .. files, "--to", run]).Code);
        CommandRun.Invoke("analyze", run);
        Assert.Contains("ok   analysis.json: ", StoredRun.Verify(run).Output, StringComparison.Ordinal);

        string text = File.ReadAllText(analysis);
        File.WriteAllText(analysis, text.Replace("\"mean\": 0.", "\"mean\": 0.9", StringComparison.Ordinal).Replace("\"mean\": -0.", "\"mean\": -0.9", StringComparison.Ordinal));
        Assert.Equal((ExitCode.DiagnosticsFailed, "analysis.json"), (StoredRun.Verify(run).Code, Assert.Single(StoredRun.Verify(run).Failed)));
        File.WriteAllText(analysis, text);

        string lines = File.ReadAllText(manifest);
        File.SetAttributes(manifest, FileAttributes.Normal);
        File.WriteAllText(manifest, lines[..^20]);
        var (code, failed, output) = StoredRun.Verify(run);
        Assert.True(failed.Contains("import: configurations"), output);
        Assert.Equal(ExitCode.CorruptData, code);
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("repair", run).Code);
        File.WriteAllText(manifest, lines);

        StoredRun.Rewrite(run, "import", blocks: blocks => [.. blocks.Select(block => StoredRun.Edited(block, edit => Array.Fill(edit.Step, 3)))]);
        Assert.Contains("import: places in chains", StoredRun.Verify(run).Failed);
    }

    [Fact]
    public void An_imported_directory_is_verified()
    {
        string run = scratch.At("run");
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("import", GaugeSamples.Milc, GaugeSamples.MilcLittleEndian, "--to", run, "--beta", "7", "--number", "given").Code);
        var (code, output, _) = CommandRun.Invoke("verify", run);
        Assert.Equal(ExitCode.Done, code);
        Assert.EndsWith("7 passed, 0 failed\n", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("verify", run, "--set", "run.threads=1").Code);

        string segment = scratch.At("run", "ensemble", "import", "seg-000000.h5");
        byte[] bytes = File.ReadAllBytes(segment);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(segment, bytes);
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("verify", run).Code);
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("analyze", run).Code);
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("export", run, "--format", "nersc", "--output", scratch.At("out")).Code);
    }

    [Fact]
    public void What_is_stored_beside_the_links_must_agree_with_them()
    {
        var configuration = GaugeSamples.Random(2, seed: 4, 2, 2, 2, 2);
        var header = StorageSamples.Header("SU2", 2, 2, 2, 2) with { Sampler = EnsembleImport.Sampler, ActionParameters = new Dictionary<string, double> { ["beta"] = 2 } };
        using (var writer = EnsembleWriter.Create(scratch.At("run", "ensemble", "import"), header))
        {
            writer.Append(
                new()
                {
                    Count = 1,
                    Field = [.. configuration.Links.Select((part, at) => at == 5 ? part + 0.01 : part)],
                    Replica = [0],
                    Step = [0],
                    Accepted = [1],
                    Action = [-2 * GaugeMeasurement.MeanPlaquette(configuration) * configuration.Lattice.Plaquettes],
                    Observables = { ["plaquette"] = new[] { GaugeMeasurement.MeanPlaquette(configuration) }, ["link_trace"] = new[] { GaugeMeasurement.LinkTrace(configuration) + 1e-9 } },
                },
                StorageSamples.State(0));
        }

        var (code, output, _) = CommandRun.Invoke("verify", scratch.At("run"));
        Assert.Equal(ExitCode.DiagnosticsFailed, code);
        Assert.EndsWith("3 passed, 4 failed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_to_a_file_can_be_exported_again()
    {
        string file = scratch.At("one.h5");
        var (code, output, _) = CommandRun.Invoke("import", GaugeSamples.Milc, "--to", file, "--json", "--quiet");
        Assert.Equal(ExitCode.Done, code);
        var said = JsonNode.Parse(output)!["configurations"]![0]!;
        Assert.Equal(("ildg", "SU3", "float"), ((string)said["format"]!, (string)said["group"]!, (string)said["precision"]!));
        Assert.Equal(new IldgFile().Read(GaugeSamples.Milc).Configuration.Links, EnsembleExport.Read(file).Block.Field);
        Assert.Equal([file], Directory.GetFileSystemEntries(scratch.Path));
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("export", file, "--output", scratch.At("two.h5")).Code);
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("import", GaugeSamples.Milc, "--to", file).Code);
    }

    [Fact]
    public void Nothing_is_left_of_an_import_that_fails()
    {
        string damaged = scratch.At("damaged");
        byte[] bytes = File.ReadAllBytes(GaugeSamples.Nersc);
        bytes[^1000] ^= 1;
        File.WriteAllBytes(damaged, bytes);
        string run = scratch.At("run");
        var (code, output, error) = CommandRun.Invoke("import", GaugeSamples.Nersc, damaged, "--to", run);
        Assert.Equal((ExitCode.CorruptData, ""), (code, output));
        Assert.Contains($"{damaged}: has the checksum", error, StringComparison.Ordinal);
        Assert.Equal([damaged], Directory.GetFileSystemEntries(scratch.Path));

        (code, _, error) = CommandRun.Invoke("import", GaugeSamples.Nersc, GaugeSamples.Milc, "--to", run);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("SU(3) on 4x4x4x4 (x, y, z, t), the files before are SU(3) on 8x8x8x4 (x, y, z, t)", error, StringComparison.Ordinal);
        Assert.Equal([damaged], Directory.GetFileSystemEntries(scratch.Path));

        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("import", scratch.At("nothing"), "--to", run).Code);
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("import", GaugeSamples.Nersc, "--to", run, "--extents", "4", "8", "8", "8").Code);
        Directory.CreateDirectory(run);
        File.WriteAllText(scratch.At("run", "notes"), "mine");
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("import", GaugeSamples.Nersc, "--to", run).Code);
        Assert.Equal([damaged, run], Directory.GetFileSystemEntries(scratch.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_is_left_of_an_import_that_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var progress = new StopAfterFirst(stop);
        Assert.Throws<OperationCanceledException>(() => EnsembleImport.ToDirectory(scratch.At("run"), [GaugeSamples.Nersc, GaugeSamples.Ildg], new(), progress, stop.Token));
        Assert.Throws<OperationCanceledException>(() => EnsembleImport.ToFile(scratch.At("run.h5"), [GaugeSamples.Nersc], new(), progress, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }

    [Theory]
    [InlineData("U1", new[] { 4, 4 }, "matrices of SU(N)")]
    [InlineData("SU3", new[] { 4, 4 }, "has 2 dimensions")]
    public void Ensembles_that_no_gauge_file_can_hold_are_refused(string group, int[] extents, string complaint)
    {
        StorageSamples.Write(scratch.At("hmc"), StorageSamples.Header(group, extents), segments: 1);
        var (code, _, error) = CommandRun.Invoke("export", scratch.At("hmc"), "--format", "nersc", "--output", scratch.At("out"));
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch.At("out")));
    }

    [Fact]
    public void Export_never_overwrites()
    {
        string run = scratch.At("run"), output = scratch.At("out");
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("import", GaugeSamples.Milc, "--to", run).Code);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", run, "--format", "ildg", "--output", output).Code);
        string file = Directory.GetFiles(output).Single();
        File.Delete(file);
        new IldgFile().Write(file, GaugeSamples.Random(3, seed: 1, 4, 4, 4, 4));
        byte[] before = File.ReadAllBytes(file);
        var (code, _, error) = CommandRun.Invoke("export", run, "--format", "ildg", "--output", output);
        Assert.Equal(before, File.ReadAllBytes(file));
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("exists already", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadUsage, CommandRun.Invoke("export", run, "--format", "ildg", "--output", scratch.At("other"), "--configuration", "1").Code);
        Assert.False(Directory.Exists(scratch.At("other")));
    }

    private sealed class StopAfterFirst(CancellationTokenSource stop) : ITaskProgress
    {
        public void Report(long done, params ReadOnlySpan<(string Name, double Value)> metrics) => stop.Cancel();
    }
}

using System.Text.Json.Nodes;
using LatticeFlow.Cli.Services;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests.Services;

/// <summary>Observables that are measured on stored configurations, against the same ones measured while the ensemble was drawn.</summary>
public sealed class MeasureTests : IDisposable
{
    internal const string U1 = """
        [run]
        name = "later"
        device = "cpu"
        seed = 11
        [theory]
        extents = [4, 6]
        action = { kind = "wilson", beta = 1.5 }
        [[sample]]
        sampler = "hmc"
        steps = 3
        configurations = 250
        replicas = 5
        thermalization = 20
        segment = 100
        [analyze]
        observables = ["plaquette"]
        """;

    private readonly CommandRun run = new(U1);

    public void Dispose() => run.Dispose();

    public static TheoryData<string, string, string> Theories => new()
    {
        // Replicas in lanes, some of them idle; the same with smearing by exponentials; lanes as sub-lattices; a scalar; a ladder; ladders and paths whose couplings depend on the place.
        { "extents = [4, 6]\naction = { kind = \"wilson\", beta = 1.5 }", "sampler = \"hmc\"\nsteps = 3\nreplicas = 5", "topological_charge,wilson_loop_2x2_stout2,polyakov_re,clover_energy_ape1,flow_energy_0.4" },
        { "group = \"SU2\"\nextents = [4, 4, 4]\naction = { kind = \"wilson\", beta = 2.0 }", "sampler = \"heatbath\"\nreplicas = 8", "plaquette_flow0.4,polyakov_abs,wilson_loop_temporal_1x2_spatial_ape2" },
        { "group = \"SU3\"\nextents = [4, 4, 4, 4]\naction = { kind = \"wilson\", beta = 5.5 }", "sampler = \"heatbath\"\nreplicas = 2", "wilson_loop_3x3_stout3,clover_charge_flow0.4,flow_energy_0.4,plaquette_ape2" },
        { "group = \"SU3\"\nextents = [4, 4]\naction = { kind = \"wilson\", beta = 5.5 }", "sampler = \"heatbath\"\nreplicas = 16", "wilson_loop_2x2_stout3,polyakov_im" },
        { "field = \"scalar\"\nextents = [4, 6]\naction = { kind = \"phi4\", mass_squared = -1.0, lambda = 1.0 }", "sampler = \"hmc\"\nsteps = 3\nreplicas = 6", "two_point,magnetization_fourth" },
        { "extents = [4, 4]\naction = { kind = \"wilson\", beta = 2.0 }", "sampler = \"tempering\"\nparts = [ { sampler = \"heatbath\" } ]\nstrengths = [1.0, 0.8]\nreplicas = 3", "topological_charge_squared,plaquette_stout1" },
        { "extents = [4, 4]\naction = { kind = \"wilson\", beta = 2.0 }", "sampler = \"boundary-tempering\"\nparts = [ { sampler = \"heatbath\" } ]\ndefect_size = 2\nrungs = 2\nreplicas = 1", "topological_charge_squared,plaquette_stout1" },
        { "group = \"SU3\"\nextents = [4, 4]\naction = { kind = \"wilson\", beta = 5.5 }", "sampler = \"boundary-tempering\"\nparts = [ { sampler = \"heatbath\" } ]\ndefect_size = 2\nrungs = 3\nreplicas = 3", "wilson_loop_2x2_stout3,polyakov_im" },
        { "group = \"SU3\"\nextents = [5, 5]\naction = { kind = \"wilson\", beta = 5.5 }", "sampler = \"boundary-tempering\"\nparts = [ { sampler = \"heatbath\" } ]\ndefect_size = 2\nrungs = 3\nreplicas = 3", "wilson_loop_2x2_stout3,polyakov_im" },
        { "extents = [4, 6]\naction = { kind = \"wilson\", beta = 1.5 }", "sampler = \"annealed\"\nsteps = 2\nparts = [ { sampler = \"heatbath\" } ]\nreplicas = 1", "topological_charge_squared,plaquette_stout1" },
        { "extents = [4, 4]\naction = { kind = \"wilson\", beta = 2.0 }", "sampler = \"annealed\"\ndefect_size = 2\nlevels = [ { margin = 0 } ]\nsteps = 2\nchain = [ { sampler = \"heatbath\" } ]\nreplicas = 1", "topological_charge_squared,plaquette_stout1" },
    };

    [Theory]
    [MemberData(nameof(Theories))]
    public void Measured_afterwards_is_bit_for_bit_what_is_measured_on_the_way(string theory, string sampler, string names)
    {
        string Configuration(string observables) => $"[run]\nname = \"r\"\ndevice = \"cpu\"\n[theory]\n{theory}\n[[sample]]\nname = \"s\"\n{sampler}\nconfigurations = 37\nthermalization = 3\nsegment = 20\n"
            + $"[analyze]\nobservables = [{string.Join(", ", observables.Split(',').Select(name => $"\"{name}\""))}]\n";
        string first = names.Split(',')[0];
        foreach (var (directory, observables) in new[] { ("asked", names), ("later", first) })
        {
            File.WriteAllText(run.At("c.toml"), Configuration(observables));
            Assert.Equal(ExitCode.Done, CommandRun.Invoke("sample", run.At("c.toml"), "--run-dir", run.At(directory)).Code);
        }

        var (code, output, error) = CommandRun.Invoke("measure", run.At("later"), "--observables", names);
        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(run.At("later", "ensemble", "s", "measurements", "set-001"), output.Trim());
        var asked = EnsembleColumns.Open(run.At("asked", "ensemble", "s"));
        var later = EnsembleColumns.Open(run.At("later", "ensemble", "s"));
        Assert.Equal(names.Split(',')[1..], later.Measured);
        foreach (string name in names.Split(','))
        {
            Assert.Equal(asked.Observables[name], later.Observables[name]);
            Assert.Equal(asked.ReadComponents(name), later.ReadComponents(name));
        }
    }

    [Fact]
    public void A_stop_costs_a_segment_and_an_ensemble_that_grew_is_completed()
    {
        Assert.Equal(ExitCode.Done, run.In("a", "sample").Code);
        string folder = run.At("a", "ensemble", "hmc"), set = Path.Join(folder, "measurements", "set-001");
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", run.At("a"), "--observables", "wilson_loop_2x2").Code);
        byte[][] whole = [.. Enumerable.Range(0, 3).Select(file => File.ReadAllBytes(Path.Join(set, $"values-00000{file}.h5")))];
        var manifest = File.ReadAllText(Path.Join(set, "manifest.jsonl"));
        Directory.Delete(Path.Join(folder, "measurements"), recursive: true);

        // Stopped after the first segment: it is there, and is not measured again.
        Assert.Equal(ExitCode.Stopped, Stopped(90, "wilson_loop_2x2"));
        Assert.Equal(["manifest.jsonl", "set.json", "values-000000.h5"], Directory.EnumerateFiles(set).Select(Path.GetFileName).Order());
        var written = File.GetLastWriteTimeUtc(Path.Join(set, "values-000000.h5"));
        File.AppendAllText(Path.Join(set, "manifest.jsonl"), "{\"file\": \"values-0000");
        File.WriteAllText(Path.Join(set, "values-000001.h5"), "of a process that was killed");
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", run.At("a")).Code);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Join(set, "values-000000.h5")));
        Assert.Equal(whole.Length, Directory.EnumerateFiles(set, "values-*.h5").Count());
        AssertSameValues(whole[2], Path.Join(set, "values-000002.h5"));
        Assert.Equal(manifest.Split('\n').Length, File.ReadAllLines(Path.Join(set, "manifest.jsonl")).Length + 1);

        // As if the last segment had been drawn only now.
        string last = File.ReadAllLines(Path.Join(folder, "manifest.jsonl"))[^1];
        var lines = File.ReadAllText(Path.Join(folder, "manifest.jsonl"));
        File.WriteAllText(Path.Join(folder, "manifest.jsonl"), lines[..^(last.Length + 1)]);
        File.SetAttributes(Path.Join(set, "manifest.jsonl"), FileAttributes.Normal);
        Directory.Delete(Path.Join(folder, "measurements"), recursive: true);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", run.At("a"), "--observables", "wilson_loop_2x2,polyakov_re").Code);
        File.WriteAllText(Path.Join(folder, "manifest.jsonl"), lines);
        Assert.Equal(200, EnsembleColumns.Open(folder).Incomplete["polyakov_re"]);
        var (_, output, error) = CommandRun.Invoke("analyze", run.At("a"));
        Assert.Contains("wilson_loop_2x2 was measured on 200 of 250 configurations and is left out; latticeflow measure completes it", error, StringComparison.Ordinal);
        Assert.DoesNotContain("wilson_loop_2x2 ", output, StringComparison.Ordinal);
        (_, output, error) = CommandRun.Invoke("measure", run.At("a"));
        Assert.Contains("hmc measure 250/250", error, StringComparison.Ordinal);
        Assert.Empty(EnsembleColumns.Open(folder).Incomplete);
        Assert.Equal(250, EnsembleColumns.Open(folder).Read("wilson_loop_2x2").Sum(chain => chain.Length));
        Assert.Contains("are there", CommandRun.Invoke("measure", run.At("a"), "--observables", "polyakov_re").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Measured_sets_are_analysed_reported_and_verified()
    {
        Assert.Equal(ExitCode.Done, run.In("a", "run").Code);
        var before = File.ReadAllText(run.At("a", "analysis.json"));
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", run.At("a"), "--observables", "topological_charge", "wilson_loop_2x2", "wilson_loop_1x2").Code);
        // The analysis is that of before, and what was measured since is no fault of it.
        Assert.Equal(ExitCode.Done, StoredRun.Verify(run.At("a")).Code);
        var (code, output, error) = CommandRun.Invoke("analyze", run.At("a"), "--json");
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, error);
        var observables = JsonNode.Parse(output)!["ensembles"]!["hmc"]!["observables"]!.AsObject();
        Assert.Equal(["plaquette", "topological_charge", "wilson_loop_2x2", "wilson_loop_1x2", "creutz_ratio_2x2"], observables.Select(entry => entry.Key).Where(name => !name.StartsWith("topological_susc", StringComparison.Ordinal)));
        Assert.Equal((double)JsonNode.Parse(before)!["ensembles"]!["hmc"]!["observables"]!["plaquette"]!["mean"]!, (double)observables["plaquette"]!["mean"]!);
        Assert.NotEmpty(JsonNode.Parse(output)!["ensembles"]!["hmc"]!["charge_distribution"]!.AsArray());
        string page = File.ReadAllText(run.At("a", "report.html"));
        Assert.Contains("measured on hmc", page, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("report", run.At("a")).Code);
        Assert.Equal(page, File.ReadAllText(run.At("a", "report.html")));

        (code, output, _) = CommandRun.Invoke("analyze", run.At("a"), "--json", "--set", "analyze.observables=[\"wilson_loop_2x2\"]");
        Assert.Equal(["wilson_loop_2x2"], JsonNode.Parse(output)!["ensembles"]!["hmc"]!["observables"]!.AsObject().Select(entry => entry.Key));
        (code, _, error) = CommandRun.Invoke("analyze", run.At("a"), "--set", "analyze.observables=[\"polyakov_re\"]");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("latticeflow measure with the name of the run and --observables polyakov_re", error, StringComparison.Ordinal);

        CommandRun.Invoke("analyze", run.At("a"));
        (code, var failed, output) = StoredRun.Verify(run.At("a"));
        Assert.True(code == ExitCode.Done, output);
        Assert.Contains("hmc: measured wilson_loop_2x2", output, StringComparison.Ordinal);
        string file = run.At("a", "ensemble", "hmc", "measurements", "set-001", "values-000001.h5");
        File.SetAttributes(file, FileAttributes.Normal);
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^9] ^= 1;
        File.WriteAllBytes(file, bytes);
        (code, failed, output) = StoredRun.Verify(run.At("a"));
        Assert.Equal(ExitCode.CorruptData, code);
        Assert.Contains("hmc: set-001", failed);
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("analyze", run.At("a")).Code);
    }

    [Fact]
    public void Values_that_are_not_those_of_the_links_are_found()
    {
        Assert.Equal(ExitCode.Done, run.In("a", "sample").Code);
        string folder = run.At("a", "ensemble", "hmc");
        var reader = EnsembleReader.Open(folder);
        using (var writer = MeasurementWriter.Open(folder))
        {
            var set = writer.Begin(["wilson_loop_2x2"], new() { Version = "1", Commit = "c", CommandLine = "x", Device = "d", Isa = "i", Seed = 1 });
            for (var index = 0; index < reader.Segments.Count; index++)
            {
                var (replica, step) = reader.ReadPlaces(index);
                writer.Append(set, reader.Segments[index], new("1", "c", "d", "i", "x"), new(replica, step, new() { ["wilson_loop_2x2"] = new double[replica.Length] }));
            }

            Assert.Contains("is in use", CommandRun.Invoke("measure", run.At("a")).Error, StringComparison.Ordinal);
        }

        var (code, failed, _) = StoredRun.Verify(run.At("a"));
        Assert.Equal(ExitCode.DiagnosticsFailed, code);
        Assert.Equal(["hmc: measured wilson_loop_2x2"], failed);
    }

    [Fact]
    public void What_was_measured_on_some_rows_is_an_ensemble_of_its_own()
    {
        Assert.Equal(ExitCode.Done, run.In("a", "sample").Code);
        string folder = run.At("a", "ensemble", "hmc");
        var reader = EnsembleReader.Open(folder);
        using (var writer = MeasurementWriter.Open(folder))
        {
            var set = writer.Begin(["wilson_loop_2x2"], new() { Version = "1", Commit = "c", CommandLine = "x", Device = "d", Isa = "i", Seed = 1 });
            for (var index = 0; index < reader.Segments.Count; index++)
            {
                // Every other draw of the five replicas; of the last segment none.
                var (replica, step) = reader.ReadPlaces(index);
                int[] rows = index == reader.Segments.Count - 1 ? [] : [.. Enumerable.Range(0, replica.Length).Where(row => row / 5 % 2 == 1)];
                writer.Append(set, reader.Segments[index], new("1", "c", "d", "i", "x"), new([.. rows.Select(row => replica[row])], [.. rows.Select(row => step[row])], new() { ["wilson_loop_2x2"] = rows.Select(row => step[row] + (0.1 * replica[row])).ToArray() }));
            }
        }

        var columns = EnsembleColumns.Open(folder);
        Assert.Empty(columns.Measured);
        Assert.Empty(columns.Incomplete);
        var some = columns.OfConfigurations!;
        Assert.Equal(100, some.Count);
        double[][] plaquette = columns.Read("plaquette"), thinned = some.Read("plaquette"), loop = some.Read("wilson_loop_2x2");
        Assert.Equal(plaquette.Select(chain => chain[..40].Where((_, draw) => draw % 2 == 1)), thinned);
        Assert.Equal(some.Steps().Select((steps, replica) => steps.Select(step => step + (0.1 * replica))), loop);
        var (code, output, error) = CommandRun.Invoke("analyze", run.At("a"), "--json");
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, error);
        var ensembles = JsonNode.Parse(output)!["ensembles"]!.AsObject();
        Assert.Equal(["hmc", "hmc: stored configurations"], ensembles.Select(entry => entry.Key));
        Assert.Equal((1, 2), ((int)ensembles["hmc"]!["stride"]!, (int)ensembles["hmc: stored configurations"]!["stride"]!));
        Assert.False((bool)ensembles["hmc: stored configurations"]!["unfinished"]!);
        Assert.Equal(["plaquette", "wilson_loop_2x2"], ensembles["hmc: stored configurations"]!["observables"]!.AsObject().Select(entry => entry.Key).Take(2));
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("report", run.At("a")).Code);
    }

    [Theory]
    [InlineData("store_every = 2", 0)]
    [InlineData("links_precision = \"float\"", 1e-5)]
    [InlineData("links_rows = 2", 1e-12)]
    [InlineData("links_rows = 2\nlinks_precision = \"float\"\nstore_every = 3", 1e-5)]
    public void Configurations_that_take_less_room_are_measured(string store, double tolerance)
    {
        string Configuration(string observables, string stored) => "[run]\nname = \"r\"\ndevice = \"cpu\"\n[theory]\ngroup = \"SU3\"\nextents = [4, 4, 4]\naction = { kind = \"wilson\", beta = 5.5 }\n"
            + $"[[sample]]\nname = \"s\"\nsampler = \"heatbath\"\nreplicas = 2\nconfigurations = 36\nthermalization = 3\nsegment = 12\n{stored}\n[analyze]\nobservables = [{observables}]\n";
        foreach (var (directory, observables, stored) in new[] { ("asked", "\"plaquette\", \"wilson_loop_2x2_stout2\"", ""), ("later", "\"plaquette\"", store) })
        {
            File.WriteAllText(run.At("c.toml"), Configuration(observables, stored));
            Assert.Equal(ExitCode.Done, CommandRun.Invoke("sample", run.At("c.toml"), "--run-dir", run.At(directory)).Code);
        }

        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", run.At("later"), "--observables", "wilson_loop_2x2_stout2").Code);
        var asked = EnsembleColumns.Open(run.At("asked", "ensemble", "s"));
        var later = EnsembleColumns.Open(run.At("later", "ensemble", "s"));
        var measured = later.OfConfigurations ?? later;
        Assert.Equal(store.Contains("store_every", StringComparison.Ordinal), later.OfConfigurations is not null);
        double[][] expected = asked.Read("wilson_loop_2x2_stout2"), values = measured.Read("wilson_loop_2x2_stout2");
        long[][] steps = measured.Steps(), all = asked.Steps();
        for (var replica = 0; replica < 2; replica++)
        {
            for (var i = 0; i < values[replica].Length; i++)
                Assert.Equal(expected[replica][Array.IndexOf(all[replica], steps[replica][i])], values[replica][i], tolerance);
        }

        Assert.True(CommandRun.Invoke("analyze", run.At("later")).Code is ExitCode.Done or ExitCode.DiagnosticsFailed);
        var (code, _, text) = StoredRun.Verify(run.At("later"));
        Assert.True(code is ExitCode.Done, text);
    }

    [Fact]
    public void Without_configurations_there_is_nothing_to_measure()
    {
        File.WriteAllText(run.At("c.toml"), U1.Replace("segment = 100", "segment = 100\nstore = \"observables\"", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("sample", run.At("c.toml"), "--run-dir", run.At("a")).Code);
        var (code, _, error) = CommandRun.Invoke("measure", run.At("a"), "--observables", "polyakov_re");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("stores no configuration", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(run.At("a", "ensemble", "hmc", "measurements")));
    }

    [Theory]
    [InlineData("names observables", "measure", "RUN")]
    [InlineData("did you mean \"plaquette\"?", "measure", "RUN", "--observables", "plaquete")]
    [InlineData("does not fit on the lattice", "measure", "RUN", "--observables", "wilson_loop_9x9")]
    [InlineData("names \"plaquette\" twice", "measure", "RUN", "--observables", "plaquette,plaquette")]
    [InlineData("choose one of hmc", "measure", "RUN", "--observables", "plaquette", "--sample", "heatbath")]
    [InlineData("does not exist", "measure", "nowhere", "--observables", "plaquette")]
    public void What_cannot_be_measured_is_refused(string message, params string[] arguments)
    {
        Assert.Equal(ExitCode.Done, run.In("RUN", "sample", "--set", "sample.hmc.configurations=5").Code);
        var (code, _, error) = CommandRun.Invoke([.. arguments.Select(argument => argument == "RUN" ? run.At("RUN") : argument)]);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains(message == "names observables" ? "name observables, such as" : message, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.At("RUN", "ensemble", "hmc", "measurements", "set-001")));
    }

    private int Stopped(long at, params string[] observables)
    {
        using var log = new LatticeFlow.Cli.Commands.Log(TextWriter.Null, quiet: true);
        using var stop = LatticeFlow.Cli.Commands.StopSignal.Install(_ => { });
        return new MeasureCommand().Execute(new([run.At("a")], observables, null, null), new(TextWriter.Null, log, new CommandRun.StopAt(stop, "hmc measure", at), stop, Json: false));
    }

    private static void AssertSameValues(byte[] expected, string path)
    {
        // Command lines of a test process are the same; so are the files.
        Assert.Equal(expected, File.ReadAllBytes(path));
    }
}

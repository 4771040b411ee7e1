using System.Text.Json.Nodes;
using LatticeFlow.Cli.Services;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>A run that is asked for more later has, bit for bit, the rows of one that was asked for as much at the start.</summary>
public sealed class ExtensionTests : IDisposable
{
    /// <summary>Ends within a draw and within a segment, thinned, tuned, on a ladder, in a mixture, and with a flow.</summary>
    private const string Configuration = """
        [run]
        name = "small"
        device = "cpu"
        threads = 1
        [theory]
        extents = [4, 4]
        action = { kind = "wilson", beta = 1.0 }
        [flow]
        layers = [ { kind = "plaquette-coupling", count = 4, hidden = [4] } ]
        [train]
        steps = 6
        batch = 32
        evaluate_every = 4
        evaluate_samples = 64
        [[sample]]
        sampler = "hmc"
        acceptance = 0.8
        configurations = 70
        replicas = 4
        thermalization = 10
        stride = 3
        segment = 24
        [[sample]]
        sampler = "flow"
        configurations = 50
        replicas = 4
        thermalization = 3
        segment = 18
        [[sample]]
        sampler = "mixture"
        parts = [ { sampler = "heatbath" }, { sampler = "hmc", steps = 2 }, { sampler = "flow" } ]
        configurations = 41
        replicas = 3
        thermalization = 3
        segment = 12
        [[sample]]
        sampler = "tempering"
        strengths = [1.0, 0.5]
        parts = [ { sampler = "hmc", steps = 3 } ]
        configurations = 34
        replicas = 3
        thermalization = 4
        segment = 12
        [analyze]
        observables = ["plaquette", "topological_charge", "polyakov_re"]
        """;

    private const int More = 121;
    private static readonly string[] _samples = ["hmc", "flow", "mixture", "tempering"];
    private readonly CommandRun _run = new(Configuration);

    public void Dispose() => _run.Dispose();

    [Fact]
    public void An_extended_run_is_the_long_one()
    {
        Assert.Equal(ExitCode.Done, _run.In("long", "train").Code);
        Assert.Equal(ExitCode.Done, _run.In("long", "sample", [.. _samples.SelectMany(name => new[] { "--set", $"sample.{name}.configurations={More}" })]).Code);
        Assert.Equal(ExitCode.Done, _run.In("grown", "train").Code);
        Assert.Equal(ExitCode.Done, _run.In("grown", "sample").Code);
        var short70 = Bytes("grown", "hmc");

        // By a few rows first, which end within the same draw, then all to the length of the long one, stopped on the way and asked again.
        Extend("--configurations", "71", "--sample", "hmc");
        Assert.Equal(71, Rows("grown", "hmc").Count);
        Extend("--configurations", $"{More}");
        foreach (var name in _samples) AssertSameRows(name);
        Assert.All(short70, pair => Assert.Equal(pair.Value, File.ReadAllBytes(pair.Key)));
        Assert.Equal([24, 24, 22, 1, 1, 24, 24, 1], Manifest("grown", "hmc"));
        Assert.Equal([24, 24, 24, 24, 24, 1], Manifest("long", "hmc"));

        // What was asked for, and when.
        var resolved = File.ReadAllText(_run.At("grown", "resolved.toml"));
        Assert.Equal(File.ReadAllText(_run.At("long", "resolved.toml")), resolved);
        var lives = JsonNode.Parse(File.ReadAllText(_run.At("grown", "provenance.json")))!["resumes"]!.AsArray();
        Assert.Equal("""{"sample.hmc.configurations":{"from":70,"to":71}}""", lives[^2]!["grown"]!.ToJsonString());
        Assert.Equal("""{"from":71,"to":121}""", lives[^1]!["grown"]!["sample.hmc.configurations"]!.ToJsonString());
        var reader = EnsembleReader.Open(_run.At("grown", "ensemble", "hmc"));
        Assert.Contains("configurations = 70", reader.ReadHeader(0).Config, StringComparison.Ordinal);
        Assert.Equal(resolved, reader.ReadHeader(reader.Segments.Count - 1).Config);

        var (verified, output, _) = CommandRun.Invoke("verify", _run.At("grown"), "--all");
        Assert.True(verified is ExitCode.Done, output);
        Assert.Contains("grown to sample.hmc.configurations = 121 from 70", output, StringComparison.Ordinal);
        var exported = _run.At("all.h5");
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", _run.At("grown"), "--sample", "hmc", "--output", exported).Code);
        Assert.Equal(resolved, EnsembleExport.Read(exported).Header.Config);

        // Gaps around the old ends are drawn again, with and without the manifest.
        var folder = _run.At("grown", "ensemble", "hmc");
        var before = Bytes("grown", "hmc");
        foreach (var numbers in new int[][] { [2], [3], [3, 4], [1, 2, 3] })
        {
            foreach (var number in numbers) File.Delete(Path.Join(folder, $"seg-{number:D6}.h5"));
            var (repaired, said, error) = CommandRun.Invoke("repair", _run.At("grown"));
            Assert.True(repaired == ExitCode.Done, error);
            Assert.All(before, pair => Assert.Equal(pair.Value, File.ReadAllBytes(pair.Key)));
            Assert.Contains("its hash is the one that the manifest knows", said, StringComparison.Ordinal);
        }
        foreach (var number in new[] { 2, 3 }) File.Delete(Path.Join(folder, $"seg-{number:D6}.h5"));
        File.Delete(Path.Join(folder, "manifest.jsonl"));
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("repair", _run.At("grown")).Code);
        AssertSameRows("hmc");
    }

    [Theory]
    [InlineData("hmc", 84)]
    [InlineData("hmc", 96)]
    [InlineData("flow", 60)]
    public void An_extension_is_stopped_and_goes_on(string task, long at)
    {
        Assert.Equal(ExitCode.Done, _run.In("grown", "train").Code);
        Assert.Equal(ExitCode.Done, _run.In("grown", "sample").Code);
        Assert.Equal(ExitCode.Done, _run.In("long", "train").Code);
        File.WriteAllText(_run.Config, File.ReadAllText(_run.Config).Replace("configurations = 70", $"configurations = {More}", StringComparison.Ordinal).Replace("configurations = 50", $"configurations = {More}", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, _run.In("long", "sample").Code);
        Assert.Equal(ExitCode.Stopped, _run.Stopped("grown", new SampleCommand(), task, at, resume: true));
        // With its own configuration, in all three ways to say so.
        Assert.Equal(ExitCode.Stopped, StoppedOwn(task, at + 8));
        var (code, _, error) = CommandRun.Invoke("sample", "--resume", _run.At("grown"));
        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("sample", "--run-dir", _run.At("grown"), "--resume").Code);
        foreach (var name in _samples) AssertSameRows(name);
    }

    [Fact]
    public void An_ensemble_of_an_earlier_version_did_not_keep_the_rest_of_its_last_draw_and_draws_it_again()
    {
        Assert.Equal(ExitCode.Done, _run.In("grown", "train").Code);
        Assert.Equal(ExitCode.Done, _run.In("grown", "sample").Code);
        WithoutRest("hmc");
        Assert.Equal(ExitCode.Done, _run.In("long", "train").Code);
        Assert.Equal(ExitCode.Done, _run.In("long", "sample", "--set", $"sample.hmc.configurations={More}").Code);
        Assert.Equal(ExitCode.Done, _run.In("grown", "sample", "--resume", "--set", $"sample.hmc.configurations={More}").Code);
        AssertSameRows("hmc");
        var (verified, output, _) = CommandRun.Invoke("verify", _run.At("grown"));
        Assert.True(verified is ExitCode.Done, output);
    }

    [Fact]
    public void What_does_not_go_on_is_refused_and_changes_nothing()
    {
        Assert.Equal(ExitCode.Done, _run.In("grown", "train").Code);

        // Before an ensemble is drawn with the flow it may be trained longer, and is then what it would have been.
        Assert.Equal(ExitCode.Done, _run.In("grown", "train", "--resume", "--set", "train.steps=10").Code);
        Assert.Equal(ExitCode.Done, _run.In("long", "train", "--set", "train.steps=10").Code);
        Assert.Equal(File.ReadAllText(_run.At("long", "resolved.toml")), File.ReadAllText(_run.At("grown", "resolved.toml")));
        Assert.Equal(_run.Metrics("long", "train"), _run.Metrics("grown", "train"));
        Assert.Equal(_run.Metrics("long", "evaluate"), _run.Metrics("grown", "evaluate"));
        Assert.Equal(CheckpointReader.Read(_run.At("long", "flow", "newest.h5"), "flow").GetDoubles("parameters"), CheckpointReader.Read(_run.At("grown", "flow", "newest.h5"), "flow").GetDoubles("parameters"));
        Assert.Equal(ExitCode.Stopped, _run.Stopped("grown2", new RunCommand(), "flow thermalization", 1));
        var resolved = File.ReadAllText(_run.At("grown2", "resolved.toml"));

        Refused("the flow would change under an ensemble that has been drawn with it as it is: flow", "grown2", "--train-steps", "12");
        Refused("no sample \"hcm\"", "grown2", "--configurations", "100", "--sample", "hcm");
        Refused("\"hmc\" was asked for 70: what is there grows and is not cut", "grown2", "--configurations", "60");
        Refused("must be 1 to", "grown2", "--configurations", "0");
        Refused("says by how much", "grown2");
        Refused("belongs to --configurations", "grown2", "--train-steps", "12", "--sample", "hmc");
        Assert.Contains("sample.hmc.configurations = 70, the configuration now says 60, and what is stored is not cut", Failed(_run.In("grown2", "sample", "--resume", "--set", "sample.hmc.configurations=60")), StringComparison.Ordinal);
        Assert.Contains("the configuration now says 'stride = 2'", Failed(_run.In("grown2", "sample", "--resume", "--set", "sample.hmc.configurations=80", "--set", "sample.hmc.stride=2")), StringComparison.Ordinal);
        Assert.Contains("is another run", Failed(CommandRun.Invoke("run", _run.At("grown2"), "--resume", "--run-dir", _run.At("long"))), StringComparison.Ordinal);
        Assert.Contains("add --resume", Failed(CommandRun.Invoke("run", _run.At("grown2"))), StringComparison.Ordinal);
        Assert.Contains("CONFIG: is missing", Failed(CommandRun.Invoke("run", "--resume")), StringComparison.Ordinal);
        Assert.Equal(resolved, File.ReadAllText(_run.At("grown2", "resolved.toml")));

        File.WriteAllText(_run.Config, File.ReadAllText(_run.Config).Replace("batch = 32", "batch = 32\nschedule = { kind = \"cosine\" }", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, _run.In("cosine", "train").Code);
        Refused("the learning rate goes down along a cosine over all steps", "cosine", "--train-steps", "12");

        void Refused(string message, string directory, params string[] more) => Assert.Contains(message, Failed(CommandRun.Invoke(["extend", _run.At(directory), .. more])), StringComparison.Ordinal);

        static string Failed((int Code, string Output, string Error) result)
        {
            Assert.Equal(ExitCode.BadUsage, result.Code);
            return result.Error;
        }
    }

    private int StoppedOwn(string task, long at)
    {
        var config = File.ReadAllText(_run.Config);
        File.Copy(_run.At("grown", "resolved.toml"), _run.Config, overwrite: true);
        var code = _run.Stopped("grown", new SampleCommand(), task, at, resume: true);
        File.WriteAllText(_run.Config, config);
        return code;
    }

    private void Extend(params string[] more)
    {
        var (code, _, error) = CommandRun.Invoke(["extend", _run.At("grown"), .. more]);
        // So few configurations may fail a diagnostic.
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, error);
    }

    private EnsembleBlock Rows(string directory, string sample) => EnsembleReader.Open(_run.At(directory, "ensemble", sample)).Blocks().Aggregate(BlockRows.Join);

    private int[] Manifest(string directory, string sample) => [.. EnsembleReader.Open(_run.At(directory, "ensemble", sample)).Segments.Select(segment => segment.Count)];

    private Dictionary<string, byte[]> Bytes(string directory, string sample) => Directory.GetFiles(_run.At(directory, "ensemble", sample), "seg-*.h5").ToDictionary(path => path, File.ReadAllBytes);

    private void AssertSameRows(string sample)
    {
        EnsembleBlock expected = Rows("long", sample), actual = Rows("grown", sample);
        Assert.Equal(expected.Count, actual.Count);
        Assert.Null(Cli.Services.Verification.StoredRows.Difference(expected, actual, expected.Count));
    }

    // As if the last segment had been written before its state kept the rest.
    private void WithoutRest(string sample)
    {
        var folder = _run.At("grown", "ensemble", sample);
        var reader = EnsembleReader.Open(folder);
        EnsembleBlock[] blocks = [.. reader.Blocks()];
        ChainState[] states = [.. Enumerable.Range(0, blocks.Length).Select(reader.ReadState)];
        Directory.Move(folder, folder + ".old");
        using var writer = EnsembleWriter.Create(folder, reader.Header);
        for (var i = 0; i < blocks.Length; i++)
        {
            var sections = new StateSections();
            foreach (var name in states[i].Sections.Names.Where(name => !name.StartsWith("rest.", StringComparison.Ordinal)))
            {
                if (name is "chain") sections.Set(name, states[i].Sections.GetLongs(name));
                else if (name != StateSections.LastRows) sections.Set(name, states[i].Sections.GetDoubles(name));
            }
            writer.Append(blocks[i], new() { RngCounter = states[i].RngCounter, FieldRows = states[i].FieldRows, Sections = sections });
        }
    }
}

using System.Text.Json.Nodes;
using LatticeFlow.Cli.Services;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Runs with different seeds become replicas of one; what is not of one kind is refused.</summary>
public sealed class MergeTests : IDisposable
{
    private const string Configuration = """
        [run]
        name = "small"
        device = "cpu"
        threads = 1
        [theory]
        extents = [4, 4]
        action = { kind = "wilson", beta = 1.0 }
        [[sample]]
        sampler = "hmc"
        steps = 4
        configurations = 202
        replicas = 4
        thermalization = 10
        stride = 2
        segment = 80
        [[sample]]
        sampler = "heatbath"
        configurations = 60
        replicas = 3
        thermalization = 10
        [analyze]
        observables = ["plaquette", "topological_charge"]
        """;

    private readonly CommandRun _run = new(Configuration);

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Three_runs_become_replicas_of_one()
    {
        Sample("a", "--set", "run.seed=1");
        Sample("b", "--set", "run.seed=2", "--set", "sample.hmc.configurations=90", "--set", "sample.hmc.replicas=3", "--set", "sample.hmc.start=cold");
        Sample("c", "--set", "run.seed=3", "--set", "sample.hmc.segment=40", "--set", "run.name=third");
        var (code, output, error) = Merge("all", "a", "b", "c");
        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(_run.At("all") + "\n", output);

        // The rows are those of the runs, replicas numbered on.
        var merged = Columns("all");
        Assert.Equal(11, merged.Length);
        Assert.Equal(Columns("a").Concat(Columns("b")).Concat(Columns("c")), merged);
        var manifest = JsonNode.Parse(File.ReadAllText(_run.At("all", "merged.json")))!["origins"]!.AsArray();
        Assert.Equal((6, 2UL, 4, 202L, 90L), (manifest.Count, (ulong)manifest[1]!["seed"]!, (int)manifest[1]!["first_replica"]!, (long)manifest[1]!["first_row"]!, (long)manifest[1]!["rows"]!));
        var reader = EnsembleReader.Open(_run.At("all", "ensemble", "hmc"));
        var origin = JsonNode.Parse(reader.ReadState(reader.Segments.Count - 1).Sections.GetText("origins"))!;
        Assert.Equal((_run.At("c"), 3UL, "seg-000005.h5"), ((string?)origin["run"], (ulong)origin["seed"]!, (string?)origin["segment"]));
        Assert.Equal("""{"from":0,"to":7}""", origin["replicas"]![0]!.ToJsonString());

        // A run like any other.
        Assert.Contains(CommandRun.Invoke("analyze", _run.At("all")).Code, new[] { ExitCode.Done, ExitCode.DiagnosticsFailed });
        var analysis = AnalysisDocument.FromJson(File.ReadAllText(_run.At("all", "analysis.json")));
        Assert.Equal((494, 11), (analysis.Ensembles["hmc"].Configurations, analysis.Ensembles["hmc"].Replicas));
        Assert.True(analysis.Ensembles["hmc"].Seconds > 0);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("report", _run.At("all")).Code);
        var (verified, checks, _) = CommandRun.Invoke("verify", _run.At("all"));
        Assert.True(verified == ExitCode.Done, checks);
        Assert.Contains("hmc: origins: 3 runs, 3 of them compared row by row", checks, StringComparison.Ordinal);
        Assert.Contains("not made: a merged run has no states of chains; verify the runs that it was made of", checks, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", _run.At("all"), "--sample", "hmc", "--output", _run.At("all.h5")).Code);

        // A source that is gone or has grown is not compared; a row that was changed is found.
        Directory.Move(_run.At("a"), _run.At("moved"));
        var (still, words, _) = CommandRun.Invoke("verify", _run.At("all"));
        Assert.True(still == ExitCode.Done, words);
        Assert.Contains($"2 of them compared row by row; not compared: {_run.At("a")} is not there", words, StringComparison.Ordinal);
        StoredRun.Rewrite(_run.At("all"), "hmc", blocks: blocks => [.. blocks.Select((block, i) => i == 3 ? StoredRun.Edited(block, edit => edit.Observables["topological_charge"].Values[0] += 1) : block)]);
        Assert.Contains("taken from " + _run.At("b"), CommandRun.Invoke("verify", _run.At("all")).Output, StringComparison.Ordinal);

        foreach (var command in new string[][] { ["run", "--resume", _run.At("all")], ["extend", _run.At("all"), "--configurations", "1000"], ["repair", _run.At("all")] })
        {
            var (refused, _, reason) = CommandRun.Invoke(command);
            Assert.Equal(ExitCode.BadUsage, refused);
            Assert.Contains("is a merged run", reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_not_of_one_kind_is_refused_and_nothing_is_written()
    {
        Sample("a");
        Sample("same", "--set", "sample.hmc.configurations=100");
        Sample("beta", "--set", "run.seed=2", "--set", "theory.action.beta=1.5");
        Sample("extents", "--set", "run.seed=2", "--set", "theory.extents=[4, 6]");
        Sample("stride", "--set", "run.seed=2", "--set", "sample.hmc.stride=1");
        Sample("sampler", "--set", "run.seed=2", "--set", "sample.hmc.steps=5");
        Sample("observables", "--set", "run.seed=2", "--set", "analyze.observables=[\"plaquette\"]");
        Refused("run.seed is 1 in both: they are the same chains", "a", "same");
        Refused("beta of \"hmc\" is 1.5, and 1.0", "a", "beta");
        Refused("extents of \"hmc\" is 4 x 6, and 4 x 4", "a", "extents");
        Refused("sample.hmc.stride is 1, and 2", "a", "stride");
        Refused("sample.hmc.steps is 5, and 4", "a", "sampler");
        Refused("analyze.observables is [\"plaquette\"], and [\"plaquette\", \"topological_charge\"]", "a", "observables");
        Refused("is the same ensemble in both", "a", "a");
        Refused("takes two runs at least", "a");
        Assert.False(Directory.Exists(_run.At("to")));
        Assert.Empty(Directory.GetDirectories(_run.At(), ".to.staging-*"));
        // One of the ensembles of both is of one kind.
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("merge", _run.At("a"), _run.At("stride"), "--to", _run.At("heat"), "--sample", "heatbath").Code);
        Assert.Contains("exists already", CommandRun.Invoke("merge", _run.At("a"), _run.At("stride"), "--to", _run.At("heat"), "--sample", "heatbath").Error, StringComparison.Ordinal);

        void Refused(string message, params string[] names)
        {
            var (code, _, error) = Merge("to", names);
            Assert.Equal(ExitCode.BadUsage, code);
            Assert.Contains(message, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Runs_of_one_flow_are_merged_and_those_of_different_flows_are_not()
    {
        using var trained = new CommandRun(Flow + "[train]\nsteps = 4\nbatch = 32\nevaluate_samples = 64\n");
        foreach (var seed in new[] { "1", "2" }) Assert.Equal(ExitCode.Done, trained.In($"flow{seed}", "train", "--set", $"run.seed={seed}").Code);
        foreach (var (name, flow, seed) in new[] { ("s1", "flow1", 1), ("s2", "flow1", 2), ("other", "flow2", 3) })
        {
            File.WriteAllText(trained.Config, Flow.Replace("[flow]", $"[flow]\ncheckpoint = \"{trained.At(flow)}\"", StringComparison.Ordinal) + Drawn);
            Assert.Equal(ExitCode.Done, trained.In(name, "sample", "--set", $"run.seed={seed}").Code);
        }
        Assert.Contains("the parameters of their flows differ", CommandRun.Invoke("merge", trained.At("s1"), trained.At("other"), "--to", trained.At("to")).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("merge", trained.At("s1"), trained.At("s2"), "--to", trained.At("to")).Code);
        Assert.Contains(CommandRun.Invoke("analyze", trained.At("to")).Code, new[] { ExitCode.Done, ExitCode.DiagnosticsFailed });
        var (code, output, _) = CommandRun.Invoke("verify", trained.At("to"));
        Assert.True(code == ExitCode.Done, output);
        Assert.Contains("ok   flow: stored log_q", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Imported_ensembles_are_merged()
    {
        File.WriteAllText(_run.Config, Configuration.Replace("extents = [4, 4]", "extents = [2, 2, 2, 2]\ngroup = \"SU2\"", StringComparison.Ordinal).Replace("configurations = 202", "configurations = 12", StringComparison.Ordinal).Replace(", \"topological_charge\"", "", StringComparison.Ordinal));
        foreach (var seed in new[] { "1", "2" })
        {
            Sample($"run{seed}", "--set", $"run.seed={seed}");
            Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", _run.At($"run{seed}"), "--sample", "hmc", "--format", "nersc", "--output", _run.At($"files{seed}")).Code);
            Assert.Equal(ExitCode.Done, CommandRun.Invoke(["import", .. Directory.GetFiles(_run.At($"files{seed}")).Order(), "--to", _run.At($"import{seed}")]).Code);
        }
        var (code, _, error) = Merge("all", "import1", "import2");
        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(Columns("import1", "import").Concat(Columns("import2", "import")), Columns("all", "import"));
        var reader = EnsembleReader.Open(_run.At("all", "ensemble", "import"));
        var sources = JsonNode.Parse(reader.ReadState(1).Sections.GetText("sources"))!.AsArray();
        Assert.Equal(reader.ReadSegment(1).Replica, sources.Select(source => (long)source!["replica"]!));
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("analyze", _run.At("all")).Code);
        var (verified, output, _) = CommandRun.Invoke("verify", _run.At("all"));
        Assert.True(verified == ExitCode.Done, output);
        Assert.Contains("import: origins: 2 runs, 2 of them compared row by row", output, StringComparison.Ordinal);
        Assert.Contains("one is a run of this program and the other is imported", Merge("mixed", "import1", "run2").Error, StringComparison.Ordinal);
    }

    private const string Flow = """
        [run]
        name = "small"
        device = "cpu"
        threads = 1
        [theory]
        extents = [4, 4]
        action = { kind = "wilson", beta = 1.0 }
        [flow]
        layers = [ { kind = "plaquette-coupling", count = 4, hidden = [4] } ]

        """;

    private const string Drawn = "[[sample]]\nsampler = \"flow\"\nconfigurations = 80\nreplicas = 4\nthermalization = 4\nsegment = 40\n";

    private void Sample(string directory, params string[] more)
    {
        var (code, _, error) = _run.In(directory, "sample", more);
        Assert.True(code == ExitCode.Done, error);
    }

    private (int Code, string Output, string Error) Merge(string to, params string[] from) => CommandRun.Invoke(["merge", .. from.Select(name => _run.At(name)), "--to", _run.At(to)]);

    private double[][] Columns(string directory, string sample = "hmc") => EnsembleReader.Open(_run.At(directory, "ensemble", sample)).ReadColumn("plaquette");
}

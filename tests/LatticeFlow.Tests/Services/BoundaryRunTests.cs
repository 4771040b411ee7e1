using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Services;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>All commands on ladders of boundaries, open lattices and defects.</summary>
public sealed class BoundaryRunTests
{
    private const string Ladder = """
        [run]
        name = "ladder"
        device = "cpu"
        threads = 1
        [theory]
        group = "SU2"
        extents = [3, 4, 2]
        action = { kind = "wilson", beta = 2.2 }
        [[sample]]
        sampler = "boundary-tempering"
        name = "tempered"
        parts = [ { sampler = "heatbath", overrelaxation = 1 } ]
        defect_size = 2
        rungs = 4
        levels = [ { margin = 1, sweeps = 1 }, { sweeps = 2, overrelaxation = 1 } ]
        configurations = 34
        replicas = 3
        thermalization = 6
        segment = 12
        [[sample]]
        sampler = "boundary-tempering"
        name = "trajectories"
        parts = [ { sampler = "hmc", acceptance = 0.8 } ]
        defect_size = 1
        defect_direction = 1
        defect_coefficients = [1.0, 0.0]
        configurations = 60
        replicas = 2
        thermalization = 8
        segment = 16
        [analyze]
        observables = ["plaquette", "polyakov_abs"]
        """;

    private const string Open = """
        [run]
        name = "open"
        device = "cpu"
        [theory]
        group = "U1"
        extents = [4, 4]
        action = { kind = "wilson", beta = 1.5, boundary = "open" }
        [[sample]]
        sampler = "heatbath"
        configurations = 400
        replicas = 8
        [[sample]]
        sampler = "hmc"
        configurations = 400
        replicas = 8
        [analyze]
        observables = ["plaquette", "topological_charge_squared"]
        """;

    private const string Head = "[run]\nname = \"test\"\n[theory]\ngroup = \"U1\"\nextents = [8, 4]\n";

    [Fact]
    public void Ladders_are_sampled_stopped_resumed_extended_and_verified()
    {
        using var run = new CommandRun(Ladder);
        Assert.Equal(ExitCode.Done, run.In("whole", "sample").Code);
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "tempered thermalization", 3));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "tempered", 15, resume: true));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "trajectories thermalization", 8, resume: true));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "trajectories", 32, resume: true));
        var (code, _, error) = run.In("stopped", "sample", "--resume");
        Assert.True(code == ExitCode.Done, error);
        run.AssertSameEnsembles("whole", "stopped");

        Assert.Equal(ExitCode.Done, CommandRun.Invoke("extend", run.At("stopped"), "--configurations", "71").Code);
        Assert.Equal(ExitCode.Done, run.In("long", "sample", "--set", "sample.tempered.configurations=71", "--set", "sample.trajectories.configurations=71").Code);
        foreach (string name in new[] { "tempered", "trajectories" }) Assert.Equal(Actions("long", name), Actions("stopped", name));

        var analyzed = CommandRun.Invoke("analyze", run.At("stopped"), "--quiet");
        Assert.Contains(analyzed.Code, new[] { ExitCode.Done, ExitCode.DiagnosticsFailed });
        Assert.Matches("tempered: neighbours on the ladder exchange in [0-9]+ to [0-9]+ % of the attempts; [0-9]+ round trips in 72 transitions", analyzed.Output);
        Assert.Contains("\"ladder\":", File.ReadAllText(run.At("stopped", "analysis.json")), StringComparison.Ordinal);
        var (verified, output, _) = CommandRun.Invoke("verify", run.At("stopped"), "--all");
        Assert.True(verified == ExitCode.Done, output);
        Assert.Contains("ok   tempered: stored action", output, StringComparison.Ordinal);
        var measured = CommandRun.Invoke("measure", run.At("stopped"), "--observables", "wilson_loop_1x2");
        Assert.True(measured.Code == ExitCode.Done, measured.Error);
        Assert.Contains("exchange 1-", File.ReadAllText(run.At("stopped", "metrics.jsonl")), StringComparison.Ordinal);

        double[] Actions(string directory, string name) => [.. EnsembleReader.Open(run.At(directory, "ensemble", name)).Blocks().SelectMany(block => block.Action)];
    }

    [Fact]
    public void An_open_lattice_is_sampled_and_nothing_exact_is_said_of_it()
    {
        using var run = new CommandRun(Open);
        var (code, output, error) = run.In("run", "run", "--json");
        Assert.True(code == ExitCode.Done, error);
        var analysis = AnalysisDocument.FromJson(output);
        Assert.All(analysis.Ensembles.Values, ensemble => Assert.All(ensemble.Observables.Values, observable => Assert.Null(observable.Exact)));
        Assert.True(CommandRun.Invoke("verify", run.At("run")).Code == ExitCode.Done);
        Assert.Equal(1, EnsembleReader.Open(run.At("run", "ensemble", "hmc")).Header.ActionParameters["boundary"]);
        Assert.Contains("boundary = \"open\"", File.ReadAllText(run.At("run", "resolved.toml")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("action = { kind = \"wilson\", beta = 1.0, boundary = \"opne\" }", "theory.action.boundary must be a number, \"periodic\" or \"open\", not \"opne\"; did you mean \"open\"?")]
    [InlineData("action = { kind = \"wilson\", beta = 1.0, boundary = 0.5 }", "theory.action.boundary must be \"periodic\" or \"open\", not 0.5")]
    [InlineData("action = { kind = \"wilson\", beta = 1.0, defect = 0.5 }", "theory.action.defect needs a defect: give its defect_size, or leave it out; it must be 1 without one, not 0.5")]
    [InlineData("action = { kind = \"wilson\", beta = 1.0, defect = 0.5, defect_size = 5 }", "theory.action.defect_size does not fit the extents: a size is 1 to 4, the least extent across direction 0, not 5; it must not be, not 5.0")]
    [InlineData("action = { kind = \"wilson\", beta = 1.0, defect = 0.5, defect_size = 1.5 }", "theory.action.defect_size must be an integer, not 1.5")]
    [InlineData("action = { kind = \"rectangle\", beta = 1.0, boundary = \"open\" }", "theory.action.boundary does not apply to the action")]
    public void Boundaries_that_do_not_fit_are_refused(string action, string expected)
    {
        string[] errors = [.. Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read($"{Head}{action}\n[[sample]]\nsampler = \"hmc\"\n", "f.toml")).Errors.Select(error => error.Message)];
        Assert.Contains(errors, error => error.StartsWith(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "sample.0.defect_size is missing: give it")]
    [InlineData("defect_size = 5", "sample.0.defect_size does not fit theory.extents: a size is 1 to 4")]
    [InlineData("defect_size = 2\ndefect_direction = 2", "sample.0.defect_direction does not fit theory.extents: a direction is 0 to 1, not 2")]
    [InlineData("defect_size = 2\nrungs = 3\ndefect_coefficients = [1.0, 0.0]", "sample.0.rungs excludes defect_coefficients")]
    [InlineData("defect_size = 2\ndefect_coefficients = [1.0, 0.5]", "sample.0.defect_coefficients must be 2 to 256 numbers that fall from 1")]
    [InlineData("defect_size = 2\nrungs = 2\ntune = true", "sample.0.tune has nothing to tune")]
    [InlineData("defect_size = 2\nthermalization = 0", "sample.0.thermalization must be at least 1 when tune is true: the ladder is tuned during thermalization")]
    [InlineData("defect_size = 2\nlevels = [ { margin = 1 }, { margin = 1 } ]", "margin must be less than that of the level before, 1")]
    [InlineData("defect_size = 2\nlevels = [ { size = 1 } ]", "unknown key 'size' in sample.0.levels.0")]
    public void Ladders_that_do_not_fit_are_refused(string keys, string expected)
    {
        string text = $"{Head}action = {{ kind = \"wilson\", beta = 1.0 }}\n[[sample]]\nsampler = \"boundary-tempering\"\nparts = [ {{ sampler = \"heatbath\" }} ]\n{keys}\n";
        string[] errors = [.. Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(text, "f.toml")).Errors.Select(error => error.Message)];
        Assert.True(errors.Any(error => error.Contains(expected, StringComparison.Ordinal)), string.Join("\n", errors));
    }

    [Theory]
    [InlineData("action = { kind = \"rectangle\", beta = 1.0 }", "needs an action of plaquettes")]
    [InlineData("action = { kind = \"wilson\", beta = 1.0, boundary = \"open\" }", "needs an action that is periodic")]
    public void Actions_that_a_ladder_cannot_open_are_refused(string action, string expected)
    {
        string text = $"{Head}{action}\n[[sample]]\nsampler = \"boundary-tempering\"\ndefect_size = 2\nparts = [ {{ sampler = \"heatbath\" }} ]\n";
        Assert.Contains(Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(text, "f.toml")).Errors, error => error.Message.Contains(expected, StringComparison.Ordinal));
    }
}

using LatticeFlow.Cli.Services;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

/// <summary>All commands on a small run of SU(N) that proposes from a flow in single precision, moves in its coordinates, and does both.</summary>
public sealed class FlowSamplerRunTests
{
    private const string Configuration = """
        [run]
        name = "coordinates"
        device = "cpu"
        precision = "float"
        [theory]
        group = "GROUP"
        extents = [4, 4]
        action = { kind = "wilson", beta = 1.5 }
        [flow]
        FLOW
        [train]
        steps = 10
        batch = 64
        evaluate_samples = 256
        [[sample]]
        sampler = "flow"
        configurations = 60
        replicas = 6
        thermalization = 8
        segment = 18
        [[sample]]
        sampler = "flow-hmc"
        acceptance = 0.8
        trajectory_length = 1.0
        configurations = 60
        replicas = 6
        thermalization = 8
        segment = 18
        [[sample]]
        sampler = "mixture"
        parts = [ { sampler = "flow" }, { sampler = "flow-hmc", integrator = "leapfrog", steps = 3, repeat = 2 }, { sampler = "heatbath" } ]
        configurations = 60
        replicas = 6
        thermalization = 2
        segment = 18
        """;

    private const string Doubling = "layers = [ { kind = \"doubling\", levels = 1, maps = [\"sum\"], bins = 4, hidden = [4] } ]";
    private const string FreePlaquette = "prior = { kind = \"free-plaquette\" }\nlayers = [ { kind = \"spectral-coupling\", count = 2, bins = 4, hidden = [4] } ]";

    [Theory]
    [InlineData("SU2", Doubling)]
    [InlineData("SU3", Doubling)]
    [InlineData("SU3", FreePlaquette)]
    public void A_run_is_sampled_interrupted_resumed_analysed_and_verified(string group, string flow)
    {
        using var run = new CommandRun(Configuration.Replace("GROUP", group, StringComparison.Ordinal).Replace("FLOW", flow, StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, run.In("stopped", "train").Code);
        Assert.Equal(ExitCode.Done, run.In("whole", "train").Code);
        var (sampled, _, problem) = run.In("whole", "sample");
        Assert.True(sampled == ExitCode.Done, problem);
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "flow", 18));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "flow-hmc thermalization", 5, resume: true));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "flow-hmc", 36, resume: true));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "mixture", 36, resume: true));
        var (code, _, error) = run.In("stopped", "sample", "--resume");
        Assert.True(code == ExitCode.Done, error);
        run.AssertSameEnsembles("whole", "stopped");

        Assert.Contains(CommandRun.Invoke("analyze", run.At("whole"), "--quiet").Code, new[] { ExitCode.Done, ExitCode.DiagnosticsFailed });
        var analysis = AnalysisDocument.FromJson(File.ReadAllText(run.At("whole", "analysis.json")));
        Assert.Equal(["flow", "flow-hmc", "mixture"], analysis.Ensembles.Keys);
        Assert.Null(analysis.Ensembles["flow"].MeanExpMinusDeltaH);
        Assert.NotNull(analysis.Ensembles["flow-hmc"].MeanExpMinusDeltaH);
        Assert.NotNull(analysis.Ensembles["flow-hmc"].Acceptance);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("report", run.At("whole")).Code);

        var (verified, output, _) = CommandRun.Invoke("verify", run.At("whole"));
        Assert.True(verified == ExitCode.Done, output);
        foreach (var check in new[]
        {
            "flow: links in the group", "flow: stored log_q", "flow-hmc: stored action", "flow-hmc: stored plaquette", "flow-hmc: links in the group", "flow-hmc: <exp(-dH)>", "flow-hmc: reversibility",
            "mixture: links in the group", "mixture: reversibility",
        })
            Assert.Contains($"ok   {check}: ", output, StringComparison.Ordinal);
    }
}

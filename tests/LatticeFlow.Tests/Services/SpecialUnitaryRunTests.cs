using System.Text.Json.Nodes;
using LatticeFlow.Cli.Services;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>All commands on small runs of SU(N): HMC, heat bath and a ladder, stored as matrices.</summary>
public sealed class SpecialUnitaryRunTests
{
    private const string Hypercube = """
        [run]
        name = "hypercube"
        device = "cpu"
        [theory]
        group = "GROUP"
        extents = [2, 2, 2, 2]
        action = { kind = "wilson", beta = 3.0 }
        [[sample]]
        sampler = "hmc"
        acceptance = 0.8
        configurations = 44
        replicas = 4
        thermalization = 12
        segment = 16
        [[sample]]
        sampler = "heatbath"
        overrelaxation = 1
        configurations = 44
        replicas = 4
        thermalization = 6
        segment = 16
        [[sample]]
        sampler = "tempering"
        strengths = [1.0, 0.7]
        parts = [ { sampler = "hmc", integrator = "force_gradient4", steps = 3 }, { sampler = "heatbath" } ]
        configurations = 44
        replicas = 4
        thermalization = 4
        segment = 16
        [analyze]
        observables = ["plaquette", "wilson_loop_1x2", "wilson_loop_2x2", "polyakov_abs", "clover_charge_flow0.4", "flow_energy_0.5"]
        """;

    // 8 replicas of 250 configurations: pulls beyond 5 standard deviations once in 1.7 million, and R-hat stays below 1.1 by far.
    private const string Torus = """
        [run]
        name = "torus"
        device = "cpu"
        [theory]
        group = "SU3"
        extents = [4, 3]
        action = { kind = "wilson", beta = 4.0, anisotropy = 1.25 }
        [[sample]]
        sampler = "hmc"
        steps = 6
        configurations = 2000
        replicas = 8
        thermalization = 50
        stride = 2
        [[sample]]
        sampler = "heatbath"
        overrelaxation = 1
        configurations = 2000
        replicas = 8
        thermalization = 30
        [analyze]
        observables = ["plaquette", "wilson_loop_1x2", "wilson_loop_2x2", "polyakov_re"]
        """;

    [Fact]
    public void A_segment_of_one_configuration_holds_it_once_and_continues_bit_for_bit()
    {
        using var run = new CommandRun("""
            [run]
            name = "one"
            seed = 3
            [theory]
            group = "SU3"
            extents = [8, 8, 8, 8]
            action = { kind = "wilson", beta = 6.0 }
            [[sample]]
            sampler = "heatbath"
            configurations = 3
            replicas = 1
            thermalization = 1
            segment = 1
            """);
        Assert.Equal(ExitCode.Done, run.In("whole", "sample").Code);
        var configuration = 8 * 8 * 8 * 8 * 4 * 18 * sizeof(double);
        Assert.InRange(new FileInfo(run.At("whole", "ensemble", "heatbath", "seg-000001.h5")).Length, configuration, configuration + 20_000);
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "heatbath", 2));
        Assert.Equal(ExitCode.Done, run.In("stopped", "sample", "--resume").Code);
        run.AssertSameEnsembles("whole", "stopped");
    }

    [Theory]
    [InlineData("SU2")]
    [InlineData("SU3")]
    [InlineData("SU4")]
    public void A_run_is_sampled_interrupted_resumed_analysed_and_verified(string group)
    {
        using var run = new CommandRun(Hypercube.Replace("GROUP", group, StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, run.In("whole", "sample").Code);
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "hmc thermalization", 5));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "hmc", 16, resume: true));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "heatbath thermalization", 3, resume: true));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "tempering", 32, resume: true));
        var (code, _, error) = run.In("stopped", "sample", "--resume");
        Assert.True(code == ExitCode.Done, error);
        run.AssertSameEnsembles("whole", "stopped");

        var reader = EnsembleReader.Open(run.At("whole", "ensemble", "heatbath"));
        var theory = GaugeGroup.Named(group);
        Assert.Equal((group, FieldRepresentation.Matrix, 44L), (reader.Header.Field, reader.Header.Representation, reader.Count));
        var links = reader.ReadField(0);
        Assert.Equal(16 * 64 * 2 * theory.Order * theory.Order, links.Length);
        Assert.Equal(links, theory.ToStored(theory.FromStored(links)));

        // Chains of 11 are too short to be converged; that is said, and everything is written all the same.
        Assert.Contains(CommandRun.Invoke("analyze", run.At("whole"), "--quiet").Code, new[] { ExitCode.Done, ExitCode.DiagnosticsFailed });
        var analysis = AnalysisDocument.FromJson(File.ReadAllText(run.At("whole", "analysis.json")));
        Assert.Equal(["hmc", "heatbath", "tempering"], analysis.Ensembles.Keys);
        Assert.Null(analysis.Ensembles["tempering"].MeanExpMinusDeltaH);
        Assert.Contains("clover_charge_flow0.4", analysis.Ensembles["heatbath"].Observables.Keys);
        // Of a flow the energy at its end is reported, and all of them beside it.
        var flow = analysis.Ensembles["heatbath"].FlowEnergy;
        Assert.Equal(5, flow.Count);
        Assert.Equal(flow[^1].Energy, analysis.Ensembles["heatbath"].Observables["flow_energy_0.5"].Mean);
        Assert.Contains("clover_susceptibility_flow0.4", analysis.Ensembles["heatbath"].Observables.Keys);
        Assert.Contains("polyakov_susceptibility", analysis.Ensembles["heatbath"].Observables.Keys);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("report", run.At("whole")).Code);
        Assert.Contains($"SU({theory.Order}) · Wilson action · β = 3 · 2 × 2 × 2 × 2", File.ReadAllText(run.At("whole", "report.html")), StringComparison.Ordinal);

        var (verified, output, _) = CommandRun.Invoke("verify", run.At("whole"));
        Assert.True(verified == ExitCode.Done, output);
        foreach (var check in new[] { "hmc: hashes", "hmc: stored action", "hmc: stored plaquette", "hmc: links in the group", "hmc: <exp(-dH)>", "hmc: reversibility", "heatbath: links in the group", "tempering: reversibility" })
            Assert.Contains($"ok   {check}: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("topological", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_samplers_of_SU3_agree_with_the_exact_torus()
    {
        using var run = new CommandRun(Torus);
        var (code, output, error) = run.In("run", "run", "--json");
        Assert.True(code == ExitCode.Done, error);
        var analysis = AnalysisDocument.FromJson(output);
        foreach (var ensemble in analysis.Ensembles.Values)
            Assert.All(ensemble.Observables.Values, observable => Assert.NotNull(observable.Pull));
        Assert.Contains("ξ = 1.25", File.ReadAllText(run.At("run", "report.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind = \"rectangle\", beta = 2.6, c1 = \"iwasaki\"", "0")]
    [InlineData("kind = \"sum\", terms = [ { beta = 1.0 }, { kind = \"rectangle\", beta = 1.5 } ]", "1")]
    public void Improved_actions_are_sampled_on_two_time_scales_and_verified(string action, string inner)
    {
        using var run = new CommandRun($$"""
            [run]
            name = "improved"
            device = "cpu"
            [theory]
            group = "SU3"
            extents = [3, 4, 3]
            action = { {{action}} }
            [[sample]]
            sampler = "hmc"
            steps = 4
            inner_scales = [ { parts = [{{inner}}], steps = 2 } ]
            configurations = 24
            replicas = 4
            thermalization = 5
            [[sample]]
            sampler = "heatbath"
            overrelaxation = 1
            configurations = 6
            replicas = 1
            thermalization = 5
            """);
        Assert.Equal(ExitCode.Done, run.In("run", "sample").Code);
        var (code, output, _) = CommandRun.Invoke("verify", run.At("run"), "--json");
        Assert.True(code == ExitCode.Done, output);
        Assert.Contains(JsonNode.Parse(output)!["checks"]!.AsArray(), check => (string)check!["check"]! == "hmc: reversibility");
    }

    [Fact]
    public void A_link_that_is_off_the_group_and_a_wrong_action_are_found()
    {
        using var run = new CommandRun(Hypercube.Replace("GROUP", "SU3", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, run.In("run", "sample").Code);
        var folder = run.At("run", "ensemble", "heatbath");
        var reader = EnsembleReader.Open(folder);
        EnsembleBlock[] blocks = [.. reader.Blocks()];
        ChainState[] states = [.. blocks.Select((_, segment) => reader.ReadState(segment))];
        Directory.Delete(folder, recursive: true);
        // Far below what the plaquette shows, far above rounding.
        for (var part = 0; part < 18; part++) blocks[1].Field[(18 * 70) + part] *= 1 + 1e-12;
        blocks[2].Action[3] += 1e-6;
        using (var writer = EnsembleWriter.Resume(folder, reader.Header))
        {
            for (var segment = 0; segment < blocks.Length; segment++) writer.Append(blocks[segment], states[segment]);
        }
        var (code, output, _) = CommandRun.Invoke("verify", run.At("run"));
        Assert.Equal(ExitCode.DiagnosticsFailed, code);
        Assert.Contains("FAIL heatbath: links in the group: ", output, StringComparison.Ordinal);
        Assert.Contains("FAIL heatbath: stored action: ", output, StringComparison.Ordinal);
        Assert.Contains("ok   heatbath: stored plaquette: ", output, StringComparison.Ordinal);
        Assert.Contains("ok   hmc: links in the group: ", output, StringComparison.Ordinal);
    }
}

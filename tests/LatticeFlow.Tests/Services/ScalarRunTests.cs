using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Services;
using LatticeFlow.Fields;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>All commands on small runs of a scalar: HMC, a mixture and a ladder, stored as real numbers.</summary>
public sealed class ScalarRunTests
{
    private const string Interacting = """
        [run]
        name = "phi4"
        device = "cpu"
        [theory]
        field = "scalar"
        extents = [4, 3, 2]
        action = { kind = "phi4", mass_squared = -1.5, lambda = 2.0 }
        [[sample]]
        sampler = "hmc"
        acceptance = 0.8
        configurations = 88
        replicas = 8
        thermalization = 12
        segment = 32
        [[sample]]
        sampler = "mixture"
        parts = [ { sampler = "hmc", steps = 6 }, { sampler = "hmc", repeat = 2, integrator = "force_gradient4", steps = 2, trajectory_length = 0.4 } ]
        configurations = 44
        replicas = 1
        thermalization = 6
        segment = 16
        [[sample]]
        sampler = "tempering"
        strengths = [1.0, 0.7]
        parts = [ { sampler = "hmc", steps = 6 } ]
        configurations = 44
        replicas = 4
        thermalization = 4
        segment = 16
        """;

    // 16 replicas of 300 configurations: pulls beyond 5 standard deviations once in 1.7 million, and R-hat stays below 1.1 by far.
    private const string Free = """
        [run]
        name = "free"
        device = "cpu"
        [theory]
        field = "scalar"
        extents = [6, 4]
        action = { kind = "phi4", mass_squared = 0.5, lambda = 0.0 }
        [[sample]]
        sampler = "hmc"
        steps = 5
        length_spread = 0.3
        configurations = 4800
        replicas = 16
        thermalization = 50
        stride = 2
        """;

    // A chain through the flow and one that mixes it with trajectories. 8 replicas of 250 configurations: pulls beyond 5 standard deviations once in 1.7 million.
    private const string Flowing = """
        [run]
        name = "flowing"
        device = "cpu"
        [theory]
        field = "scalar"
        extents = [4, 4]
        action = { kind = "phi4", mass_squared = 0.6, lambda = 0.0 }
        [flow]
        layers = [ { kind = "affine-coupling", count = 8, hidden = [4], mask = "cells" }, { kind = "affine-coupling", count = 2, hidden = [4], shape = "sinh-arcsinh", bound = "both" } ]
        [train]
        steps = 300
        batch = 128
        learning_rate = 1e-2
        gradient_clip = 20.0
        schedule = { kind = "cosine" }
        [[sample]]
        sampler = "flow"
        configurations = 2000
        replicas = 8
        thermalization = 20
        segment = 400
        [[sample]]
        sampler = "mixture"
        parts = [ { sampler = "hmc", steps = 6 }, { sampler = "flow" } ]
        configurations = 2000
        replicas = 8
        thermalization = 20
        """;

    [Fact]
    public void A_flow_is_trained_interrupted_resumed_sampled_and_verified()
    {
        using var run = new CommandRun(Flowing);
        var (code, output, error) = run.In("whole", "run", "--json");
        Assert.True(code == ExitCode.Done, error);
        var analysis = AnalysisDocument.FromJson(output);
        Assert.InRange(analysis.Flow!.EffectiveSampleSize, 0.3, 1.0);
        Assert.InRange(analysis.Flow.LogZPull!.Value, -5, 5);
        Assert.All(analysis.Ensembles.Values.SelectMany(ensemble => ensemble.Observables.Values), observable => Assert.InRange(observable.Pull ?? 0, -5, 5));
        Assert.Contains("prior = { kind = \"normal\" }", File.ReadAllText(run.At("whole", "resolved.toml")), StringComparison.Ordinal);

        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new TrainCommand(), "train", 100));
        Assert.Equal(ExitCode.Done, run.In("stopped", "train", "--resume").Code);
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "flow", 800, resume: true));
        Assert.Equal(ExitCode.Done, run.In("stopped", "sample", "--resume").Code);
        Assert.Equal(run.Metrics("whole", "train"), run.Metrics("stopped", "train"));
        run.AssertSameEnsembles("whole", "stopped");

        var (verified, checks, _) = CommandRun.Invoke("verify", run.At("whole"));
        Assert.True(verified == ExitCode.Done, checks);
        foreach (var check in new[] { "flow: inverse, double", "flow: inverse, float", "flow: log-determinant", "flow: translation equivariance", "flow: stored log_q", "mixture: stored log_q", "mixture: reversibility" })
            Assert.Contains($"ok   {check}: ", checks, StringComparison.Ordinal);
        Assert.DoesNotContain("gauge", checks, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_sampled_interrupted_resumed_analysed_and_verified()
    {
        using var run = new CommandRun(Interacting);
        Assert.Equal(ExitCode.Done, run.In("whole", "sample").Code);
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "hmc thermalization", 5));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "hmc", 32, resume: true));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "mixture", 16, resume: true));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "tempering", 32, resume: true));
        var (code, _, error) = run.In("stopped", "sample", "--resume");
        Assert.True(code == ExitCode.Done, error);
        run.AssertSameEnsembles("whole", "stopped");

        var reader = EnsembleReader.Open(run.At("whole", "ensemble", "hmc"));
        Assert.Equal(("scalar", FieldRepresentation.Real, 88L), (reader.Header.Field, reader.Header.Representation, reader.Count));
        Assert.Equal(["lambda", "mass_squared"], reader.Header.ActionParameters.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(32 * 24, reader.ReadField(0).Length);
        Assert.Equal(["magnetization_abs", "magnetization_squared", "phi_squared", "two_point"], reader.ReadSegment(0).Observables.Keys.Order(StringComparer.Ordinal));

        // Chains of 11 are too short to be converged; that is said, and everything is written all the same.
        Assert.Contains(CommandRun.Invoke("analyze", run.At("whole"), "--quiet").Code, new[] { ExitCode.Done, ExitCode.DiagnosticsFailed });
        var analysis = AnalysisDocument.FromJson(File.ReadAllText(run.At("whole", "analysis.json")));
        Assert.Equal(["hmc", "mixture", "tempering"], analysis.Ensembles.Keys);
        var hmc = analysis.Ensembles["hmc"];
        Assert.Equal(3, hmc.TwoPoint.Count);
        Assert.Equal(hmc.TwoPoint[0].Value, hmc.Observables["two_point"].Mean);
        Assert.Contains("susceptibility", hmc.Observables.Keys);
        Assert.Contains("binder_cumulant", hmc.Observables.Keys);
        Assert.Equal((-1.5, 2.0), (analysis.Theory!.MassSquared!.Value, analysis.Theory.Lambda!.Value));
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("report", run.At("whole")).Code);
        var page = File.ReadAllText(run.At("whole", "report.html"));
        Assert.Contains("Real scalar · φ⁴ action · m² = −1.5 · λ = 2 · 4 × 3 × 2", page, StringComparison.Ordinal);
        Assert.Contains("Two-point function of zero spatial momentum", page, StringComparison.Ordinal);

        var (verified, output, _) = CommandRun.Invoke("verify", run.At("whole"));
        Assert.True(verified == ExitCode.Done, output);
        foreach (var check in new[] { "hmc: hashes", "hmc: stored action", "hmc: stored phi_squared", "hmc: stored two_point", "hmc: <exp(-dH)>", "hmc: reversibility", "mixture: reversibility", "tempering: stored action" })
            Assert.Contains($"ok   {check}: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("plaquette", output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", run.At("whole"), "--sample", "hmc", "--output", run.At("all.h5")).Code);
        var (header, merged) = EnsembleExport.Read(run.At("all.h5"));
        Assert.Equal(("scalar", 88), (header.Field, merged.Count));
        Assert.Equal(reader.Blocks().SelectMany(block => block.Field), merged.Field);
        foreach (var format in new[] { "nersc", "ildg" })
        {
            var (refused, _, message) = CommandRun.Invoke("export", run.At("whole"), "--sample", "hmc", "--format", format, "--output", run.At("files"));
            Assert.Equal(ExitCode.BadUsage, refused);
            Assert.Contains("holds a scalar field, gauge files of other codes hold matrices of SU(N)", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_free_field_agrees_with_its_propagator()
    {
        using var run = new CommandRun(Free);
        var (code, output, error) = run.In("run", "run", "--json");
        Assert.True(code == ExitCode.Done, error);
        var ensemble = AnalysisDocument.FromJson(output).Ensembles["hmc"];
        Assert.All(ensemble.Observables.Values, observable => Assert.NotNull(observable.Pull));
        Assert.All(ensemble.TwoPoint, point => Assert.InRange((point.Value - point.Exact!.Value) / point.Error, -5, 5));
        Assert.Equal(["phi_squared", "magnetization_squared", "magnetization_abs", "two_point", "susceptibility", "binder_cumulant", "correlation_length"], ensemble.Observables.Keys);
    }

    [Fact]
    public void A_number_that_has_changed_is_found()
    {
        using var run = new CommandRun(Interacting);
        Assert.Equal(ExitCode.Done, run.In("run", "sample").Code);
        var folder = run.At("run", "ensemble", "mixture");
        var reader = EnsembleReader.Open(folder);
        EnsembleBlock[] blocks = [.. reader.Blocks()];
        ChainState[] states = [.. blocks.Select((_, segment) => reader.ReadState(segment))];
        Directory.Delete(folder, recursive: true);
        blocks[1].Field[24 + 7] += 1e-9;
        using (var writer = EnsembleWriter.Resume(folder, reader.Header))
        {
            for (var segment = 0; segment < blocks.Length; segment++) writer.Append(blocks[segment], states[segment]);
        }
        var (code, output, _) = CommandRun.Invoke("verify", run.At("run"));
        Assert.Equal(ExitCode.DiagnosticsFailed, code);
        foreach (var check in new[] { "stored action", "stored phi_squared", "stored magnetization_squared", "stored two_point" })
            Assert.True(output.Contains($"FAIL mixture: {check}: ", StringComparison.Ordinal), output);
        Assert.Contains("ok   hmc: stored action: ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sampler = \"hmc\"\nacceptance = 0.8", "sampler = \"heatbath\"", "use \"hmc\", alone, in a mixture or on a ladder")]
    [InlineData("{ sampler = \"hmc\", steps = 6 } ]\nconf", "{ sampler = \"heatbath\" } ]\nconf", "use \"hmc\", alone, in a mixture or on a ladder")]
    [InlineData("sampler = \"hmc\"\nacceptance = 0.8", "sampler = \"flow\"", "there is no [flow] section")]
    [InlineData("field = \"scalar\"", "group = \"SU2\"", "\"phi4\" is no action of the field \"SU2\"")]
    public void What_a_scalar_has_not_is_refused_before_anything_is_written(string old, string now, string message)
    {
        Assert.Contains(old, Interacting, StringComparison.Ordinal);
        using var run = new CommandRun(Interacting.Replace(old, now, StringComparison.Ordinal));
        var (code, output, error) = run.In("run", "run");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal("", output);
        Assert.False(Directory.Exists(run.At("run")));
    }

    [Fact]
    public void A_resolved_configuration_names_the_field()
    {
        var configuration = ConfigurationReader.Read(Interacting, "f.toml");
        var text = configuration.ToToml();
        Assert.Contains("field = \"scalar\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("group", text, StringComparison.Ordinal);
        Assert.Contains("action = { kind = \"phi4\", mass_squared = -1.5, lambda = 2.0 }", text, StringComparison.Ordinal);
        Assert.Equal(configuration, ConfigurationReader.Read(text, "f.toml"));
        Assert.Equal(sizeof(double) * 24, configuration.Theory.BytesOfConfiguration);
    }
}

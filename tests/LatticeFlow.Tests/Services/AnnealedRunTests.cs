using LatticeFlow.Cli.Services;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Annealed ensembles through all commands: stopped and resumed, grown, verified, analysed with their weights, and refused where nothing exact is asked for.</summary>
public sealed class AnnealedRunTests : IDisposable
{
    private const string Configuration = """
        [run]
        name = "small"
        device = "cpu"
        threads = 1
        seed = 7
        [theory]
        group = "SU2"
        extents = [4, 4]
        action = { kind = "wilson", beta = 1.8 }
        [[sample]]
        name = "haar"
        sampler = "annealed"
        steps = 6
        parts = [ { sampler = "heatbath" } ]
        configurations = 1600
        replicas = 16
        thermalization = 0
        segment = 480
        [[sample]]
        name = "chain"
        sampler = "annealed"
        strength = 0.5
        steps = 4
        schedule = "optimised"
        pilot = 3
        parts = [ { sampler = "hmc", steps = 2 }, { sampler = "heatbath" } ]
        chain = [ { sampler = "hmc", acceptance = 0.8 } ]
        transitions = 2
        direction = "both"
        configurations = 1601
        replicas = 16
        thermalization = 20
        segment = 480
        [[sample]]
        name = "accepted"
        sampler = "annealed"
        metropolis = true
        strength = 0.5
        steps = 4
        parts = [ { sampler = "heatbath" } ]
        transitions = 1
        configurations = 1600
        replicas = 16
        thermalization = 10
        [[sample]]
        name = "defect"
        sampler = "annealed"
        defect_size = 2
        defect_direction = 1
        levels = [ { margin = 1, sweeps = 1 }, { margin = 0, sweeps = 1, overrelaxation = 1 } ]
        schedule = "optimised"
        pilot = 4
        steps = 3
        chain = [ { sampler = "heatbath", overrelaxation = 1 } ]
        transitions = 2
        configurations = 1600
        replicas = 16
        thermalization = 20
        segment = 480
        [[sample]]
        name = "improved"
        sampler = "annealed"
        start_action = { kind = "rectangle", beta = 1.2, c1 = "symanzik" }
        steps = 3
        parts = [ { sampler = "heatbath" } ]
        transitions = 3
        configurations = 1600
        replicas = 16
        thermalization = 20
        segment = 480
        [analyze]
        observables = ["plaquette", "wilson_loop_2x2", "polyakov_abs"]
        derive = ["ratio = wilson_loop_2x2/plaquette", "square = <plaquette^2> - plaquette^2"]
        """;

    private static readonly string[] _samples = ["haar", "chain", "accepted", "defect", "improved"];
    private readonly CommandRun _run = new(Configuration);

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_run_is_stopped_resumed_grown_verified_and_analysed_with_its_weights()
    {
        Assert.Equal(ExitCode.Done, _run.In("whole", "sample").Code);
        Assert.Equal(ExitCode.Stopped, _run.Stopped("parts", new SampleCommand(), "chain thermalization", 18));
        Assert.Equal(ExitCode.Stopped, _run.Stopped("parts", new SampleCommand(), "chain", 600, resume: true));
        Assert.Equal(ExitCode.Done, _run.In("parts", "sample", "--resume").Code);
        Assert.Equal(ExitCode.Done, _run.In("grown", "sample", [.. _samples.SelectMany(name => new[] { "--set", $"sample.{name}.configurations=500" })]).Code);
        Assert.Equal(ExitCode.Done, _run.In("grown", "sample", [.. new[] { "--resume" }, .. _samples.SelectMany(name => new[] { "--set", $"sample.{name}.configurations={(name == "chain" ? 1601 : 1600)}" })]).Code);
        foreach (var name in _samples)
        {
            foreach (var other in new[] { "parts", "grown" })
            {
                EnsembleBlock expected = Rows("whole", name), actual = Rows(other, name);
                Assert.Equal(expected.Count, actual.Count);
                Assert.Null(Cli.Services.Verification.StoredRows.Difference(expected, actual, expected.Count));
            }
            Assert.Equal(name != "accepted", Rows("whole", name).LogWeight is not null);
            Assert.Null(Rows("whole", name).LogQ);
            Assert.Equal(name == "chain", Rows("whole", name).ReverseWork is not null);
        }

        var (analysed, output, error) = CommandRun.Invoke("analyze", _run.At("whole"));
        Assert.True(analysed == ExitCode.Done, output + error);
        Assert.Contains("haar: weighted with e^-W, ESS ", output, StringComparison.Ordinal);
        Assert.Contains("id=\"work\"", File.ReadAllText(_run.At("whole", "report.html")), StringComparison.Ordinal);
        var analysis = AnalysisDocument.FromJson(File.ReadAllText(_run.At("whole", "analysis.json")));
        Assert.Null(analysis.Ensembles["accepted"].Work);
        foreach (var name in _samples)
        {
            // This far off by chance: 6·10⁻⁵ a comparison, 13 comparisons, one seed.
            var ensemble = analysis.Ensembles[name];
            Assert.InRange(Math.Abs(ensemble.Observables["plaquette"].Pull!.Value), 0, 4);
            Assert.InRange(Math.Abs(ensemble.Observables["wilson_loop_2x2"].Pull!.Value), 0, 4);
            Assert.Equal(ensemble.Observables["wilson_loop_2x2"].Mean / ensemble.Observables["plaquette"].Mean, ensemble.Observables["ratio"].AtMeans!.Value, 1e-12);
            Assert.True(ensemble.Observables["square"].Mean > 0);
            if (ensemble.Work is not { } work) continue;
            if (name == "improved") Assert.Null(work.LogRatioPull);
            else Assert.InRange(Math.Abs(work.LogRatioPull!.Value), 0, 4);
            EnsembleBlock rows = Rows("whole", name);
            double[] weights = [.. rows.LogWeight!.Select(Math.Exp)];
            // Less the bias of a logarithm, as replicas have it (Wolff, eq. 29).
            double all = Math.Log(weights.Average()), ofReplicas = rows.Replica.Zip(weights).GroupBy(row => row.First).Sum(replica => replica.Count() * Math.Log(replica.Average(row => row.Second))) / weights.Length;
            Assert.Equal(all - ((ofReplicas - all) / (rows.Replica.Distinct().Count() - 1)), work.LogRatio, 1e-10);
            Assert.Equal(weights.Sum() * weights.Sum() / weights.Sum(w => w * w) / weights.Length, work.EffectiveSampleSize, 1e-10);
            Assert.Equal(work.LogRatio + work.MeanWork, work.Divergence, 1e-10);
            Assert.True(work.Divergence > 0);
            Assert.Equal(name == "chain", work.Reverse is not null);
            if (work.Reverse is not { } reverse) continue;
            Assert.Contains("slope of Crooks", output, StringComparison.Ordinal);
            Assert.InRange(Math.Abs(reverse.LogRatioPull!.Value), 0, 4);
            Assert.InRange(Math.Abs(reverse.BothLogRatioPull!.Value), 0, 4);
            Assert.InRange(Math.Abs(reverse.CrooksPull!.Value), 0, 4);
            Assert.True(reverse.BothLogRatioError < work.LogRatioError && reverse.BothLogRatioError < reverse.LogRatioError);
            Assert.True(reverse.MeanWork > -reverse.LogRatio);
        }

        var (verified, said, _) = CommandRun.Invoke("verify", _run.At("grown"), "--all");
        Assert.True(verified == ExitCode.Done, said);
        Assert.Contains("haar: mean weight", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("strength = 1.0", "must be at least 0 and not 1")]
    [InlineData("from = \"haar\"", "cannot be \"haar\": links from Haar measure are the ensemble of strength = 0")]
    [InlineData("times = [0.5, 0.4, 1.0]", "must ascend to 1")]
    [InlineData("times = [0.5, 1.0]\nsteps = 2", "does not go with times")]
    [InlineData("pilot = 3", "is of schedule = \"optimised\"")]
    [InlineData("schedule = \"optimised\"\nthermalization = 4", "must be at least 8, not 4: its last transitions are the pilot trajectories")]
    [InlineData("strength = 0.0\ntransitions = 2", "is of trajectories that start from a chain")]
    [InlineData("parts = [ { sampler = \"hmc\", acceptance = 0.8 } ]", "are tuned to an acceptance")]
    [InlineData("parts = [ { sampler = \"tempering\" } ]", "sampler must be")]
    [InlineData("direction = \"both\"\nthermalization = 0", "has to come to equilibrium")]
    [InlineData("direction = \"both\"\nmetropolis = true", "they have no work of one way")]
    [InlineData("parts = []", "is missing or empty")]
    [InlineData("defect_size = 2\nstrength = 0.5", "does not go with defect_size: the path is the coefficient of the defect")]
    [InlineData("defect_size = 5\nno strength", "does not fit theory.extents: a size is 1 to 4")]
    [InlineData("start_action = { kind = \"wilson\", beta = 1.8 }\nno strength", "is the action that is sampled")]
    [InlineData("start_action = { kind = \"wilson\", beta = 1.0 }\nstrength = 0.5", "does not go with start_action")]
    [InlineData("start_action = { kind = \"wilson\", beta = 1.0 }\ndefect_size = 2\nno strength", "does not go with start_action")]
    [InlineData("defect = 0.5", "is of a path through a defect: give its defect_size")]
    [InlineData("defect_size = 2\ndefect = 1.0\nno strength", "must be at least 0 and less than 1")]
    [InlineData("defect_size = 2\nfrom = \"haar\"\nno strength", "and this path starts from an ensemble of its own")]
    [InlineData("defect_size = 2\nlevels = [ { margin = 0 } ]\nno strength, no parts", "chain is missing: without parts")]
    [InlineData("defect_size = 2\nlevels = [ { margin = 0 } ]\nchain = [ { sampler = \"heatbath\" } ]\ndirection = \"both\"\nno strength, no parts", "is \"both\", but there are no parts")]
    [InlineData("defect_size = 2\nlevels = [ { margin = 0 }, { margin = 1 } ]\nno strength", "must be less than that of the level before")]
    public void What_is_not_exact_or_not_possible_is_refused(string keys, string message)
    {
        // The last of two equal keys would be an error of its own.
        var sample = (keys.Contains("parts", StringComparison.Ordinal) ? "" : "parts = [ { sampler = \"heatbath\" } ]\n") + (keys.Contains("strength", StringComparison.Ordinal) ? "" : "strength = 0.5\n") + keys.Split("\nno ")[0];
        using var run = new CommandRun($"[run]\nname = \"x\"\n[theory]\ngroup = \"SU2\"\nextents = [4, 4]\naction = {{ kind = \"wilson\", beta = 1.8 }}\n[[sample]]\nsampler = \"annealed\"\nconfigurations = 8\nreplicas = 2\n{sample}\n");
        var (code, _, error) = run.In("refused", "sample");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private EnsembleBlock Rows(string directory, string sample) => EnsembleReader.Open(_run.At(directory, "ensemble", sample)).Blocks().Aggregate(BlockRows.Join);
}

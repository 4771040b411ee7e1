using LatticeFlow.Analysis;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Services;
using LatticeFlow.Exact;
using LatticeFlow.Flows;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>A flow between the Markov steps of a protocol as a user has it: trained, interrupted, sampled, verified, and taken to another lattice and another number of steps.</summary>
public sealed class StochasticFlowRunTests
{
    private const string Torus = """
        [run]
        name = "torus"
        device = "cpu"
        [theory]
        group = "SU2"
        extents = [4, 4]
        action = { kind = "wilson", beta = 2.0 }
        [flow]
        layers = [ { kind = "staple-coupling", count = 1 } ]
        [train]
        steps = 3
        batch = 32
        optimizer = "gauss-newton"
        evaluate_every = 3
        evaluate_samples = 64
        checkpoint_every = 1
        [[sample]]
        sampler = "annealed"
        parts = [ { sampler = "heatbath" } ]
        map = "flow"
        strength = 0.5
        transitions = 3
        steps = 4
        configurations = 512
        replicas = 16
        thermalization = 10
        segment = 128
        [analyze]
        observables = ["plaquette"]
        """;

    [Fact]
    public void It_is_trained_interrupted_resumed_sampled_and_verified_bit_for_bit()
    {
        using var run = new CommandRun(Torus);
        Assert.Equal(ExitCode.Done, run.In("whole", "train").Code);
        Assert.Equal(ExitCode.Done, run.In("whole", "sample", "--resume").Code);
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new TrainCommand(), "train", 2));
        Assert.Equal(ExitCode.Done, run.In("stopped", "train", "--resume").Code);
        Assert.Equal(run.Metrics("whole", "train"), run.Metrics("stopped", "train"));
        Assert.Equal(ExitCode.Stopped, run.Stopped("stopped", new SampleCommand(), "annealed", 160, resume: true));
        Assert.Equal(ExitCode.Done, run.In("stopped", "sample", "--resume").Code);
        run.AssertSameEnsembles("whole", "stopped");
        var (code, output, error) = CommandRun.Invoke("verify", run.At("whole"));
        Assert.True(code == ExitCode.Done, output + error);

        // Trained by three iterations the variance of ln w of four steps is a few 10⁻³; of annealing it is 2. This far off by chance: 6·10⁻⁵.
        double[] weights = [.. EnsembleReader.Open(run.At("whole", "ensemble", "annealed")).ReadColumn("log_weight").SelectMany(replica => replica)];
        double mean = weights.Average(), variance = weights.Sum(w => (w - mean) * (w - mean)) / (weights.Length - 1), ratio = Math.Log(weights.Average(w => Math.Exp(w - mean))) + mean;
        Assert.InRange(variance, 0, 0.2);
        double exact = new TwoDimensionalSUN(2, 2, 4, 4).LogPartitionFunction - new TwoDimensionalSUN(2, 1, 4, 4).LogPartitionFunction;
        Assert.InRange(ratio - exact, -4 * Math.Sqrt(variance / weights.Length) - 1e-3, (4 * Math.Sqrt(variance / weights.Length)) + 1e-3);

        // The parameters on another lattice, with other steps and another start of the path: nothing is trained.
        var other = Torus.Replace("extents = [4, 4]", "extents = [8, 4]", StringComparison.Ordinal).Replace("steps = 4", "steps = 7", StringComparison.Ordinal).Replace("\n[train]", $"\ncheckpoint = '{run.At("whole", "flow", FlowCheckpoint.Trained)}'\n[train]", StringComparison.Ordinal);
        using var second = new CommandRun(other[..other.IndexOf("[train]", StringComparison.Ordinal)] + other[other.IndexOf("[[sample]]", StringComparison.Ordinal)..]);
        var (codeOfSecond, _, errorOfSecond) = second.In("second", "sample");
        Assert.True(codeOfSecond == ExitCode.Done, errorOfSecond);
    }

    /// <summary>Sweeps of the boxes around a defect, and couplings trained there: the mean weight is Z/Z_0 exactly, this far off by chance 6·10⁻⁵, and its variance a fraction of that without a map.</summary>
    [Fact]
    public void Couplings_around_a_defect_are_trained_sampled_and_verified()
    {
        var text = Torus.Replace("strength = 0.5", "defect_size = 2\nlevels = [ { margin = 0 } ]\nchain = [ { sampler = \"heatbath\" } ]", StringComparison.Ordinal).Replace("parts = [ { sampler = \"heatbath\" } ]\n", "", StringComparison.Ordinal)
            .Replace("beta = 2.0", "beta = 6.0", StringComparison.Ordinal).Replace("batch = 32", "batch = 64", StringComparison.Ordinal).Replace("kind = \"staple-coupling\"", "kind = \"defect-coupling\", defect_size = 2", StringComparison.Ordinal);
        using var run = new CommandRun(text);
        var (trained, _, errorOfTraining) = run.In("mapped", "train");
        Assert.True(trained == ExitCode.Done, errorOfTraining);
        Assert.Equal(ExitCode.Done, run.In("mapped", "sample", "--resume").Code);
        var (code, output, error) = CommandRun.Invoke("verify", run.At("mapped"));
        Assert.True(code == ExitCode.Done, output + error);
        Assert.Contains("annealed: mean weight", output, StringComparison.Ordinal);
        Assert.DoesNotContain("ln Z/Z_0 is not known", output, StringComparison.Ordinal);
        using var plain = new CommandRun(text[..text.IndexOf("[flow]", StringComparison.Ordinal)] + text[text.IndexOf("[[sample]]", StringComparison.Ordinal)..].Replace("map = \"flow\"", "map = \"none\"", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, plain.In("plain", "sample").Code);
        double[] weights = LogWeights(run.At("mapped")), without = LogWeights(plain.At("plain"));

        // Variances of 512 trajectories have errors of 6 % and more; the factor is about 6.
        Assert.InRange(ChainDiagnostics.Variance(weights), 0, 0.4 * ChainDiagnostics.Variance(without));
        double ratio = new TwoDimensionalSUN(2, 6, 4, 4).LogPartitionFunction - new TwoDimensionalDefect(2, 6, 16, 3, 0).LogPartitionFunction;
        double[] factors = [.. weights.Select(w => Math.Exp(w - ratio))];
        Assert.InRange(Math.Abs(factors.Average() - 1), 0, 4 * Math.Sqrt(ChainDiagnostics.Variance(factors) / factors.Length));

        // Where no sampler uses them they are no flow from Haar measure whose density could be asked for.
        var unused = text.Replace("\n[train]", $"\ncheckpoint = '{run.At("mapped", "flow", FlowCheckpoint.Trained)}'\n[train]", StringComparison.Ordinal).Replace("map = \"flow\"", "map = \"none\"", StringComparison.Ordinal);
        using var third = new CommandRun(unused[..unused.IndexOf("[train]", StringComparison.Ordinal)] + unused[unused.IndexOf("[[sample]]", StringComparison.Ordinal)..]);
        var (codeOfThird, outputOfThird, errorOfThird) = third.In("unused", "run");
        Assert.True(codeOfThird is ExitCode.Done or ExitCode.DiagnosticsFailed, errorOfThird);
        Assert.DoesNotContain("flow: ESS", outputOfThird, StringComparison.Ordinal);

        static double[] LogWeights(string directory) => [.. EnsembleReader.Open(Path.Join(directory, "ensemble", "annealed")).ReadColumn("log_weight").SelectMany(replica => replica)];
    }

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "kind = \"staple-coupling\"", "kind = \"defect-coupling\"", "which is not on the path of \"annealed\"" },
        { "count = 1", "count = 2", "one sweep" },
        { "count = 1", "count = 1, coefficients = \"network\"", "network" },
        { "kind = \"staple-coupling\", count = 1", "kind = \"spectral-coupling\"", "map of each step" },
        { "optimizer = \"gauss-newton\"", "objective = \"forward\"", "Markov steps" },
        { "map = \"flow\"", "map = \"flow\"\nfrom = \"flow\"", "where they start" },
        { "map = \"flow\"", "map = \"staples\"", "map" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_not_possible_is_said(string right, string wrong, string said)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(Torus.Replace(right, wrong, StringComparison.Ordinal), "config.toml"));
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_needs_a_flow()
    {
        var without = Torus[..Torus.IndexOf("[flow]", StringComparison.Ordinal)] + Torus[Torus.IndexOf("[[sample]]", StringComparison.Ordinal)..];
        Assert.Contains("[flow]", Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(without, "config.toml")).Message, StringComparison.Ordinal);
    }
}

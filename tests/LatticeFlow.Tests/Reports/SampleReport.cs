using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

/// <summary>A run that never was: AR(1) chains about the exact values, and a flow with one weight that outweighs all others.</summary>
internal static class SampleReport
{
    public const int Replicas = 8, Length = 2500;

    public static readonly ExactResults Exact = new("U1", "wilson", [8, 8], 2.0);

    private static readonly Lazy<ReportData> _data = new(Build);

    public static ReportData Data => _data.Value;

    private static ReportData Build()
    {
        var random = new Random(20260301);
        EnsembleSeries[] ensembles =
        [
            Ensemble(random, "flow", 0.45, 0.45) with { Accepted = Draws(() => random.NextDouble() < 0.66 ? 1.0 : 0.0) },
            Ensemble(random, "hmc", 0.7, 0.97) with
            {
                Accepted = Draws(() => random.NextDouble() < 0.93 ? 1.0 : 0.0),
                DeltaH = Draws(() => 0.005 + 0.1 * Gaussian(random)),
            },
            Ensemble(random, "heatbath", 0.3, 0.9),
        ];
        double[] logWeights = [.. Enumerable.Range(0, 65_536).Select(_ => Exact.LogPartitionFunction!.Value + 0.6 * Gaussian(random) - 0.18)];
        logWeights[4711] += 12.5;
        var analysis = new AnalysisDocument
        {
            Theory = Exact.Theory,
            Flow = FlowAnalysis.Analyze(logWeights, random.NextDouble, Exact, new FlowFacts(64, 2032, 4.5e6, 71.3)),
            Ensembles = ensembles.ToDictionary(series => series.Sampler, series => EnsembleAnalysis.Analyze(series, Exact)),
        };
        double[] step = [.. Enumerable.Range(1, 1000).Select(i => (double)i)];
        return new ReportData
        {
            Name = "sample_u1_L8_beta2",
            Analysis = analysis,
            Ensembles = ensembles,
            LogWeights = logWeights,
            Training = new TrainingCurve(step,
                [.. step.Select(s => -Exact.LogPartitionFunction!.Value + 0.2 + 12 * Math.Exp(-s / 60) + 0.04 * Gaussian(random))],
                [.. step.Select(s => Math.Clamp(0.7 * (1 - Math.Exp(-s / 250)) + 0.03 * Gaussian(random), 0.01, 1))],
                [.. step.Select(s => 0.4 + 30 * Math.Exp(-s / 80) * Math.Exp(0.1 * Gaussian(random)))]),
            Provenance =
            [
                ("configuration", "configs/quickstart.toml"), ("version", "0.1.0"), ("commit", "0123456789abcdef0123456789abcdef01234567"), ("device", "cpu, AVX-512, 2 threads"),
                ("seed", "1"), ("command", "latticeflow run configs/quickstart.toml --set run.name=\"a<b\" & more"), ("started", "2026-03-01 12:00:00 UTC"), ("ended", "2026-03-01 12:02:41 UTC"),
            ],
            ConfigurationText = "[run]\nname = \"sample_u1_L8_beta2\"\n",
        };
    }

    // The charge rounds an AR(1) of its exact width; the widths are close enough for a picture.
    private static EnsembleSeries Ensemble(Random random, string name, double plaquetteMemory, double chargeMemory)
    {
        double width = Math.Sqrt(Exact.Value("topological_charge_squared")!.Value);
        double[][] plaquette = [.. Enumerable.Range(0, Replicas).Select(_ => Autoregressive(random, plaquetteMemory, x => Exact.Value("plaquette")!.Value + 0.05 * x))];
        double[][] charge = [.. Enumerable.Range(0, Replicas).Select(_ => Autoregressive(random, chargeMemory, x => Math.Round(width * x)))];
        return new EnsembleSeries
        {
            Sampler = name,
            Stride = 2,
            Seconds = 12.5,
            Observables = new Dictionary<string, IReadOnlyList<double[]>>
            {
                ["plaquette"] = plaquette,
                ["topological_charge"] = charge,
                ["topological_charge_squared"] = [.. charge.Select(replica => replica.Select(x => x * x).ToArray())],
            },
        };
    }

    public static double[] Autoregressive(Random random, double memory, Func<double, double> observable, int length = Length)
    {
        var series = new double[length];
        double x = Gaussian(random);
        for (int i = 0; i < length; i++)
        {
            series[i] = observable(x);
            x = memory * x + Math.Sqrt(1 - memory * memory) * Gaussian(random);
        }

        return series;
    }

    private static double[][] Draws(Func<double> draw) =>
        [.. Enumerable.Range(0, Replicas).Select(_ => Enumerable.Range(0, Length).Select(_ => draw()).ToArray())];

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

using System.Diagnostics;
using System.Globalization;
using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;

namespace LatticeFlow.Studies;

/// <summary>
/// How the variance of ln w = −W of annealed trajectories falls with the number of steps n, and whether what is reweighted agrees with what is known. Each section is one path; <c>scripts/study-nonequilibrium.sh</c> makes the page.
/// </summary>
internal static class Nonequilibrium
{
    // Between the starts of chains; about ten autocorrelation times of the plaquette.
    private const int Transitions = 10;
    private const double LargestPull = 3;

    private static readonly Dictionary<string, Annealed> Sections = new()
    {
        ["su3-2d"] = new(GaugeGroup.SU3, [16, 16], 0, 6, [32, 64, 128, 256, 512, 2048], 256, 720, null),
        ["su3-4d-beta1"] = new(GaugeGroup.SU3, [4, 4, 4, 4], 0, 1, [32, 64, 128, 256], 256, 92, (0.0601321, 2.07e-05)),
        ["su3-4d-beta2"] = new(GaugeGroup.SU3, [4, 4, 4, 4], 0, 2, [64, 128, 256, 512], 192, 410, (0.1288114, 2.84e-05)),
        ["su3-4d-5.5-6.0"] = new(GaugeGroup.SU3, [4, 4, 4, 4], 5.5, 6, [128, 256, 512, 1024], 128, 2070, null),
        ["su3-4d-5.5-5.7"] = new(GaugeGroup.SU3, [4, 4, 4, 4], 5.5, 5.7, [256], 256, double.NaN, (0.5598619, 9.14e-05)),
    };

    /// <summary>The names of the sections.</summary>
    public static IEnumerable<string> Names => Sections.Keys;

    /// <summary>Prints one section; the exit code is 3 where something is more than three errors from what is known.</summary>
    public static int Print(string name, ComputeDevice device)
    {
        if (!Sections.TryGetValue(name, out var section))
        {
            Console.Error.WriteLine($"there is no section {name}: {string.Join(", ", Sections.Keys)}");
            return 2;
        }

        var (text, worst) = section.Run(device);
        Console.WriteLine(text);
        return worst < LargestPull ? 0 : 3;
    }

    /// <summary>Trajectories of β from <paramref name="Start"/> to <paramref name="Beta"/>, one heat-bath sweep a step; <paramref name="Law"/> is what n times the variance is expected to be.</summary>
    private sealed record Annealed(GaugeGroup Group, int[] Extents, double Start, double Beta, int[] Steps, int Trajectories, double Law, (double Value, double Error)? Plaquette)
    {
        public (string Text, double Worst) Run(ComputeDevice device)
        {
            var exact = new ExactResults(Group.Name, "wilson", Extents, Beta);
            double? logRatio = exact.LogPartitionFunction - (Start == 0 ? 0 : new ExactResults(Group.Name, "wilson", Extents, Start).LogPartitionFunction);
            var plaquette = Plaquette ?? (exact.Value("plaquette") is { } known ? (known, 0) : null);
            List<string> lines = ["| n | trajectories | Var ln w | n Var ln w | ESS | ln Z/Z₀ | pull | plaquette | pull | s |", "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"];
            double sum = 0, weight = 0, worst = 0;
            foreach (int steps in Steps)
            {
                var watch = Stopwatch.StartNew();
                var (document, work) = Draw(device, exact, logRatio, steps);
                // Of Gaussian ln w; starts from a chain depend on each other by τ of the weight.
                double n = steps * work.VarianceOfWork, error = n * Math.Sqrt(2 * Math.Max(1, 2 * work.TauInt) / (Trajectories - 1.0));
                (sum, weight) = (sum + (n / (error * error)), weight + (1 / (error * error)));
                var measured = document.Observables["plaquette"];
                double? pull = plaquette is { } expected ? (measured.Mean - expected.Item1) / Math.Sqrt((measured.Error * measured.Error) + (expected.Item2 * expected.Item2)) : null;
                // With fewer trajectories than the weights ask for nothing is judged by them.
                bool judged = !document.Warnings.Any(warning => warning.Contains("cannot be judged", StringComparison.Ordinal));
                foreach (double? value in new[] { work.LogRatioPull, pull }) worst = Math.Max(worst, judged ? Math.Abs(value ?? 0) : 0);
                lines.Add(string.Create(CultureInfo.InvariantCulture,
                    $"| {steps} | {Trajectories} | {work.VarianceOfWork:G3} | {ValueWithError.Format(n, error)} | {ValueWithError.Format(work.EffectiveSampleSize, work.EffectiveSampleSizeError)} | {ValueWithError.Format(work.LogRatio, work.LogRatioError)} | {Pull(work.LogRatioPull, judged)} | {ValueWithError.Format(measured.Mean, measured.Error)} | {Pull(pull, judged)} | {watch.Elapsed.TotalSeconds:F0} |"));
                Console.Error.WriteLine(lines[^1]);
            }

            double mean = sum / weight;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"\nn · Var ln w = {ValueWithError.Format(mean, Math.Sqrt(1 / weight))}{(double.IsFinite(Law) ? $", expected {Law}" : "")}.{Known(logRatio, plaquette)}"));
            return (string.Join('\n', lines), worst);
        }

        private static string Known(double? logRatio, (double Value, double Error)? plaquette) => string.Create(CultureInfo.InvariantCulture,
            $"{(logRatio is { } ratio ? $" Exact ln Z/Z₀ = {ratio:F3}." : "")}{(plaquette is { } known ? $" Plaquette {(known.Error > 0 ? ValueWithError.Format(known.Value, known.Error) : known.Value.ToString("F7", CultureInfo.InvariantCulture))}." : "")}");

        private static string Pull(double? pull, bool judged) => pull is not { } value ? "–" : judged ? value.ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture) : "too few";

        private (EnsembleDocument Document, WorkDocument Work) Draw(ComputeDevice device, ExactResults exact, double? logRatio, int steps)
        {
            const int Replicas = 64;
            var lattice = new LatticeGeometry(Extents);
            var action = new WilsonAction(lattice, Group, Beta);
            var start = Start == 0 ? TrajectoryStart.Haar : TrajectoryStart.OfChain(new HeatBath(1), Transitions);
            using var chain = MarkovChain.Create(device, new()
            {
                Action = action,
                Transition = new Annealing(ActionPath.OfFactors(action, Start / Beta), AnnealingSchedule.Linear(steps), new HeatBath(), start),
                Replicas = Replicas,
                Seed = (ulong)(1000 + steps),
                Thermalization = Start == 0 ? 0 : 20,
                FieldEvery = 0,
                Observables = [ObservableRegistry.Create("plaquette", lattice, Group)],
            });
            var block = chain.NewBlock(Trajectories / Replicas);
            chain.Fill(block);
            double[][] Replica(double[] rows) => [.. Enumerable.Range(0, Replicas).Select(r => Enumerable.Range(0, block.Draws).Select(draw => rows[(draw * Replicas) + r]).ToArray())];
            var series = new EnsembleSeries
            {
                Sampler = "annealed",
                Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = Replica(block.Observables["plaquette"]) },
                Weights = new(Replica(block.LogWeight)),
                StartLogPartitionFunction = exact.LogPartitionFunction - logRatio,
            };
            var document = EnsembleAnalysis.Analyze(series, exact);
            return (document, document.Work!);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Compute;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Studies;

/// <summary>What an observable must be: a value and the error that it comes with.</summary>
internal readonly record struct Expectation(string Observable, double Value, double Error);

/// <summary>What came out.</summary>
internal sealed record StudyRow(string Name, string Sampler, string Observable, double Mean, double Error, double TauInt, Expectation Expected, long Measurements, double Seconds)
{
    /// <summary>The distance from what is expected in units of both errors; NaN where nothing is expected.</summary>
    public double Pull => (Mean - Expected.Value) / Math.Sqrt((Error * Error) + (Expected.Error * Expected.Error));

    private static string Known(double value, string format) => double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);

    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Name} | {Sampler} | {Observable} | {Mean:F7} | {Error:G2} | {Math.Abs(Error / Mean):E0} | {Known(Expected.Value, "F7")} | {(Expected.Error == 0 ? "exact" : Known(Expected.Error, "G2"))} | {Known(Pull, "F1")} | {TauInt:F2} | {Measurements} | {Seconds:F0} |");
}

/// <summary>One sampler on one action, run until every observable has a wanted relative error or the time is over.</summary>
internal sealed record Study(string Name, IAction Action, string Sampler, ITransition Transition, int Replicas, double RelativeError, double MostSeconds, IReadOnlyList<Expectation> Expected)
{
    /// <summary>Beyond this a study fails. Among 100 comparisons of a right sampler one is beyond 4 with a probability of 0.6 %.</summary>
    public const double LargestPull = 4;

    private const ulong Seed = 20261123;
    private const int Thermalization = 500;

    // Measurements are averaged before they are kept: what the Γ-method then sees is the autocorrelation of the averages.
    private const int Average = 8;
    private const int DrawsOfBlock = 64;

    public const string Header = "| action | sampler | observable | mean | error | relative | expected | its error | pull | τ_int / 8 measurements | measurements | seconds |\n|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|";

    public IReadOnlyList<StudyRow> Run(ComputeDevice device, Action<string> log)
    {
        var lattice = Action.Lattice;
        using var chain = MarkovChain.Create(device, new()
        {
            Action = Action,
            Transition = Transition,
            Replicas = Replicas,
            Seed = Seed,
            Thermalization = Thermalization,
            Observables = [.. Expected.Select(one => ObservableRegistry.Create(one.Observable, lattice, Action.Field))],
        });
        chain.Thermalize();
        var series = Expected.Select(_ => Enumerable.Range(0, Replicas).Select(_ => new List<double>()).ToArray()).ToArray();
        var block = chain.NewBlock(DrawsOfBlock);
        var watch = Stopwatch.StartNew();
        double next = 1;
        while (true)
        {
            chain.Fill(block);
            for (int o = 0; o < Expected.Count; o++) Keep(block, block.Observables[Expected[o].Observable], series[o]);
            double seconds = watch.Elapsed.TotalSeconds;
            if (seconds < next && seconds < MostSeconds) continue;
            var rows = Expected.Select((expected, o) => Row(expected, series[o], seconds)).ToList();
            bool enough = rows.All(row => row.Error <= RelativeError * Math.Abs(row.Mean));
            log($"{Name} {Sampler}: {seconds:F0} s, relative errors {string.Join(" ", rows.Select(row => (row.Error / Math.Abs(row.Mean)).ToString("E1", CultureInfo.InvariantCulture)))}");
            if (enough || seconds >= MostSeconds) return rows;
            next = 1.3 * seconds;
        }
    }

    private void Keep(EnsembleBlock block, double[] values, List<double>[] series)
    {
        for (int first = 0; first < block.Draws; first += Average)
        {
            for (int replica = 0; replica < Replicas; replica++)
            {
                double sum = 0;
                for (int draw = first; draw < first + Average; draw++) sum += values[(draw * Replicas) + replica];
                series[replica].Add(sum / Average);
            }
        }
    }

    private StudyRow Row(Expectation expected, List<double>[] series, double seconds)
    {
        var result = GammaMethod.Analyze([.. series.Select(one => one.ToArray())]);
        return new(Name, Sampler, expected.Observable, result.Mean, result.Error, result.TauInt, expected, (long)result.Count * Average, seconds);
    }
}

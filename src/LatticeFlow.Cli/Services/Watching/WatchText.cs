using System.Globalization;
using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Reports;

namespace LatticeFlow.Cli.Services.Watching;

/// <summary>A state of a run as lines of text, and as JSON.</summary>
public static class WatchText
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const int LongestSpark = 40;

    /// <summary>The lines.</summary>
    public static IReadOnlyList<string> Lines(RunState state)
    {
        List<string> lines = [PrintableText.Line($"{state.Directory}: {Work(state)}, {Provenance(state.Time)}")];
        if (state.Training is { } training) lines.AddRange(Lines(training));
        foreach (var sample in state.Samples) lines.AddRange(Lines(sample, state.Time));
        return lines;
    }

    /// <summary>The same for programs.</summary>
    public static JsonObject Json(RunState state) => new()
    {
        ["run"] = state.Directory,
        ["time"] = Provenance(state.Time),
        ["at_work"] = state.Holder is not null,
        ["holder"] = state.Holder,
        ["finished"] = state.IsFinished,
        ["train"] = state.Training is not { } training ? null : new JsonObject
        {
            ["step"] = training.Step,
            ["steps"] = training.Steps,
            ["loss"] = Last(training.Loss),
            ["ess"] = Last(training.EffectiveSampleSize),
            ["log_weight_variance"] = training.Variance,
            ["seconds_left"] = training.SecondsLeft,
        },
        ["samples"] = new JsonArray([.. state.Samples.Select(sample => new JsonObject
        {
            ["name"] = sample.Name,
            ["phase"] = sample.Phase.ToString().ToLowerInvariant(),
            ["stored"] = sample.Stored,
            ["unstored"] = sample.Unstored,
            ["requested"] = sample.Requested,
            ["step"] = sample.Step,
            ["acceptance"] = sample.Acceptance,
            ["per_second"] = sample.PerSecond,
            ["seconds_left"] = sample.SecondsLeft,
            ["last_segment"] = sample.LastSegment is { } time ? Provenance(time) : null,
            ["mean_exp_minus_delta_h"] = sample.ExpMinusDeltaH is { } metric ? Json(metric) : null,
            ["observables"] = new JsonObject(sample.Observables.Select(value => KeyValuePair.Create<string, JsonNode?>(value.Name, Json(value)))),
        })]),
    };

    private static string Work(RunState state) => state.Holder is { } holder ? $"at work ({holder})" : state.IsFinished ? "finished" : "not finished, and nobody works in it: go on with --resume";

    private static IEnumerable<string> Lines(TrainingState training)
    {
        yield return $"train: {Progress(training.Step, training.Steps)}{(training.SecondsLeft is > 0 and { } left ? $", {ProgressText.Duration(left)} left" : "")}";
        if (training.Loss.Count > 0) yield return $"  loss {Number(training.Loss[^1])}  {Spark(training.Loss)}";
        if (training.EffectiveSampleSize.Count > 0) yield return $"  ESS {Number(training.EffectiveSampleSize[^1])}{(training.Variance is { } variance ? $", variance of ln w {Number(variance)}" : "")}  {Spark(training.EffectiveSampleSize)}";
    }

    private static IEnumerable<string> Lines(SampleState sample, DateTime now)
    {
        yield return PrintableText.Line($"{sample.Name}: {Phase(sample)}{Speed(sample, now)}");
        string[] facts =
        [
            .. sample.Acceptance is { } acceptance ? [string.Create(CultureInfo.InvariantCulture, $"acceptance {acceptance:F3}")] : Array.Empty<string>(),
            .. sample.ExpMinusDeltaH is { } metric ? [$"{metric.Name} {ValueWithError.Format(metric.Mean, metric.Error)}"] : Array.Empty<string>(),
        ];
        if (facts.Length > 0) yield return $"  {string.Join(", ", facts)}";
        var width = sample.Observables.Select(value => value.Name.Length).DefaultIfEmpty().Max();
        foreach (var value in sample.Observables)
        {
            var times = double.IsFinite(value.TauInt) ? string.Create(CultureInfo.InvariantCulture, $"  tau_int {value.TauInt:G3}, ESS {value.Effective:F0}") : "";
            yield return PrintableText.Line($"  {value.Name.PadRight(width)}  {ValueWithError.Format(value.Mean, value.Error)}{times}  {Spark(value.History)}");
        }
    }

    private static string Phase(SampleState sample) => sample.Phase switch
    {
        SamplePhase.Waiting => $"waiting, 0/{sample.Requested}",
        SamplePhase.Thermalizing => sample.Step is { } step ? $"thermalization {Progress(step, sample.Thermalization)}" : "thermalization",
        _ => Progress(sample.Stored, sample.Requested) + (sample.Unstored > 0 ? $" and {sample.Unstored} since the last segment" : ""),
    };

    private static string Speed(SampleState sample, DateTime now)
    {
        if (sample.Phase != SamplePhase.Sampling) return "";
        var speed = sample.PerSecond is { } rate ? $", {Number(rate)}/s" : "";
        var left = sample.SecondsLeft is { } seconds ? $", {ProgressText.Duration(seconds)} left" : "";
        return speed + left + (sample.LastSegment is { } last ? $", last segment {ProgressText.Duration(now - last)} ago" : "");
    }

    private static string Progress(long done, long total) => string.Create(CultureInfo.InvariantCulture, $"{done}/{total} ({(total > 0 ? 100.0 * done / total : 100):0.0} %)");

    /// <summary>Values as bars between the least and the largest.</summary>
    private static string Spark(IReadOnlyList<double> values)
    {
        double[] shown = values.Count <= LongestSpark ? [.. values] : [.. Enumerable.Range(0, LongestSpark).Select(part => values.Skip((int)((long)part * values.Count / LongestSpark)).Take(Math.Max(1, values.Count / LongestSpark)).Average())];
        if (shown.Length < 2 || !shown.All(double.IsFinite)) return "";
        double least = shown.Min(), span = shown.Max() - least;
        return string.Concat(shown.Select(value => Bars[span > 0 ? Math.Min(Bars.Length - 1, (int)((value - least) / span * Bars.Length)) : 0]));
    }

    private static JsonObject Json(WatchedValue value) => new()
    {
        ["mean"] = Finite(value.Mean),
        ["error"] = Finite(value.Error),
        ["tau_int"] = Finite(value.TauInt),
        ["ess"] = Finite(value.Effective),
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static double? Last(IReadOnlyList<double> values) => values.Count > 0 ? values[^1] : null;

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Provenance(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}

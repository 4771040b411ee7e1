using System.Text.Json;
using System.Text.Json.Nodes;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>What a run directory says about itself, read without holding it.</summary>
public static class ExistingRun
{
    /// <summary>Sections that commands on finished runs may change: everything else is what the stored data were made with.</summary>
    private static readonly string[] _changeable = ["analyze.", "run.device", "run.threads"];

    // Where a name stands twice, one of its values is wrong and nothing says which.
    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };

    // Links lead out of the run, and in circles.
    private static readonly EnumerationOptions _below = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>The configuration of the run with overrides.</summary>
    /// <exception cref="StorageException">There is no run, or its configuration is damaged (exit code 4).</exception>
    /// <exception cref="ConfigurationException">An override is wrong, or would change what the data were made with.</exception>
    public static RunConfiguration Configuration(string runDirectory, IReadOnlyList<Override> overrides)
    {
        ConfigurationError[] refused = [.. overrides
            .Where(item => !_changeable.Any(key => item.Path.StartsWith(key, StringComparison.Ordinal)))
            .Select(item => new ConfigurationError(item.Place, $"{item.Path} cannot be changed after the run: only analyze.*, run.device and run.threads can"))];
        if (refused.Length > 0 && ConfigurationFile.IsRun(runDirectory)) throw new ConfigurationException(refused);
        return ConfigurationFile.OfRun(runDirectory, overrides).Configuration;
    }

    /// <summary>Whether the run is there and has not stored a configuration yet.</summary>
    public static bool HasNoEnsemble(string runDirectory)
    {
        var ensembles = Path.Join(runDirectory, "ensemble");
        return !Directory.Exists(ensembles) || !Directory.EnumerateFiles(ensembles, "seg-*.h5", _below).Any();
    }

    /// <summary>Does <paramref name="work"/>; where the disk is full and the run holds a segment or a checkpoint, nothing of it is lost and the error says so (<see cref="ExitCode.Stopped"/>).</summary>
    public static T Store<T>(string runDirectory, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (StorageException exception) when (exception.IsDiskFull && Directory.Exists(runDirectory) && Directory.EnumerateFiles(runDirectory, "*.h5", _below).Any())
        {
            throw exception.AfterCheckpoint();
        }
    }

    /// <summary>Folder of the ensemble of a sample.</summary>
    public static string Ensemble(string runDirectory, string sample) => Path.Join(runDirectory, "ensemble", sample);

    /// <summary>Whether the ensemble has a segment.</summary>
    public static bool HasEnsemble(string runDirectory, string sample) => EnsembleInventory.Of(Ensemble(runDirectory, sample)).Listed.Count > 0;

    /// <summary>The rows of <c>provenance.json</c> for the report.</summary>
    public static IReadOnlyList<(string Name, string Value)> Provenance(RunDirectory directory)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(directory.ProvenancePath), documentOptions: _strict) is JsonObject provenance
                ? [.. provenance.Where(entry => entry.Value is JsonValue).Select(entry => (entry.Key.Replace('_', ' '), entry.Value!.ToString()))]
                : [];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException)
        {
            throw StorageException.WhileReading(directory.ProvenancePath, cause);
        }
    }

    /// <summary>The training curve in <c>metrics.jsonl</c>, or null.</summary>
    public static TrainingCurve? Training(RunDirectory directory)
    {
        JsonObject[] steps = [.. Metrics(directory.Path, "train")];
        return steps.Length == 0 ? null : new(Column("step"), Column("loss"), Column("ess"), Column("log_weight_variance"));

        double[] Column(string name) => [.. steps.Select(step => Number(step, name))];
    }

    /// <summary>
    /// Wall time of the sampling of an ensemble of <paramref name="configurations"/>: what was recorded, scaled up where a killed run lost the
    /// record of a segment.
    /// </summary>
    public static double SamplingSeconds(RunDirectory directory, string sample, long configurations)
    {
        var segments = new Dictionary<double, (double Seconds, double Count)>();
        foreach (var line in Metrics(directory.Path, "sample"))
        {
            if (Text(line, "sample") == sample) segments[Number(line, "segment")] = (Number(line, "seconds"), Number(line, "configurations"));
        }
        var counted = segments.Values.Sum(segment => segment.Count);
        return counted > 0 ? segments.Values.Sum(segment => segment.Seconds) * configurations / counted : 0;
    }

    /// <summary>The records of the segments of a sample, the last of each.</summary>
    internal static IReadOnlyList<JsonObject> SegmentRecords(string runDirectory, string sample)
        => [.. Metrics(runDirectory, "sample").Where(line => Text(line, "sample") == sample).GroupBy(line => Number(line, "segment")).Select(group => group.Last())];

    /// <summary>What the transitions of a sample counted since the thermalization, as last recorded.</summary>
    public static IEnumerable<TransitionStatistics> Transitions(string runDirectory, string sample)
        => LastTransitions(runDirectory, sample).Where(entry => entry["name"] is not null).Select(entry => new TransitionStatistics(Text(entry, "name") ?? "", (long)Number(entry, "proposed"), (long)Number(entry, "accepted")));

    /// <summary>Steps of the trajectories of a sample, tuned or given, in the order of its parts, as last recorded.</summary>
    public static IReadOnlyList<int> IntegratorSteps(string runDirectory, string sample)
        => [.. LastTransitions(runDirectory, sample).Select(entry => Number(entry, "steps")).Where(steps => steps > 0).Select(steps => (int)steps)];

    private static IEnumerable<JsonObject> LastTransitions(string runDirectory, string sample)
        => Metrics(runDirectory, "sample").LastOrDefault(line => Text(line, "sample") == sample)?["transitions"] is JsonArray transitions ? transitions.OfType<JsonObject>() : [];

    /// <summary>Segments of a sample that were stored once, as recorded in <c>metrics.jsonl</c>; 0 without a record.</summary>
    public static long RecordedSegments(string runDirectory, string sample)
        => Metrics(runDirectory, "sample").Where(line => Text(line, "sample") == sample).Select(line => Number(line, "segment"))
            .Where(number => number is >= 0 and < int.MaxValue).Select(number => (long)number + 1).DefaultIfEmpty(0).Max();

    /// <summary>What <c>metrics.jsonl</c> says about the first segments of a sample, the last time that each was stored.</summary>
    public static IReadOnlyList<JsonObject> SegmentRecords(string runDirectory, string sample, int segments)
        => [.. Metrics(runDirectory, "sample").Where(line => Text(line, "sample") == sample && Number(line, "segment") is var number && number >= 0 && number < segments && number == Math.Floor(number))
            .GroupBy(line => (int)Number(line, "segment")).OrderBy(group => group.Key).Select(group => group.Last())];

    /// <summary>The lines of <c>metrics.jsonl</c> that are whole.</summary>
    internal static IReadOnlyList<JsonObject> AllMetrics(string runDirectory) => [.. Metrics(runDirectory, null)];

    private static IEnumerable<JsonObject> Metrics(string runDirectory, string? kind)
    {
        var path = Path.Join(runDirectory, "metrics.jsonl");
        if (!File.Exists(path)) yield break;
        foreach (var line in File.ReadLines(path))
        {
            JsonObject? entry = null;
            try
            {
                entry = JsonNode.Parse(line, documentOptions: _strict) as JsonObject;
            }
            catch (JsonException)
            {
                // A line that a killed run left half written, or that is damaged; the report does without it.
            }
            if (entry is not null && (kind is null || Text(entry, "kind") == kind)) yield return entry;
        }
    }

    internal static string? Text(JsonObject entry, string name) => entry[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    internal static double Number(JsonObject entry, string name) => entry[name] is JsonValue value && value.TryGetValue(out double number) ? number : double.NaN;
}

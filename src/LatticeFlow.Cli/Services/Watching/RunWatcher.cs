using System.Text.Json.Nodes;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Watching;

/// <summary>
/// Looks at a run again and again, from <c>resolved.toml</c>, <c>metrics.jsonl</c>, <c>run.lock</c>, the manifests, the segments and the checkpoints beside them. Nothing is held and nothing is written.
/// </summary>
public sealed class RunWatcher(string directory)
{
    // A checkpoint holds configurations: larger ones are not read for a step number.
    private const long LargestCheckpoint = 1L << 26;
    private const int SegmentsOfSpeed = 8;

    private readonly Dictionary<string, WatchedSeries> _series = [];

    /// <summary>The state now.</summary>
    /// <exception cref="StorageException">It is no run, or its configuration is damaged (exit code 4).</exception>
    public RunState Look()
    {
        if (ImportedRun.IsAt(directory)) throw new UserErrorException("is an imported ensemble: nothing works in it") { File = directory, Remedy = "use latticeflow analyze" };
        var configuration = ExistingRun.Configuration(directory, []);
        var metrics = ExistingRun.AllMetrics(directory);
        return new(directory, DateTime.UtcNow, DirectoryLock.HolderOf(directory), Training(configuration, metrics), [.. configuration.Samples.Select(sample => Sample(sample, metrics))]);
    }

    private static TrainingState? Training(RunConfiguration configuration, IReadOnlyList<JsonObject> metrics)
    {
        if (configuration.Train is not { } train) return null;
        JsonObject[] steps = [.. metrics.Where(line => ExistingRun.Text(line, "kind") == "train")];
        var last = steps.LastOrDefault();
        // Steps are counted from 0.
        var step = last is null ? 0 : (long)ExistingRun.Number(last, "step") + 1;
        var seconds = last is null ? double.NaN : ExistingRun.Number(last, "seconds");
        double[] variance = [.. Finite(steps, "log_weight_variance")];
        return new(step, train.Steps, [.. Finite(steps, "loss")], [.. Finite(steps, "ess")], variance.Length > 0 ? variance[^1] : null,
            seconds > 0 && step > 0 ? seconds / step * Math.Max(0, train.Steps - step) : null);
    }

    private static IEnumerable<double> Finite(IEnumerable<JsonObject> lines, string name) => lines.Select(line => ExistingRun.Number(line, name)).Where(double.IsFinite);

    private SampleState Sample(SampleSettings sample, IReadOnlyList<JsonObject> metrics)
    {
        var folder = ExistingRun.Ensemble(directory, sample.Name);
        var inventory = EnsembleInventory.Of(folder);
        if (!_series.TryGetValue(sample.Name, out var series)) _series[sample.Name] = series = new(folder);
        series.Update(inventory.Listed);
        JsonObject[] lines = [.. metrics.Where(line => ExistingRun.Text(line, "kind") == "sample" && ExistingRun.Text(line, "sample") == sample.Name)];
        var (unstored, step) = Checkpoint(Path.Join(folder, UnfinishedSegment.FileName), sample);
        var recent = lines.TakeLast(SegmentsOfSpeed).ToArray();
        var seconds = recent.Sum(line => ExistingRun.Number(line, "seconds"));
        return new()
        {
            Name = sample.Name,
            Phase = inventory.Count >= sample.Configurations ? SamplePhase.Finished : inventory.Count > 0 || unstored > 0 ? SamplePhase.Sampling : Directory.Exists(folder) ? SamplePhase.Thermalizing : SamplePhase.Waiting,
            Stored = inventory.Count,
            Requested = sample.Configurations,
            Unstored = inventory.Count >= sample.Configurations ? 0 : unstored,
            Step = step,
            Thermalization = sample.Thermalization,
            Acceptance = Acceptance(lines.LastOrDefault()),
            PerSecond = seconds > 0 ? recent.Sum(line => ExistingRun.Number(line, "configurations")) / seconds : null,
            LastSegment = inventory.Listed.Count > 0 ? File.GetLastWriteTimeUtc(Path.Join(folder, inventory.Listed[^1].File)) : null,
            ExpMinusDeltaH = series.ExpMinusDeltaH,
            Observables = series.Observables,
        };
    }

    private static double? Acceptance(JsonObject? line)
    {
        if (line?["transitions"] is not JsonArray transitions) return null;
        double proposed = 0, accepted = 0;
        foreach (var transition in transitions.OfType<JsonObject>())
        {
            if (ExistingRun.Number(transition, "proposed") is > 0 and var made && ExistingRun.Number(transition, "accepted") is >= 0 and var taken) (proposed, accepted) = (proposed + made, accepted + taken);
        }
        return proposed > 0 ? accepted / proposed : null;
    }

    /// <summary>Configurations since the last segment, and the transition on which the chains stand, of a checkpoint that can be read; it may vanish any moment.</summary>
    private static (long Unstored, long? Step) Checkpoint(string path, SampleSettings sample)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= LargestCheckpoint }) return (0, null);
            var (draws, step) = UnfinishedSegment.Progress(path);
            return (draws * sample.Replicas, step);
        }
        catch (Exception exception) when (exception is StorageException or IOException or UnauthorizedAccessException)
        {
            return (0, null);
        }
    }
}

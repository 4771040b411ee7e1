using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>
/// Whether the rows of a merged run are those of the runs that it was made of, as far as these are still where they were: row by row where their manifests are what they were when they were merged. Transitions are verified
/// in them, because a merged run has no states of chains.
/// </summary>
internal static class MergedChecks
{
    /// <summary>Checks the origins of every ensemble.</summary>
    public static void Run(string directory, MergedRun merged, Checklist list, CancellationToken stop)
    {
        foreach (var sample in merged.Origins.Select(origin => origin.Sample).Distinct())
        {
            var name = $"{sample}: origins";
            list.Group(name, () =>
            {
                var reader = EnsembleReader.Open(ExistingRun.Ensemble(directory, sample));
                var origins = merged.Of(sample);
                List<string> words = [];
                string? fault = reader.Count == origins.Sum(origin => origin.Rows) ? null : $"{reader.Count} rows are stored, and merged.json knows of {origins.Sum(origin => origin.Rows)}";
                foreach (var origin in origins)
                {
                    stop.ThrowIfCancellationRequested();
                    if (IsAbsent(origin) is { } why) words.Add($"{origin.Run} {why}");
                    else fault ??= Difference(reader, origin);
                }
                list.Unless(name, fault, $"{origins.Count} runs, {origins.Count - words.Count} of them compared row by row{(words.Count > 0 ? $"; not compared: {string.Join("; ", words)}" : "")}");
            });
        }
    }

    private static string? IsAbsent(MergedOrigin origin)
    {
        var folder = ExistingRun.Ensemble(origin.Run, origin.Sample);
        return !File.Exists(Path.Join(folder, "manifest.jsonl")) ? "is not there" : MergeSource.Hash(folder) != origin.ManifestSha256 ? "has changed since" : null;
    }

    private static string? Difference(EnsembleReader merged, MergedOrigin origin)
    {
        var source = EnsembleReader.Open(ExistingRun.Ensemble(origin.Run, origin.Sample));
        var numbers = origin.Replicas.Select((replica, i) => (replica, New: (long)origin.FirstReplica + i)).ToDictionary(pair => pair.replica, pair => pair.New);
        var first = Enumerable.Range(0, merged.Segments.Count).FirstOrDefault(segment => merged.Segments[segment].First == origin.FirstRow, -1);
        if (first < 0 || first + source.Segments.Count > merged.Segments.Count) return $"no segment begins with row {origin.FirstRow}, the first of {origin.Run}";
        for (var segment = 0; segment < source.Segments.Count; segment++)
        {
            var (stored, drawn) = (merged.ReadSegment(first + segment), source.ReadSegment(segment));
            for (var row = 0; row < drawn.Count; row++) drawn.Replica[row] = numbers.GetValueOrDefault(drawn.Replica[row], -1);
            if (stored.Count != drawn.Count) return $"{merged.Segments[first + segment].File} has {stored.Count} rows, {source.Segments[segment].File} of {origin.Run} has {drawn.Count}";
            if (StoredRows.Difference(stored, drawn, drawn.Count) is { } fault) return $"{merged.Segments[first + segment].File}, taken from {origin.Run}: {fault.Replace("when it is made again", "there", StringComparison.Ordinal)}";
        }
        return null;
    }
}

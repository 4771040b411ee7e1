namespace LatticeFlow.Storage;

/// <summary>What lies in an ensemble folder beside what its manifest lists: how a lost manifest, or a lost end of one, is told from an ensemble that is not drawn yet.</summary>
/// <param name="HasManifest">Whether there is a <c>manifest.jsonl</c>.</param>
/// <param name="IsTorn">Whether the manifest ends with half a line.</param>
/// <param name="Listed">The segments of the whole lines.</param>
/// <param name="Unlisted">Names of segments that are there and not listed, in order.</param>
public sealed record EnsembleInventory(bool HasManifest, bool IsTorn, IReadOnlyList<ManifestEntry> Listed, IReadOnlyList<string> Unlisted)
{
    /// <summary>Configurations of the segments that are listed.</summary>
    public long Count => Listed.Sum(entry => (long)entry.Count);

    /// <summary>Looks at a folder, which need not exist. Throws <see cref="StorageException"/> (exit code 4) for a manifest with a line that is none.</summary>
    public static EnsembleInventory Of(string folder)
    {
        // Files first: what a run adds meanwhile is listed by the manifest that is read after them.
        string[] present = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "seg-*.h5").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];
        if (!File.Exists(Manifest.PathIn(folder)))
            return new(false, false, [], present);
        var (entries, _, torn) = Manifest.Load(folder);
        return new(true, torn, entries, [.. present.Except(entries.Select(entry => entry.File))]);
    }
}

using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>
/// Saves named sections (parameters, optimiser moments, step, counters, configuration text) as an HDF5 file that protects itself with a hash and appears atomically.
/// h5py opens it directly: every section is a dataset under <c>/sections</c>.
/// </summary>
public static class CheckpointWriter
{
    internal const string Container = "checkpoint";

    /// <summary>Writes <paramref name="sections"/>; <paramref name="kind"/> says for what ("flow", "unfinished") and is checked on reading. Replaces an older file, which is kept as <paramref name="keepAs"/> where that is given.</summary>
    public static void Write(string path, string kind, StateSections sections, string? keepAs = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(sections);
        var file = new H5File();
        file.Attributes["kind"] = kind;
        var deferred = new DeferredData();
        file["sections"] = SegmentFile.SectionGroup("sections", sections, deferred);
        HashedFile.Write(path, Container, file, deferred.Fill, keepAs);
    }
}

/// <summary>Reads what <see cref="CheckpointWriter"/> wrote. Missing, truncated, changed in any bit, another version or another kind: a StorageException that says which.</summary>
public static class CheckpointReader
{
    public static StateSections Read(string path, string kind)
    {
        using var source = HashedFile.Open(path, CheckpointWriter.Container);
        string stored = source.TextAttribute("kind");
        if (stored != kind)
            throw new StorageException(path, $"is a '{stored}' checkpoint, expected '{kind}'", "Give the path of the right checkpoint");
        var sections = new StateSections { Origin = path };
        SegmentFile.ReadSections(source, "/sections", sections);
        return sections;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>
/// Observables that were measured on the stored configurations of an ensemble, in <c>measurements/&lt;set&gt;/</c> beside its segments: <c>set.json</c> names them and says who measured, <c>manifest.jsonl</c>
/// lists a write-once file of values a segment. Throws <see cref="StorageException"/>.
/// </summary>
public sealed class MeasurementSet
{
    internal const string FolderName = "measurements";
    internal const string SetFile = "set.json";
    private readonly Dictionary<string, MeasurementEntry> bySegment = [];
    private readonly HashSet<string> verified = [];

    private MeasurementSet(string folder, IReadOnlyList<string> observables, List<MeasurementEntry> entries)
    {
        Folder = folder;
        Observables = observables;
        // A segment that was drawn again, and measured again, has two lines: the hashes differ.
        foreach (var entry in entries)
            bySegment[entry.SegmentSha256] = entry;
        Entries = entries;
    }

    public string Folder { get; }

    /// <summary>Name of the folder.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>Names of the observables.</summary>
    public IReadOnlyList<string> Observables { get; }

    /// <summary>The files in the order in which they were measured.</summary>
    public IReadOnlyList<MeasurementEntry> Entries { get; }

    /// <summary>Folder of all sets of an ensemble.</summary>
    public static string FolderOf(string ensemble) => Path.Combine(ensemble, FolderName);

    /// <summary>All sets of an ensemble, in the order in which they were begun.</summary>
    public static IReadOnlyList<MeasurementSet> All(string ensemble)
    {
        string root = FolderOf(ensemble);
        if (!Directory.Exists(root))
            return [];
        return [.. Directory.EnumerateDirectories(root).Where(folder => File.Exists(Path.Combine(folder, SetFile))).OrderBy(MeasurementWriter.NumberOf).ThenBy(folder => folder, StringComparer.Ordinal).Select(Open)];
    }

    /// <summary>One set.</summary>
    public static MeasurementSet Open(string folder)
    {
        string path = Path.Combine(folder, SetFile);
        string[] names;
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(path), documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("it is no object");
            if ((long?)root["format"] != EnsembleHeader.Format)
                throw new JsonException($"format {root["format"]?.ToJsonString() ?? "is missing"}, and {EnsembleHeader.Format} is known");
            names = [.. ((JsonArray)root["observables"]!).Select(name => (string?)name ?? throw new JsonException("an observable has no name"))];
            if (names.Length == 0 || names.Distinct().Count() < names.Length)
                throw new JsonException(names.Length == 0 ? "it names no observable" : "it names an observable twice");
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or FormatException or NullReferenceException or InvalidCastException)
        {
            throw new StorageException(path, $"is not the description of a measured set ({cause.Message.TrimEnd('.')})", $"Restore it from a copy; or remove {folder} and run latticeflow measure again", StorageException.Corrupt, cause);
        }
        catch (Exception cause)
        {
            throw StorageException.WhileReading(path, cause);
        }

        return new(folder, names, MeasurementManifest.Load(folder).Entries);
    }

    /// <summary>The file of values of a segment as it is now, or null where it was not measured yet.</summary>
    public MeasurementEntry? Of(ManifestEntry segment) => bySegment.TryGetValue(segment.Sha256, out var entry) && entry.Count <= segment.Count ? entry : null;

    /// <summary>Whether every one of these segments was measured.</summary>
    public bool IsComplete(IReadOnlyList<ManifestEntry> segments) => segments.All(segment => Of(segment) is not null);

    /// <summary>Configurations of these segments that were measured.</summary>
    public long Measured(IReadOnlyList<ManifestEntry> segments) => segments.Sum(segment => (long)(Of(segment)?.Count ?? 0));

    /// <summary>The values of an observable for the configurations of a segment.</summary>
    public ObservableColumn ReadColumn(ManifestEntry segment, string name)
    {
        var entry = Of(segment) ?? throw new StorageException(Folder, $"has no values of {segment.File}", "Run latticeflow measure again");
        using var source = OpenOnce(entry);
        return SegmentFile.ReadColumn(source, name, entry.Count);
    }

    /// <summary>Everything that was measured on a segment.</summary>
    public MeasuredBlock Read(ManifestEntry segment)
    {
        var entry = Of(segment) ?? throw new StorageException(Folder, $"has no values of {segment.File}", "Run latticeflow measure again");
        if (entry.Count == 0)
            return new([], [], []);
        using var source = OpenOnce(entry);
        ulong[] rows = [(ulong)entry.Count];
        var observables = new OrderedDictionary<string, ObservableColumn>();
        foreach (string name in Observables)
            observables[name] = SegmentFile.ReadColumn(source, name, entry.Count);
        return new(source.Read<long>("/chain/replica", H5DataTypeClass.FixedPoint, rows), source.Read<long>("/chain/step", H5DataTypeClass.FixedPoint, rows), observables);
    }

    private Hdf5Source OpenOnce(MeasurementEntry entry) => MeasurementFile.Open(Folder, entry, verify: verified.Add(entry.Sha256));
}

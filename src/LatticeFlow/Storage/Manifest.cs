using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LatticeFlow.Storage;

/// <summary>
/// One line of <c>manifest.jsonl</c>: a visible segment, the running number of its first configuration, how many it holds, its length and hash,
/// the generator's counter after it, and the mean plaquette for a first look (absent when it was not measured).
/// </summary>
public sealed record ManifestEntry(string File, long First, int Count, long Bytes, string Sha256, ulong RngCounter, double? MeanPlaquette);

/// <summary>The append-only list of segments of one ensemble folder. A last line without newline is torn (a crash, or a writer at work) and does not count.</summary>
internal static class Manifest
{
    public const string FileName = "manifest.jsonl";

    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    public static string SegmentName(int number) => $"seg-{number:D6}.h5";

    /// <summary>Reads all whole lines; throws StorageException for one that is no manifest line or does not continue its predecessor.</summary>
    /// <returns>The entries, the byte offset at which each line ends, and whether a torn line follows.</returns>
    public static (List<ManifestEntry> Entries, List<long> Ends, bool Torn) Load(string folder)
    {
        string path = PathIn(folder);
        byte[] bytes;
        try
        {
            // FileShare.ReadWrite: a run may be appending while its data are read.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            bytes = copy.ToArray();
        }
        catch (Exception cause)
        {
            throw StorageException.WhileReading(path, cause);
        }

        var entries = new List<ManifestEntry>();
        var ends = new List<long>();
        long next = 0;
        foreach (var (line, end) in ByteLines.Of(bytes))
        {
            ends.Add(end);
            var entry = Parse(path, line, entries.Count + 1);
            if (entry.File != SegmentName(entries.Count) || entry.First != next)
                throw Bad(path, entries.Count + 1, "does not continue the line before it");
            next += entry.Count;
            entries.Add(entry);
        }

        return (entries, ends, ends.LastOrDefault() != bytes.Length);
    }

    /// <summary>The lines that are whole, by the number of their segment, whatever stands between them: what a repair can know of a damaged manifest. Empty where there is none.</summary>
    public static IReadOnlyDictionary<int, ManifestEntry> LoadWhatIsWhole(string folder)
    {
        var known = new Dictionary<int, ManifestEntry>();
        string path = PathIn(folder);
        if (!File.Exists(path))
            return known;
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception cause)
        {
            throw StorageException.WhileReading(path, cause);
        }

        foreach (string line in text.Split('\n'))
        {
            try
            {
                var entry = Parse(path, line, 0);
                if (entry.File.Length == SegmentName(0).Length && int.TryParse(entry.File.AsSpan(4, 6), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && entry.File == SegmentName(number))
                    known.TryAdd(number, entry);
            }
            catch (StorageException)
            {
                // Half a line, or a damaged one: its segment has to speak for itself.
            }
        }

        return known;
    }

    public static string Render(ManifestEntry entry)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("file", entry.File);
            json.WriteNumber("first", entry.First);
            json.WriteNumber("count", entry.Count);
            json.WriteNumber("bytes", entry.Bytes);
            json.WriteString("sha256", entry.Sha256);
            json.WriteNumber("rng_counter", entry.RngCounter);
            if (entry.MeanPlaquette is double plaquette && double.IsFinite(plaquette))
                json.WriteNumber("mean_plaquette", plaquette);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    public static void CreateEmpty(string folder) => AtomicFile.Write(PathIn(folder), []);

    /// <summary>Cuts everything after a byte offset off. Needs no room on the disk, so that a full one can be repaired.</summary>
    public static void Truncate(string folder, long length)
    {
        AtomicFile.Detach(PathIn(folder));
        using var stream = new FileStream(PathIn(folder), FileMode.Open, FileAccess.Write, FileShare.Read);
        stream.SetLength(length);
        stream.Flush(flushToDisk: true);
    }

    private static ManifestEntry Parse(string path, string line, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var entry = new ManifestEntry(
                root.GetProperty("file").GetString() ?? "",
                root.GetProperty("first").GetInt64(),
                root.GetProperty("count").GetInt32(),
                root.GetProperty("bytes").GetInt64(),
                root.GetProperty("sha256").GetString() ?? "",
                root.GetProperty("rng_counter").GetUInt64(),
                root.TryGetProperty("mean_plaquette", out var plaquette) ? plaquette.GetDouble() : null);
            return entry.Count >= 1 && entry.Sha256.Length == 64 ? entry : throw Bad(path, number, "has an impossible count or hash");
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Bad(path, number, "is not a manifest line");
        }
    }

    private static StorageException Bad(string path, int number, string what)
        => new(path, $"line {number} {what}", "latticeflow repair makes the manifest again from the segments; or restore it from a copy");
}

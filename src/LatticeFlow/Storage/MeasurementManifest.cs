using System.Text;
using System.Text.Json;

namespace LatticeFlow.Storage;

/// <summary>
/// One line of the <c>manifest.jsonl</c> of a measured set: a file of values with its length and hash, and the segment whose configurations were measured, by name and by the hash that it had. Values of a
/// segment whose hash is another one now are not values of it. <paramref name="Count"/> is that of the configurations of the segment, which may have them at some of its rows only.
/// </summary>
public sealed record MeasurementEntry(string File, string Segment, string SegmentSha256, int Count, long Bytes, string Sha256);

/// <summary>The append-only list of files of one measured set. A last line without newline is torn and does not count.</summary>
internal static class MeasurementManifest
{
    public const string FileName = "manifest.jsonl";

    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    public static string FileOf(int number) => $"values-{number:D6}.h5";

    /// <summary>All whole lines, and the byte at which the last of them ends; nothing where there is no manifest yet.</summary>
    public static (List<MeasurementEntry> Entries, long End) Load(string folder)
    {
        string path = PathIn(folder);
        if (!File.Exists(path))
            return ([], 0);
        byte[] bytes;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }
        catch (Exception cause)
        {
            throw StorageException.WhileReading(path, cause);
        }

        var entries = new List<MeasurementEntry>();
        long last = 0;
        foreach (var (line, end) in ByteLines.Of(bytes))
        {
            entries.Add(Parse(path, line, entries.Count));
            last = end;
        }

        return (entries, last);
    }

    /// <summary>Adds a line behind the last whole one and flushes it to the disk.</summary>
    public static void Append(string folder, MeasurementEntry entry, ref long end)
    {
        byte[] line = Encoding.UTF8.GetBytes(Render(entry));
        string path = PathIn(folder);
        AtomicFile.RefuseLink(path);
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        stream.SetLength(end);
        stream.Seek(0, SeekOrigin.End);
        stream.Write(line);
        stream.Flush(flushToDisk: true);
        end += line.Length;
    }

    private static string Render(MeasurementEntry entry)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("file", entry.File);
            json.WriteString("segment", entry.Segment);
            json.WriteString("segment_sha256", entry.SegmentSha256);
            json.WriteNumber("count", entry.Count);
            json.WriteNumber("bytes", entry.Bytes);
            json.WriteString("sha256", entry.Sha256);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static MeasurementEntry Parse(string path, string line, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var entry = new MeasurementEntry(
                root.GetProperty("file").GetString() ?? "", root.GetProperty("segment").GetString() ?? "", root.GetProperty("segment_sha256").GetString() ?? "",
                root.GetProperty("count").GetInt32(), root.GetProperty("bytes").GetInt64(), root.GetProperty("sha256").GetString() ?? "");
            return entry.File == FileOf(number) && entry is { Count: >= 0, Sha256.Length: 64, SegmentSha256.Length: 64 } ? entry : throw Bad(path, number);
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Bad(path, number);
        }
    }

    private static StorageException Bad(string path, int number)
        => new(path, $"line {number + 1} is not a line of a measured set", $"Restore it from a copy; or remove {Path.GetDirectoryName(path)} and run latticeflow measure again");
}

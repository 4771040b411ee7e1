using System.Buffers.Binary;
using System.Text;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// The records of a LIME file (c-lime, USQCD): each a header of 144 bytes with magic number, version, flags, length and type, all big-endian, then data padded to a multiple of 8.
/// Lengths are compared with the file before anything is read; whatever is wrong is a <see cref="StorageException"/>. Message flags are given as they stand and not judged.
/// </summary>
public sealed class LimeReader : IDisposable
{
    private const int LongestText = 1 << 20;
    private readonly string path;
    private readonly FileStream stream;

    private LimeReader(string path, FileStream stream)
    {
        this.path = path;
        this.stream = stream;
    }

    public IReadOnlyList<LimeRecord> Records { get; private set; } = [];

    public static LimeReader Open(string path)
    {
        var reader = new LimeReader(path, GaugeFileFormats.Open(path));
        try
        {
            reader.Records = [.. reader.Scan()];
            return reader;
        }
        catch (Exception cause)
        {
            reader.Dispose();
            if (cause is IOException or UnauthorizedAccessException)
                throw StorageException.WhileReading(path, cause);
            throw;
        }
    }

    /// <summary>The stream, standing at the beginning of a record's data.</summary>
    public Stream Seek(LimeRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        stream.Position = record.Offset;
        return stream;
    }

    /// <summary>A record's data as text, without the NUL bytes that some writers put at its end.</summary>
    public string ReadText(LimeRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Length > LongestText)
            throw new StorageException(path, $"has a record {record.Type} of {record.Length} bytes, too long for a description", "Restore the file from a copy");
        var bytes = new byte[record.Length];
        Seek(record).ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0');
    }

    public void Dispose() => stream.Dispose();

    private IEnumerable<LimeRecord> Scan()
    {
        var header = new byte[LimeRecord.HeaderBytes];
        long at = 0;
        while (at < stream.Length)
        {
            long left = stream.Length - at - LimeRecord.HeaderBytes;
            if (left < 0)
                throw Damaged(at, $"is cut off after {stream.Length - at} bytes");
            stream.Position = at;
            stream.ReadExactly(header);
            if (BinaryPrimitives.ReadUInt32BigEndian(header) != LimeRecord.Magic)
                throw Damaged(at, "does not begin with LIME's magic number");
            int version = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(4));
            if (version != LimeRecord.Version)
                throw Damaged(at, $"has version {version}, and {LimeRecord.Version} is known");
            ulong length = BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8));
            int end = header.AsSpan(16).IndexOf((byte)0);
            string type = end < 0 ? "" : Encoding.ASCII.GetString(header, 16, end);
            if (end <= 0 || !type.All(c => c is > ' ' and <= '~'))
                throw Damaged(at, "has no readable type");
            if (length > (ulong)left)
                throw Damaged(at, $"({type}) claims {length} bytes where {left} are left: truncated");
            yield return new(type, at + LimeRecord.HeaderBytes, (long)length, (header[6] & LimeRecord.BeginFlag) != 0, (header[6] & LimeRecord.EndFlag) != 0);

            // Some writers leave out the padding of the last record.
            at += LimeRecord.HeaderBytes + (long)length + LimeRecord.Padding((long)length);
        }
    }

    private StorageException Damaged(long at, string what)
        => new(path, at == 0 ? $"is not a LIME file: its first record {what}" : $"the LIME record at byte {at} {what}", "Restore the file from a copy");
}

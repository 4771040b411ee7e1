using System.Buffers.Binary;
using System.Text;

namespace LatticeFlow.Interchange;

/// <summary>
/// Writes LIME records to a stream. A record begins a message exactly when it is the first or the one before it ended a message, so the flags cannot contradict each other.
/// </summary>
public sealed class LimeWriter(Stream stream)
{
    private bool atBeginning = true;

    public void Write(string type, string text, bool endsMessage)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Write(type, bytes.Length, endsMessage, target => target.Write(bytes));
    }

    /// <summary>Writes a record whose data <paramref name="produce"/> writes: exactly <paramref name="length"/> bytes, or InvalidOperationException.</summary>
    public void Write(string type, long length, bool endsMessage, Action<Stream> produce)
    {
        ArgumentNullException.ThrowIfNull(produce);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (type.Length is 0 or >= LimeRecord.TypeBytes || !type.All(c => c is > ' ' and <= '~'))
            throw new ArgumentException($"record type '{type}' has 1 to {LimeRecord.TypeBytes - 1} printable characters", nameof(type));
        var header = new byte[LimeRecord.HeaderBytes];
        BinaryPrimitives.WriteUInt32BigEndian(header, LimeRecord.Magic);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), LimeRecord.Version);
        header[6] = (byte)((atBeginning ? LimeRecord.BeginFlag : 0) | (endsMessage ? LimeRecord.EndFlag : 0));
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(8), (ulong)length);
        Encoding.ASCII.GetBytes(type, header.AsSpan(16));
        stream.Write(header);
        long start = stream.Position;
        produce(stream);
        if (stream.Position - start != length)
            throw new InvalidOperationException($"record {type} was announced with {length} bytes and got {stream.Position - start}");
        stream.Write(new byte[LimeRecord.Padding(length)]);
        atBeginning = endsMessage;
    }
}

using System.Buffers.Binary;

namespace LatticeFlow.Interchange;

/// <summary>The sum modulo 2³² of all 32-bit words of the payload, in the byte order of the numbers; a double counts as two words.</summary>
internal sealed class NerscChecksum(bool bigEndian) : IPayloadChecksum
{
    public uint Value { get; private set; }

    public void Add(ReadOnlySpan<byte> sites, int bytesPerSite)
    {
        uint sum = Value;
        for (int at = 0; at < sites.Length; at += sizeof(uint))
            sum += bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(sites[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(sites[at..]);
        Value = sum;
    }
}

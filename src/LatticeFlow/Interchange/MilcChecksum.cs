using System.Buffers.Binary;
using System.Numerics;

namespace LatticeFlow.Interchange;

/// <summary>MILC's pair of checksums over the 32-bit words w_i of the payload in its byte order: sum29 the XOR of w_i rotated left by i mod 29, sum31 by i mod 31.</summary>
internal sealed class MilcChecksum(bool bigEndian) : IPayloadChecksum
{
    private long word;

    public uint Sum29 { get; private set; }

    public uint Sum31 { get; private set; }

    public void Add(ReadOnlySpan<byte> sites, int bytesPerSite)
    {
        for (int at = 0; at < sites.Length; at += sizeof(uint), word++)
        {
            uint value = bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(sites[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(sites[at..]);
            Sum29 ^= BitOperations.RotateLeft(value, (int)(word % 29));
            Sum31 ^= BitOperations.RotateLeft(value, (int)(word % 31));
        }
    }
}

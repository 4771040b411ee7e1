using System.Buffers.Binary;
using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>
/// What an element of a dataset or an attribute is: numbers with the byte order and bits of this machine, texts, and pairs of doubles {r, i}. Source: The HDF Group, HDF5 File Format Specification
/// Version 3.0, IV.A.2.d. Everything else is known by class and size only and is not read.
/// </summary>
internal readonly record struct Hdf5Datatype(H5DataTypeClass Class, int Size, bool IsSigned, bool IsNative)
{
    private const int HeaderSize = 8;
    private const int DeepestCompound = 4;
    private const int LargestElement = 1 << 20;

    // Bit fields and properties of IEEE numbers, little-endian, as the specification lists them.
    private static readonly byte[] Double = [0x20, 0x3F, 0, 0, 0, 64, 0, 52, 11, 0, 52, 0xFF, 3, 0, 0];
    private static readonly byte[] Single = [0x20, 0x1F, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0];

    /// <summary>Whether this is a text of variable length, kept in the global heap.</summary>
    public bool IsHeapText => Class == H5DataTypeClass.VariableLength && IsNative;

    /// <summary>Whether this is {r, i}, two doubles.</summary>
    public bool IsComplex => Class == H5DataTypeClass.Compound && IsNative;

    /// <summary>Parses a datatype message.</summary>
    public static Hdf5Datatype Parse(Hdf5Bytes file, ReadOnlySpan<byte> message) => Parse(file, message, DeepestCompound, out _);

    private static Hdf5Datatype Parse(Hdf5Bytes file, ReadOnlySpan<byte> message, int depth, out int length)
    {
        if (message.Length < HeaderSize || depth == 0)
            throw file.Fault("has a datatype that is cut off or nested too deeply");
        int version = message[0] >> 4;
        var type = (H5DataTypeClass)(message[0] & 15);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(message[4..]);
        if (version is < 1 or > 3 || size is < 1 or > LargestElement)
            throw file.Fault("has a datatype of an unknown version or an impossible size");
        var body = message[HeaderSize..];
        int bits = message[1];
        length = message.Length;
        switch (type)
        {
            case H5DataTypeClass.FixedPoint:
                length = HeaderSize + 4;
                return new(type, (int)size, (bits & 8) != 0, (bits & 7) == 0 && body.Length >= 4 && Short(body) == 0 && Short(body[2..]) == 8 * size);
            case H5DataTypeClass.FloatingPoint:
                length = HeaderSize + 12;
                return new(type, (int)size, true, body.Length >= 12 && (IsIeee(message, Double, size, sizeof(double)) || IsIeee(message, Single, size, sizeof(float))));
            case H5DataTypeClass.String:
                length = HeaderSize;
                return new(type, (int)size, false, true);
            case H5DataTypeClass.VariableLength:
                return new(type, (int)size, false, (bits & 15) == 1 && size == 16);
            case H5DataTypeClass.Compound:
                return new(type, (int)size, false, IsPairOfDoubles(file, message, size, depth));
            default:
                return new(type, (int)size, false, false);
        }
    }

    private static bool IsIeee(ReadOnlySpan<byte> message, byte[] expected, long size, int width)
        => size == width && message.Slice(1, 3).SequenceEqual(expected.AsSpan(0, 3)) && message.Slice(HeaderSize, 12).SequenceEqual(expected.AsSpan(3));

    // {r, i} in the versions of the specification: names padded to eight bytes and dimensions of arrays in the first, plain names and short offsets in the third.
    private static bool IsPairOfDoubles(Hdf5Bytes file, ReadOnlySpan<byte> message, long size, int depth)
    {
        int version = message[0] >> 4, members = Short(message[1..]);
        if (members != 2 || size != 2 * sizeof(double))
            return false;
        var rest = message[HeaderSize..];
        for (int member = 0; member < members; member++)
        {
            int end = rest.IndexOf((byte)0);
            if (end < 0)
                return false;
            rest = rest[Math.Min(rest.Length, version == 3 ? end + 1 : (end + 8) / 8 * 8)..];
            int offsetBytes = version == 3 ? 1 : 4, skipped = version == 1 ? 28 : 0;
            if (rest.Length < offsetBytes + skipped || rest[0] != member * sizeof(double))
                return false;
            rest = rest[(offsetBytes + skipped)..];
            var part = Parse(file, rest, depth - 1, out int length);
            if (part is not { Class: H5DataTypeClass.FloatingPoint, Size: sizeof(double), IsNative: true })
                return false;
            rest = rest[length..];
        }

        return true;
    }

    private static int Short(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}

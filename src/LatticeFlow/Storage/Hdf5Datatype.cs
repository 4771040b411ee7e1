using System.Buffers.Binary;
using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>
/// What an element of a dataset or an attribute is: numbers with the byte order and bits of this machine, texts, and pairs {r, i} of them, alone or in arrays. Source: The HDF Group, HDF5 File Format Specification
/// Version 3.0, IV.A.2.d. Everything else is known by class and size only and is not read.
/// </summary>
internal readonly record struct Hdf5Datatype(H5DataTypeClass Class, int Size, bool IsSigned, bool IsNative)
{
    private static readonly string[][] PartNames = [["r", "re", "real"], ["i", "im", "imag"]];

    private const int HeaderSize = 8;
    private const int DeepestCompound = 4;
    private const int LargestElement = 1 << 20;

    // Bit fields and properties of IEEE numbers, little-endian, as the specification lists them.
    private static readonly byte[] Double = [0x20, 0x3F, 0, 0, 0, 64, 0, 52, 11, 0, 52, 0xFF, 3, 0, 0];
    private static readonly byte[] Single = [0x20, 0x1F, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0];

    /// <summary>Whether this is a text of variable length, kept in the global heap.</summary>
    public bool IsHeapText => Class == H5DataTypeClass.VariableLength && IsNative;

    /// <summary>Whether this is {r, i}, two doubles.</summary>
    public bool IsComplex => Class == H5DataTypeClass.Compound && ComplexPart == sizeof(double) && !IsBigEndian;

    /// <summary>Bytes of r and of i where this is {r, i} of floating-point numbers, or an array of such; else 0.</summary>
    public int ComplexPart { get; init; }

    /// <summary>Whether floating-point numbers, alone or in {r, i}, are IEEE numbers in the other byte order, most significant byte first.</summary>
    public bool IsBigEndian { get; init; }

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
                return new(type, (int)size, true, body.Length >= 12 && (IsIeee(message, Double, size, sizeof(double)) || IsIeee(message, Single, size, sizeof(float))))
                {
                    IsBigEndian = body.Length >= 12 && (IsIeee(message, Double, size, sizeof(double), isBigEndian: true) || IsIeee(message, Single, size, sizeof(float), isBigEndian: true)),
                };
            case H5DataTypeClass.String:
                length = HeaderSize;
                return new(type, (int)size, false, true);
            case H5DataTypeClass.VariableLength:
                return new(type, (int)size, false, (bits & 15) == 1 && size == 16);
            case H5DataTypeClass.Compound:
                return Pair(file, message, size, depth) is { } pair ? new(type, (int)size, false, !pair.IsBigEndian) { ComplexPart = pair.Size, IsBigEndian = pair.IsBigEndian } : new(type, (int)size, false, false);
            case H5DataTypeClass.Array:
                return Element(file, message, depth) is { Class: H5DataTypeClass.Compound } element ? element with { Class = type, Size = (int)size } : new(type, (int)size, false, false);
            default:
                return new(type, (int)size, false, false);
        }
    }

    private static bool IsIeee(ReadOnlySpan<byte> message, byte[] expected, long size, int width, bool isBigEndian = false)
        => size == width && message[1] == (isBigEndian ? expected[0] | 1 : expected[0]) && message.Slice(2, 2).SequenceEqual(expected.AsSpan(1, 2)) && message.Slice(HeaderSize, 12).SequenceEqual(expected.AsSpan(3));

    // Dimensions come before the element type, in the second version with a permutation that nobody uses.
    private static Hdf5Datatype? Element(Hdf5Bytes file, ReadOnlySpan<byte> message, int depth)
    {
        int version = message[0] >> 4;
        var body = message[HeaderSize..];
        if (version < 2 || body.Length < 1)
            return null;
        int before = version == 2 ? 4 + (8 * body[0]) : 1 + (4 * body[0]);
        return body.Length <= before ? null : Parse(file, body[before..], depth - 1, out _);
    }

    // {r, i} in the versions of the specification: names padded to eight bytes and dimensions of arrays in the first, plain names and short offsets in the third.
    private static Hdf5Datatype? Pair(Hdf5Bytes file, ReadOnlySpan<byte> message, long size, int depth)
    {
        int version = message[0] >> 4, members = Short(message[1..]);
        if (members != 2 || size is not (2 * sizeof(float) or 2 * sizeof(double)))
            return null;
        int width = (int)size / 2;
        Hdf5Datatype? first = null;
        var rest = message[HeaderSize..];
        for (int member = 0; member < members; member++)
        {
            int end = rest.IndexOf((byte)0);
            if (end < 0 || !PartNames[member].Contains(System.Text.Encoding.UTF8.GetString(rest[..end])))
                return null;
            rest = rest[Math.Min(rest.Length, version == 3 ? end + 1 : (end + 8) / 8 * 8)..];
            int offsetBytes = version == 3 ? 1 : 4, skipped = version == 1 ? 28 : 0;
            if (rest.Length < offsetBytes + skipped || rest[0] != member * width)
                return null;
            rest = rest[(offsetBytes + skipped)..];
            var part = Parse(file, rest, depth - 1, out int length);
            if (part is not { Class: H5DataTypeClass.FloatingPoint, Size: var found } || found != width || !(part.IsNative || part.IsBigEndian) || (first is { } other && other != part))
                return null;
            first = part;
            rest = rest[length..];
        }

        return first;
    }

    private static int Short(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}

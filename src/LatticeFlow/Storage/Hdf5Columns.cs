using System.Buffers.Binary;
using LatticeFlow.Series;
using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>
/// Columns of numbers in an HDF5 file of any program: datasets [configuration] and [configuration, k] of integers and floating-point numbers, contiguous and not compressed. Those of the length that most have are taken.
/// </summary>
public static class Hdf5Columns
{
    private const int MostComponents = 4096;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> OwnSignature => "LatticeFlow "u8;

    /// <summary>Whether a file is HDF5, of this program or of another.</summary>
    public static bool Recognises(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            Span<byte> start = stackalloc byte[OwnSignature.Length];
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && (start.StartsWith(Signature) || start.SequenceEqual(OwnSignature));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(path, exception);
        }
    }

    /// <summary>Reads the datasets of these names (paths, or their last parts), or all of one length.</summary>
    /// <exception cref="StorageException">It cannot be read (exit code 4).</exception>
    /// <exception cref="UserErrorException">It has no such datasets.</exception>
    public static SeriesFile Read(string path, IReadOnlyList<string> wanted)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(path, exception);
        }

        using var source = Hdf5Source.Open(new Hdf5Bytes(path, stream) { IsForeign = true });
        var found = source.Datasets().Where(dataset => IsColumn(dataset.Node)).ToArray();
        if (found.Length == 0) throw new UserErrorException("has no dataset [configuration] or [configuration, k] of numbers that is contiguous and not compressed", ExitCode.CorruptData) { File = path };
        string[] all = [.. found.Select(dataset => dataset.Name.TrimStart('/'))];
        string Short(string name) => all.Count(other => Last(other) == Last(name)) == 1 ? Last(name) : name;
        var named = found.Select(dataset => (Name: Short(dataset.Name.TrimStart('/')), Path: dataset.Name, dataset.Node)).ToArray();
        var explicitly = named.Where(dataset => wanted.Any(name => Names(name, dataset.Name, dataset.Path))).ToArray();
        ulong length = (explicitly.Length > 0 ? explicitly : named).GroupBy(dataset => dataset.Node.Shape[0]).OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).First().Key;
        string[] left = [.. named.Where(dataset => dataset.Node.Shape[0] != length).Select(dataset => dataset.Name)];
        if (explicitly.FirstOrDefault(dataset => dataset.Node.Shape[0] != length) is { Name: not null } odd)
            throw new UserErrorException($"'{odd.Name}' has {odd.Node.Shape[0]} rows, others have {length}") { File = path, Remedy = "choose columns of one length" };
        return new(path, [.. named.Where(dataset => dataset.Node.Shape[0] == length).SelectMany(dataset => Columns(source, dataset.Name, dataset.Path, dataset.Node))])
        {
            Remarks = left.Length == 0 ? [] : [$"{path}: not of {length} rows and left out: {string.Join(", ", left)}"],
        };
    }

    private static bool Names(string wanted, string name, string path) => wanted == name || wanted.TrimStart('/') == path.TrimStart('/') || wanted.StartsWith(name + "[", StringComparison.Ordinal);

    private static bool IsColumn(Hdf5Node node) => node is { Type: { } type, IsScalar: false, Shape: [> 0] or [> 0, > 0 and <= MostComponents] }
        && (type.Class == H5DataTypeClass.FloatingPoint ? (type.IsNative || type.IsBigEndian) && type.Size is 4 or 8 : type is { Class: H5DataTypeClass.FixedPoint, IsNative: true, Size: 1 or 2 or 4 or 8 });

    private static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static IEnumerable<SeriesColumn> Columns(Hdf5Source source, string name, string path, Hdf5Node node)
    {
        byte[] bytes = source.ReadBytes(path);
        int components = node.Shape.Length == 1 ? 1 : (int)node.Shape[1], size = node.Type!.Value.Size, rows = bytes.Length / size / components;
        for (int component = 0; component < components; component++)
        {
            var values = new double[rows];
            for (int row = 0; row < rows; row++) values[row] = Value(node.Type.Value, bytes.AsSpan(((row * components) + component) * size, size));
            yield return node.Shape.Length == 1 ? new(name, values) : new(FormattableString.Invariant($"{name}[{component}]"), values) { PartOf = (name, component) };
        }
    }

    private static double Value(Hdf5Datatype type, ReadOnlySpan<byte> bytes) => (type.Class, type.Size) switch
    {
        (H5DataTypeClass.FloatingPoint, 8) => type.IsBigEndian ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        (H5DataTypeClass.FloatingPoint, _) => type.IsBigEndian ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes),
        (_, 1) => type.IsSigned ? (sbyte)bytes[0] : bytes[0],
        (_, 2) => type.IsSigned ? BinaryPrimitives.ReadInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (_, 4) => type.IsSigned ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => type.IsSigned ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes),
    };
}

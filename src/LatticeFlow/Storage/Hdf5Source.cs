using System.Runtime.InteropServices;
using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>
/// An open HDF5 file that trusts nothing: the structure is read once, within limits (<see cref="Hdf5Structure"/>), types and shapes are compared with what is expected before anything is allocated,
/// and whatever is wrong leaves as one <see cref="StorageException"/> (exit code 4). Reading is our own, because the HDF5 library of the writer loops, recurses or follows links into other files on
/// content made for it, and ends at 2 GiB; see docs/adr/0015.
/// </summary>
internal sealed class Hdf5Source : IDisposable
{
    private readonly Hdf5Bytes file;
    private readonly Hdf5Node root;
    private readonly long origin;

    private Hdf5Source(Hdf5Bytes file)
    {
        this.file = file;
        (root, origin) = Hdf5Structure.Read(file);
    }

    public string Path => file.Path;

    /// <summary>Takes over bytes (already verified, so that what was hashed is what is read).</summary>
    public static Hdf5Source Open(Hdf5Bytes file)
    {
        try
        {
            return new(file);
        }
        catch (Exception cause)
        {
            file.Dispose();
            throw StorageException.WhileReading(file.Path, cause);
        }
    }

    /// <summary>As above, for an open file.</summary>
    public static Hdf5Source Open(string path, FileStream stream) => Open(new Hdf5Bytes(path, stream));

    /// <summary>Runs a reading function; every exception comes out as StorageException.</summary>
    public T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception cause)
        {
            throw StorageException.WhileReading(Path, cause);
        }
    }

    public bool Exists(string name) => Find(name) is not null;

    public string[] Children(string group) => Find(group) is { } node ? [.. node.Links.Keys] : [];

    /// <summary>All datasets with their paths, in the order of the file; a dataset that has several names comes once under each.</summary>
    public IEnumerable<(string Name, Hdf5Node Node)> Datasets() => Datasets(root, "");

    /// <summary>The bytes of a dataset as they stand in the file.</summary>
    public byte[] ReadBytes(string name) => Load<byte>(name, Dataset(name));

    public string[] AttributeNames() => [.. root.Attributes.Keys];

    public bool HasAttribute(string name, string group) => Find(group) is { } node && node.Attributes.ContainsKey(name);

    /// <summary>One number; <paramref name="group"/> is the root unless it is named.</summary>
    public T Attribute<T>(string name, string group = "/")
        where T : unmanaged
    {
        var attribute = AttributeOf(group, name);
        Require(
            attribute.Type is { IsNative: true, Class: H5DataTypeClass.FixedPoint or H5DataTypeClass.FloatingPoint } && attribute.Bytes.Length == Marshal.SizeOf<T>() && attribute.Type.Size == Marshal.SizeOf<T>(),
            $"attribute {name} is not one {typeof(T).Name}");
        return MemoryMarshal.Read<T>(attribute.Bytes);
    }

    public long[] ArrayAttribute(string name, int maximumLength)
    {
        var attribute = AttributeOf("/", name);
        Require(
            attribute.Type is { IsNative: true, Class: H5DataTypeClass.FixedPoint, Size: sizeof(long) } && attribute.Bytes.Length <= maximumLength * sizeof(long),
            $"attribute {name} is not a list of at most {maximumLength} numbers");
        return MemoryMarshal.Cast<byte, long>(attribute.Bytes).ToArray();
    }

    public string TextAttribute(string name)
    {
        var attribute = AttributeOf("/", name);
        return Text(attribute.Type, attribute.Bytes) ?? throw Fault($"attribute {name} is not one string");
    }

    public ulong[] Shape(string name) => [.. Dataset(name).Shape];

    /// <summary>Reads a whole dataset of T after checking class, element size and, when given, the exact shape.</summary>
    public T[] Read<T>(string name, H5DataTypeClass type, ulong[]? shape = null)
        where T : unmanaged
    {
        var dataset = Checked(name, shape);
        Require(dataset.Type is { IsNative: true } found && found.Class == type && found.Size == Marshal.SizeOf<T>(), $"dataset {name} has an unexpected type");
        return Load<T>(name, dataset);
    }

    /// <summary>What the elements of a dataset are.</summary>
    public Hdf5Datatype TypeOf(string name) => Dataset(name).Type!.Value;

    /// <summary>Checks that a dataset of a shape holds floating-point numbers of so many bytes, alone or as {r, i}.</summary>
    public void RequireField(string name, ulong[] shape, bool isComplex, int width)
    {
        var dataset = Checked(name, shape);
        Require(dataset.Type is { IsNative: true } type && (isComplex ? type.Class == H5DataTypeClass.Compound && type.ComplexPart == width : type.Class == H5DataTypeClass.FloatingPoint && type.Size == width),
            $"dataset {name} has an unexpected type");
    }

    /// <summary>Numbers of a dataset from a place on, counted in numbers of T; their type was checked.</summary>
    public void ReadNumbers<T>(string name, long first, Span<T> numbers)
        where T : unmanaged
    {
        var dataset = Dataset(name);
        long skip = first * Marshal.SizeOf<T>();
        Require(first >= 0 && skip + ((long)numbers.Length * Marshal.SizeOf<T>()) <= dataset.Bytes, $"dataset {name} is shorter than it claims");
        if (dataset.Compact is { } compact)
            MemoryMarshal.Cast<byte, T>(compact.AsSpan((int)skip))[..numbers.Length].CopyTo(numbers);
        else
            file.ReadData(dataset.Offset + skip, numbers);
    }

    /// <summary>The last rows of a dataset of doubles or of {r, i}.</summary>
    public double[] ReadLastRows(string name, long rows)
    {
        var dataset = Dataset(name);
        Require(dataset.Type is { IsComplex: true } or { Class: H5DataTypeClass.FloatingPoint, Size: sizeof(double), IsNative: true }, $"dataset {name} has an unexpected type");
        Require(dataset.Compact is null && dataset.Shape.Length > 0 && dataset.Bytes > 0 && rows > 0 && rows <= (long)dataset.Shape[0], $"dataset {name} does not have {rows} rows");
        long bytes = dataset.Bytes / (long)dataset.Shape[0] * rows;
        Require(bytes / sizeof(double) <= Array.MaxLength, $"dataset {name} has rows that are larger than one array can hold");
        var values = GC.AllocateUninitializedArray<double>((int)(bytes / sizeof(double)));
        file.ReadData(dataset.Offset + dataset.Bytes - bytes, values.AsSpan());
        return values;
    }

    /// <summary>Reads a section of a saved state with the type it has in the file.</summary>
    public object ReadSection(string name)
    {
        var dataset = Dataset(name);
        var type = dataset.Type!.Value;
        bool scalar = dataset.IsScalar;
        switch (type.Class, type.Size)
        {
            case (H5DataTypeClass.FloatingPoint, sizeof(double)) when type.IsNative:
                var doubles = Load<double>(name, dataset);
                return scalar ? doubles[0] : doubles;
            case (H5DataTypeClass.FloatingPoint, sizeof(float)) when type.IsNative:
                return Load<float>(name, dataset);
            case (H5DataTypeClass.FixedPoint, sizeof(long)) when type is { IsNative: true, IsSigned: true }:
                var longs = Load<long>(name, dataset);
                return scalar ? longs[0] : longs;
            case (H5DataTypeClass.FixedPoint, sizeof(ulong)) when scalar && type.IsNative:
                return Load<ulong>(name, dataset)[0];
            case (H5DataTypeClass.FixedPoint, sizeof(byte)) when type.IsNative:
                return Load<byte>(name, dataset);
            case (H5DataTypeClass.VariableLength or H5DataTypeClass.String, _) when scalar && Text(type, Load<byte>(name, dataset)) is string text:
                return text;
            default:
                throw new StorageException(Path, $"section {name} has an unknown type", "Read it with the version that wrote it");
        }
    }

    /// <summary>Where the data of a contiguous dataset lie in the file.</summary>
    public (long Offset, long Bytes) Place(string name)
    {
        var dataset = Dataset(name);
        Require(dataset.Compact is null, $"dataset {name} is not contiguous");
        return (dataset.Offset, dataset.Bytes);
    }

    public void Dispose() => file.Dispose();

    private static IEnumerable<(string Name, Hdf5Node Node)> Datasets(Hdf5Node group, string path) => group.Links.SelectMany(
        link => link.Value.Type is not null ? [($"{path}/{link.Key}", link.Value)] : Datasets(link.Value, $"{path}/{link.Key}"));

    private Hdf5Node? Find(string name)
    {
        var node = root;
        foreach (string part in name.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!node.Links.TryGetValue(part, out var next))
                return null;
            node = next;
        }

        return node;
    }

    private Hdf5Node Dataset(string name) => Find(name) is { Type: not null } found ? found : throw Fault($"has no dataset {name}");

    private Hdf5Attribute AttributeOf(string group, string name)
        => Find(group) is { } node && node.Attributes.TryGetValue(name, out var attribute) ? attribute : throw Fault($"has no attribute {name}");

    private Hdf5Node Checked(string name, ulong[]? shape)
    {
        var dataset = Dataset(name);
        if (shape is not null)
            Require(dataset.Shape.AsSpan().SequenceEqual(shape), $"dataset {name} has shape [{string.Join(", ", dataset.Shape)}], expected [{string.Join(", ", shape)}]");
        return dataset;
    }

    // The structure has made sure that the data are bytes of this file, so that a claim of a few bytes cannot ask for gigabytes.
    private T[] Load<T>(string name, Hdf5Node dataset)
        where T : unmanaged
    {
        long count = dataset.Bytes / Marshal.SizeOf<T>();
        Require(count <= Array.MaxLength, $"dataset {name} has {count} numbers, more than one array can hold");
        var values = GC.AllocateUninitializedArray<T>((int)count);
        if (dataset.Compact is { } compact)
            MemoryMarshal.Cast<byte, T>(compact).CopyTo(values);
        else
            file.ReadData(dataset.Offset, values.AsSpan());
        return values;
    }

    private string? Text(Hdf5Datatype type, ReadOnlySpan<byte> bytes) => type switch
    {
        _ when bytes.Length != type.Size => null,
        { IsHeapText: true } => Hdf5Heap.Text(file, origin, bytes),
        { Class: H5DataTypeClass.String } => System.Text.Encoding.UTF8.GetString(bytes).TrimEnd('\0'),
        _ => null,
    };

    private StorageException Fault(string what) => file.Fault(what);

    private void Require(bool condition, string what)
    {
        if (!condition)
            throw Fault(what);
    }
}

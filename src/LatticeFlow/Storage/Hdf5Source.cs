using System.Runtime.InteropServices;
using PureHDF;
using PureHDF.VOL.Native;

namespace LatticeFlow.Storage;

/// <summary>
/// An open HDF5 file that trusts nothing: dimensions are compared with what is expected and with the length of the file before anything is allocated,
/// and whatever the HDF5 library throws leaves as one <see cref="StorageException"/>.
/// </summary>
internal sealed class Hdf5Source : IDisposable
{
    private readonly FileStream stream;
    private readonly NativeFile file;

    private Hdf5Source(string path, FileStream stream, NativeFile file)
    {
        Path = path;
        this.stream = stream;
        this.file = file;
    }

    public string Path { get; }

    /// <summary>Takes over an open stream (already verified, so that what was hashed is what is read).</summary>
    public static Hdf5Source Open(string path, FileStream stream)
    {
        try
        {
            stream.Position = 0;
            return new(path, stream, H5File.Open(stream, leaveOpen: true));
        }
        catch (Exception cause)
        {
            stream.Dispose();
            throw StorageException.WhileReading(path, cause);
        }
    }

    /// <summary>Runs a reading function; every exception comes out as StorageException.</summary>
    public T Guard<T>(Func<IH5Group, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception cause)
        {
            throw StorageException.WhileReading(Path, cause);
        }
    }

    public bool Exists(string name) => Guard(root => root.LinkExists(name));

    public string[] Children(string group) => Guard(root => root.LinkExists(group) ? root.Group(group).Children().Select(child => child.Name).ToArray() : []);

    public string[] AttributeNames() => Guard(root => root.Attributes().Select(attribute => attribute.Name).ToArray());

    public T Attribute<T>(string name)
        where T : unmanaged
        => Guard(root =>
        {
            var attribute = root.Attribute(name);
            Require(attribute.Type.Size == Marshal.SizeOf<T>() && Elements(attribute.Space) == 1, $"attribute {name} is not one {typeof(T).Name}");
            return attribute.Read<T>();
        });

    public long[] ArrayAttribute(string name, int maximumLength)
        => Guard(root =>
        {
            var attribute = root.Attribute(name);
            Require(attribute.Type.Size == sizeof(long) && Elements(attribute.Space) <= (ulong)maximumLength, $"attribute {name} is not a list of at most {maximumLength} numbers");
            return attribute.Read<long[]>();
        });

    public string TextAttribute(string name)
        => Guard(root =>
        {
            var attribute = root.Attribute(name);
            Require(Elements(attribute.Space) == 1 && attribute.Type.Size <= stream.Length, $"attribute {name} is not one string");
            return attribute.Read<string>();
        });

    public ulong[] Shape(string name) => Guard(root => root.Dataset(name).Space.Dimensions);

    /// <summary>Reads a whole dataset of T after checking class, element size and, when given, the exact shape.</summary>
    public T[] Read<T>(string name, H5DataTypeClass type, ulong[]? shape = null)
        where T : unmanaged
        => Guard(root =>
        {
            var dataset = Checked(root, name, type, Marshal.SizeOf<T>(), shape);
            var values = new T[checked((int)Elements(dataset.Space))];
            if (values.Length > 0)
                dataset.Read(values);
            return values;
        });

    /// <summary>As above for compound {r, i}: interleaved real and imaginary parts.</summary>
    public double[] ReadComplex(string name, ulong[] shape)
        => Guard(root =>
        {
            var dataset = Checked(root, name, H5DataTypeClass.Compound, 2 * sizeof(double), shape);
            var values = new double[checked((int)(2 * Elements(dataset.Space)))];
            dataset.Read(ComplexEntry.View(values));
            return values;
        });

    /// <summary>Reads a section of a saved state with the type it has in the file.</summary>
    public object ReadSection(string name)
        => Guard<object>(root =>
        {
            var dataset = root.Dataset(name);
            bool scalar = dataset.Space.Type == H5DataspaceType.Scalar;
            bool signed = dataset.Type.Class == H5DataTypeClass.FixedPoint && dataset.Type.FixedPoint.IsSigned;
            switch (dataset.Type.Class, dataset.Type.Size)
            {
                case (H5DataTypeClass.FloatingPoint, sizeof(double)):
                    var doubles = Read<double>(name, dataset.Type.Class);
                    return scalar ? doubles[0] : doubles;
                case (H5DataTypeClass.FloatingPoint, sizeof(float)):
                    return Read<float>(name, dataset.Type.Class);
                case (H5DataTypeClass.FixedPoint, sizeof(long)) when signed:
                    var longs = Read<long>(name, dataset.Type.Class);
                    return scalar ? longs[0] : longs;
                case (H5DataTypeClass.FixedPoint, sizeof(ulong)) when scalar:
                    return Read<ulong>(name, dataset.Type.Class)[0];
                case (H5DataTypeClass.FixedPoint, sizeof(byte)):
                    return Read<byte>(name, dataset.Type.Class);
                case (H5DataTypeClass.VariableLength or H5DataTypeClass.String, _) when scalar:
                    return dataset.Read<string>();
                default:
                    throw new StorageException(Path, $"section {name} has an unknown type", "Read it with the version that wrote it");
            }
        });

    public void Dispose()
    {
        file.Dispose();
        stream.Dispose();
    }

    private IH5Dataset Checked(IH5Group root, string name, H5DataTypeClass type, int elementSize, ulong[]? shape)
    {
        Require(root.LinkExists(name), $"has no dataset {name}");
        var dataset = root.Dataset(name);
        Require(dataset.Type.Class == type && dataset.Type.Size == elementSize, $"dataset {name} has an unexpected type");
        Require(dataset.Layout.Class is H5DataLayoutClass.Contiguous or H5DataLayoutClass.Compact, $"dataset {name} is not contiguous");
        if (shape is not null)
        {
            Require(
                dataset.Space.Dimensions.AsSpan().SequenceEqual(shape),
                $"dataset {name} has shape [{string.Join(", ", dataset.Space.Dimensions)}], expected [{string.Join(", ", shape)}]");
        }

        // Contiguous data cannot be larger than the file that holds them: this is what keeps a damaged header from asking for gigabytes.
        Require(Elements(dataset.Space) <= (ulong)stream.Length / (ulong)elementSize, $"dataset {name} claims to be larger than the file");
        return dataset;
    }

    private static ulong Elements(IH5Dataspace space)
    {
        ulong count = 1;
        foreach (ulong dimension in space.Dimensions)
            count = checked(count * dimension);
        return count;
    }

    private void Require(bool condition, string what)
    {
        if (!condition)
            throw new StorageException(Path, what, "The file is damaged or of another kind: restore it from a copy, or run again");
    }
}

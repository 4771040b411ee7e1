using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>A dataset of complex matrices in an HDF5 file of another code.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Shape">In elements; the two axes of the matrix are the last where each entry is an element.</param>
/// <param name="MatrixSize">N.</param>
/// <param name="IsDouble">Of real and imaginary parts.</param>
/// <param name="Plaquette">Its attribute <c>plaquette</c>, or null.</param>
internal sealed record ForeignMatrices(string Name, ulong[] Shape, int MatrixSize, bool IsDouble, double? Plaquette);

/// <summary>
/// The datasets of complex matrices in HDF5 files of other codes: elements that are arrays N×N of compounds {r, i} (QDP++), or compounds {r, i} with N×N as the last two axes (h5py), contiguous.
/// </summary>
internal static class ForeignHdf5
{
    private const int Deepest = 8;
    private const int MostObjects = 10_000;
    private const int LargestN = 64;
    private static readonly string[] OwnAttributes = ["sampler", "rng", "config"];

    /// <summary>Whether this program wrote the file.</summary>
    public static bool IsOwn(Hdf5Source source) => OwnAttributes.All(source.AttributeNames().Contains);

    /// <summary>In the order of their paths.</summary>
    public static IReadOnlyList<ForeignMatrices> Find(Hdf5Source source) => source.Guard(root =>
    {
        var found = new List<ForeignMatrices>();
        int objects = 0;
        Visit(root, "", 0);
        return found.OrderBy(dataset => dataset.Name, StringComparer.Ordinal).ToArray();

        void Visit(IH5Group group, string path, int depth)
        {
            foreach (var child in group.Children())
            {
                if (++objects > MostObjects || depth > Deepest)
                    throw new StorageException(source.Path, $"holds more than {MostObjects} objects, or groups more than {Deepest} deep", "Give a file with gauge configurations");
                if (child is IH5Group inner)
                    Visit(inner, $"{path}/{child.Name}", depth + 1);
                else if (child is IH5Dataset dataset && Described(dataset, $"{path}/{child.Name}") is { } matrices)
                    found.Add(matrices);
            }
        }
    });

    /// <summary>The numbers as they stand in the file; the caller has compared the shape with <paramref name="fileLength"/>.</summary>
    public static byte[] Read(Hdf5Source source, ForeignMatrices matrices, long fileLength) => source.Guard(root =>
    {
        var dataset = root.Dataset(matrices.Name);
        var bytes = new UInt128(0, (ulong)dataset.Type.Size);
        foreach (ulong extent in dataset.Space.Dimensions)
            bytes = bytes <= (UInt128)fileLength ? bytes * extent : bytes;
        if (bytes > (UInt128)fileLength || bytes > (UInt128)Array.MaxLength)
            throw new StorageException(source.Path, $"dataset {matrices.Name} claims to be larger than the file, or is larger than one array can be", "Restore the file from a copy");
        var values = new byte[(int)bytes];
        dataset.Read(values);
        return values;
    });

    private static ForeignMatrices? Described(IH5Dataset dataset, string name)
    {
        if (dataset.Layout.Class is not (H5DataLayoutClass.Contiguous or H5DataLayoutClass.Compact) || dataset.Space.Type != H5DataspaceType.Simple)
            return null;
        ulong[] shape = dataset.Space.Dimensions;
        var type = dataset.Type;
        if (type.Class == H5DataTypeClass.Array && IsComplex(type.Array.BaseType) is { } inArray)
        {
            int entries = type.Size / (inArray ? 16 : 8), n = (int)Math.Round(Math.Sqrt(entries));
            return n is >= 1 and <= LargestN && n * n == entries && type.Size == entries * (inArray ? 16 : 8) ? new(name, shape, n, inArray, Plaquette(dataset)) : null;
        }

        return IsComplex(type) is { } isDouble && shape.Length >= 2 && shape[^1] == shape[^2] && shape[^1] is >= 1 and <= LargestN
            ? new(name, shape, (int)shape[^1], isDouble, Plaquette(dataset))
            : null;
    }

    /// <summary>Whether a compound of two floating-point numbers side by side is of doubles; null for every other type.</summary>
    private static bool? IsComplex(IH5DataType type)
    {
        if (type.Class != H5DataTypeClass.Compound || type.Size is not (8 or 16) || type.Compound.Members is not [var re, var im])
            return null;
        int size = type.Size / 2;
        bool pair = re.Offset == 0 && im.Offset == size && re.Name is "r" or "re" or "real" && im.Name is "i" or "im" or "imag";
        return pair && re.Type.Class == H5DataTypeClass.FloatingPoint && im.Type.Class == H5DataTypeClass.FloatingPoint && re.Type.Size == size && im.Type.Size == size ? size == sizeof(double) : null;
    }

    private static double? Plaquette(IH5Dataset dataset)
    {
        if (!dataset.AttributeExists("plaquette"))
            return null;
        var attribute = dataset.Attribute("plaquette");
        return attribute.Type.Class == H5DataTypeClass.FloatingPoint && attribute.Type.Size == sizeof(double) && attribute.Space.Dimensions.Aggregate(1UL, (product, extent) => product * extent) == 1
            ? attribute.Read<double>()
            : null;
    }
}

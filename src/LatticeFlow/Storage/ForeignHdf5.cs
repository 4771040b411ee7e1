using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>A dataset of complex matrices in an HDF5 file of another code.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Shape">In elements; the two axes of the matrix are the last where each entry is an element.</param>
/// <param name="MatrixSize">N.</param>
/// <param name="IsDouble">Of real and imaginary parts.</param>
/// <param name="IsBigEndian">Their byte order.</param>
/// <param name="Plaquette">Its attribute <c>plaquette</c>, or null.</param>
internal sealed record ForeignMatrices(string Name, ulong[] Shape, int MatrixSize, bool IsDouble, bool IsBigEndian, double? Plaquette);

/// <summary>
/// The datasets of complex matrices in HDF5 files of other codes: elements that are arrays N×N of compounds {r, i} (QDP++), or compounds {r, i} with N×N as the last two axes (h5py), contiguous.
/// </summary>
internal static class ForeignHdf5
{
    private const int LargestN = 64;
    private static readonly string[] OwnAttributes = ["sampler", "rng", "config"];

    /// <summary>Whether this program wrote the file.</summary>
    public static bool IsOwn(Hdf5Source source) => OwnAttributes.All(source.AttributeNames().Contains);

    /// <summary>In the order of their paths.</summary>
    public static IReadOnlyList<ForeignMatrices> Find(Hdf5Source source) =>
        [.. source.Datasets().Select(dataset => Described(dataset.Node, dataset.Name)).OfType<ForeignMatrices>().OrderBy(dataset => dataset.Name, StringComparer.Ordinal)];

    /// <summary>The numbers as they stand in the file.</summary>
    public static byte[] Read(Hdf5Source source, ForeignMatrices matrices) => source.ReadBytes(matrices.Name);

    private static ForeignMatrices? Described(Hdf5Node dataset, string name)
    {
        var type = dataset.Type!.Value;
        if (type.ComplexPart == 0)
            return null;
        bool isDouble = type.ComplexPart == sizeof(double);
        ulong[] shape = dataset.Shape;
        if (type.Class == H5DataTypeClass.Array)
        {
            int entries = type.Size / (2 * type.ComplexPart), n = (int)Math.Round(Math.Sqrt(entries));
            return n is >= 1 and <= LargestN && n * n == entries && type.Size == 2 * entries * type.ComplexPart ? new(name, shape, n, isDouble, type.IsBigEndian, Plaquette(dataset)) : null;
        }

        return shape.Length >= 2 && shape[^1] == shape[^2] && shape[^1] is >= 1 and <= LargestN ? new(name, shape, (int)shape[^1], isDouble, type.IsBigEndian, Plaquette(dataset)) : null;
    }

    private static double? Plaquette(Hdf5Node dataset) =>
        dataset.Attributes.TryGetValue("plaquette", out var attribute) && attribute is { Type: { Class: H5DataTypeClass.FloatingPoint, Size: sizeof(double), IsNative: true }, Bytes.Length: sizeof(double) }
            ? BitConverter.ToDouble(attribute.Bytes)
            : null;
}

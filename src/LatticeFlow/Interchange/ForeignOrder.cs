using LatticeFlow.Lattice;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// Foreign gauge files count directions as x, y, z, t and store sites with x fastest and t slowest. Here x_0 is slowest, so x_0 = t, x_1 = z, x_2 = y, x_3 = x: sites come in the
/// same order, extents and the links of a site in the reverse one. Reversing four directions is an even permutation, so a topological charge keeps its sign.
/// </summary>
public static class ForeignOrder
{
    /// <summary>All formats here are four-dimensional.</summary>
    public const int Dimensions = 4;

    private const int LargestExtent = 1 << 20;
    private const int LargestN = 64;

    /// <summary>The foreign number (x = 0, …, t = 3) of our direction and the other way round.</summary>
    public static int Direction(int mu) => Dimensions - 1 - mu;

    /// <summary>L_x, L_y, L_z, L_t; L_x, L_t in two dimensions.</summary>
    public static int[] Extents(LatticeGeometry lattice)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        return [.. lattice.Extents.Reverse()];
    }

    /// <summary>
    /// The lattice with these L_x, L_y, L_z, L_t, after checking that <paramref name="payload"/> bytes hold exactly its links of
    /// <paramref name="bytesPerSite"/> each: nothing is allocated because a header says so. Throws <see cref="StorageException"/>.
    /// </summary>
    internal static LatticeGeometry Lattice(string path, IReadOnlyList<long> extents, int n, long bytesPerSite, long payload)
    {
        string shape = string.Join("x", extents);
        if (extents.Count != Dimensions || extents.Any(extent => extent is < 1 or > LargestExtent))
            throw new StorageException(path, $"has the extents {shape}", "Four of 1 to 1048576 are needed: restore the file from a copy");
        var needed = extents.Aggregate((UInt128)bytesPerSite, (product, extent) => product * (UInt128)extent);
        if (needed != (UInt128)payload)
        {
            string what = (UInt128)payload < needed ? "truncated, or of other dimensions or precision than it says" : "extended, or of other dimensions or precision than it says";
            throw new StorageException(path, $"has {payload} bytes of links where SU({n}) on {shape} takes {needed}: {what}", "Restore the file from a copy");
        }

        long sites = extents.Aggregate(1L, (product, extent) => product * extent);
        if (sites * Dimensions * 2 * n * n > Array.MaxLength)
            throw new StorageException(path, $"is larger than one array can be (SU({n}) on {shape})", "Lattices of up to 64^3 x 110 fit for SU(3)", StorageException.Unusable);
        return new([.. extents.Select(extent => (int)extent).Reverse()]);
    }

    /// <summary>Bytes of the payload beyond these links, when there are no more than <paramref name="largest"/>; else 0, so that <see cref="Lattice"/> complains.</summary>
    internal static long Trailing(IReadOnlyList<long> extents, long bytesPerSite, long payload, int largest)
    {
        if (extents.Any(extent => extent is < 1 or > LargestExtent))
            return 0;
        var needed = extents.Aggregate((UInt128)bytesPerSite, (product, extent) => product * (UInt128)extent);
        return needed < (UInt128)payload && (UInt128)payload - needed <= (UInt128)largest ? payload - (long)needed : 0;
    }

    /// <summary>N of a file, within what ensembles can hold.</summary>
    internal static int CheckedN(string path, long n)
        => n is >= 2 and <= LargestN ? (int)n : throw new StorageException(path, $"says that its group is SU({n})", $"SU(2) to SU({LargestN}) can be read: restore the file from a copy");

    /// <summary>Refuses what a format for SU(N) in four dimensions cannot hold.</summary>
    internal static void RequireFourDimensions(string path, string format, GaugeConfiguration configuration)
    {
        if (configuration.Lattice.Dimensions != Dimensions)
            throw new StorageException(path, $"{format} files hold four-dimensional lattices, not {configuration.Lattice}", "Use HDF5 for other dimensions", StorageException.Unusable);
        if (configuration.N == 1)
            throw new StorageException(path, $"{format} files hold matrices of SU(N), not angles of U(1)", "Use HDF5", StorageException.Unusable);
    }
}

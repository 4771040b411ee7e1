using System.Buffers.Binary;
using System.Globalization;
using LatticeFlow.Compute;
using LatticeFlow.Lattice;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// Configurations as openQCD exports them, little-endian: int32 L_0 (time), L_1, L_2, L_3 (x, y, z), the plaquette Σ Re tr P / (6V) as a double, then for x_0, x_1, x_2, x_3 (fastest) at the odd sites the
/// eight links U(x, μ), U(x − μ, μ) of μ = 0 … 3 as whole matrices of SU(3) in double. Periodic lattices of even extents; those with open or fixed boundaries are refused in words.
/// </summary>
public sealed class OpenQcdFile : IGaugeFileFormat
{
    private const int N = 3;
    private const int HeaderBytes = 24;
    private const int LinkBytes = 2 * N * N * sizeof(double);
    private const int SiteBytes = 2 * ForeignOrder.Dimensions * LinkBytes;

    /// <summary>Both are sums in double, in another order.</summary>
    private const double PlaquetteTolerance = 1e-9;

    private static readonly RealFormat Real = new(IsDouble: true, IsBigEndian: false);

    public string Name => "openqcd";

    public string Extension => ".openqcd";

    /// <summary>There is no magic number: extents that are even, and the length that follows from them.</summary>
    public bool Recognises(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = new byte[HeaderBytes];
        return stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes && Extents(header) is var extents
            && extents.All(extent => extent is > 0 and <= 1 << 20 && extent % 2 == 0)
            && extents.Aggregate((UInt128)(SiteBytes / 2), (product, extent) => product * (UInt128)extent) == (UInt128)(stream.Length - HeaderBytes);
    }

    public GaugeFile Read(string path, GaugeReadSettings? settings = null, int entry = 0) => GaugeFileFormats.Opened(path, stream => Read(path, stream, settings ?? new()));

    public void Write(string path, GaugeConfiguration configuration, GaugeWriteSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        settings ??= new();
        ForeignOrder.RequireFourDimensions(path, "openQCD", configuration);
        if (configuration.N != N)
            throw new StorageException(path, $"openQCD files hold SU(3), not SU({configuration.N})", "Write NERSC or ILDG files", StorageException.Unusable);
        if (configuration.Lattice.Extents.Any(extent => extent % 2 != 0))
            throw new StorageException(path, $"openQCD files hold the links around odd sites, so extents are even, unlike {GaugeDescription.Extents(configuration.Lattice)}", "Write NERSC or ILDG files", StorageException.Unusable);
        if (settings.TwoRows || settings.LittleEndian || settings.Precision == Precision.Single)
            throw new StorageException(path, "openQCD files hold whole matrices in double, always in one byte order", "Leave rows, byte order and precision out, or write NERSC files", StorageException.Unusable);
        GaugeFileFormats.Create(path, stream =>
        {
            var buffer = new byte[Math.Max(HeaderBytes, SiteBytes)];
            for (int axis = 0; axis < ForeignOrder.Dimensions; axis++)
                BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(axis * sizeof(int)), configuration.Lattice.Extents[Direction(axis)]);
            BinaryPrimitives.WriteDoubleLittleEndian(buffer.AsSpan(HeaderBytes - sizeof(double)), N * GaugeMeasurement.MeanPlaquette(configuration));
            stream.Write(buffer.AsSpan(0, HeaderBytes));
            foreach (int site in OddSites(configuration.Lattice))
            {
                int at = 0;
                foreach (int link in LinksAround(configuration.Lattice, site))
                {
                    foreach (double part in configuration.Links.AsSpan(link * configuration.NumbersPerLink, configuration.NumbersPerLink))
                    {
                        Real.Put(buffer.AsSpan(at), part);
                        at += sizeof(double);
                    }
                }

                stream.Write(buffer.AsSpan(0, SiteBytes));
            }
        });
    }

    /// <summary>Time, x, y, z to directions here: time is 0 in both, and x, y, z count down from 3.</summary>
    internal static int Direction(int axis) => axis == 0 ? 0 : ForeignOrder.Dimensions - axis;

    private static GaugeFile Read(string path, FileStream stream, GaugeReadSettings settings)
    {
        var header = new byte[HeaderBytes];
        if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
            throw new StorageException(path, $"is cut off in its header of {HeaderBytes} bytes", "Restore the file from a copy");
        long[] stored = Extents(header), extents = [stored[1], stored[2], stored[3], stored[0]];
        GaugeFileFormats.RequireAsAsked(path, settings, N, extents);
        if (extents.Any(extent => extent % 2 != 0))
            throw new StorageException(path, $"has the extents {string.Join("x", extents)} (x, y, z, t), which are even in files of openQCD", "Restore the file from a copy");
        var lattice = ForeignOrder.Lattice(path, extents, N, SiteBytes / 2, stream.Length - HeaderBytes);
        var links = new double[2 * N * N * lattice.Links];
        var buffer = new byte[SiteBytes];
        foreach (int site in OddSites(lattice))
        {
            stream.ReadExactly(buffer);
            int at = 0;
            foreach (int link in LinksAround(lattice, site))
            {
                for (int part = 0; part < 2 * N * N; part++, at += sizeof(double))
                    links[(link * 2 * N * N) + part] = Real.Get(buffer.AsSpan(at));
            }
        }

        var configuration = new GaugeConfiguration(lattice, N, links);
        RequirePeriodic(path, configuration);
        LinkPayload.RequireGroup(path, configuration);
        double plaquette = GaugeMeasurement.MeanPlaquette(configuration), stated = BinaryPrimitives.ReadDoubleLittleEndian(header.AsSpan(HeaderBytes - sizeof(double)));
        PlaquetteCheck.Require(path, configuration, plaquette, "its header (of trace 3) says", stated, PlaquetteTolerance, N);
        var said = new Dictionary<string, string> { ["plaquette"] = stated.ToString("R", CultureInfo.InvariantCulture) };
        return new(configuration, Precision.Double, plaquette, GaugeMeasurement.LinkTrace(configuration), said, ["has no checksum: only unitarity and the plaquette could be checked"]);
    }

    /// <summary>openQCD sets the links that cross an open boundary to zero.</summary>
    private static void RequirePeriodic(string path, GaugeConfiguration configuration)
    {
        var lattice = configuration.Lattice;
        int slice = lattice.Volume / lattice.Extents[0];
        for (int site = lattice.Volume - slice; site < lattice.Volume; site++)
        {
            if (configuration.Link(site, 0).ContainsAnyExcept(0.0))
                return;
        }

        throw new StorageException(path, "has open boundaries in time (the links from its last time slice are zero), and lattices here are periodic", "Give configurations with periodic boundaries", StorageException.Unusable);
    }

    private static long[] Extents(byte[] header) => [.. Enumerable.Range(0, ForeignOrder.Dimensions).Select(axis => (long)BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(axis * sizeof(int))))];

    /// <summary>Sites of odd Σ x_μ, time slowest and z fastest.</summary>
    private static IEnumerable<int> OddSites(LatticeGeometry lattice)
    {
        for (int t = 0; t < lattice.Extents[0]; t++)
        {
            for (int x = 0; x < lattice.Extents[3]; x++)
            {
                for (int y = 0; y < lattice.Extents[2]; y++)
                {
                    for (int z = (t + x + y + 1) % 2; z < lattice.Extents[1]; z += 2)
                        yield return lattice.Site(t, z, y, x);
                }
            }
        }
    }

    private static IEnumerable<int> LinksAround(LatticeGeometry lattice, int site)
    {
        for (int axis = 0; axis < ForeignOrder.Dimensions; axis++)
        {
            int mu = Direction(axis);
            yield return lattice.Link(site, mu);
            yield return lattice.Link(lattice.Neighbour(site, mu, -1), mu);
        }
    }
}

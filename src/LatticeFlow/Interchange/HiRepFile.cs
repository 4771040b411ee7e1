using System.Buffers.Binary;
using System.Globalization;
using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// Configurations of HiRep, big-endian: int32 N, L_t, L_x, L_y, L_z, the mean plaquette as a double, then for t, x, y, z (fastest) the links in t, x, y, z as whole matrices of SU(N) in double. Read only.
/// </summary>
public sealed class HiRepFile : IGaugeFileFormat
{
    private const int HeaderBytes = 28;

    /// <summary>Both are sums in double, in another order.</summary>
    private const double PlaquetteTolerance = 1e-9;

    private static readonly RealFormat Real = new(IsDouble: true, IsBigEndian: true);

    public string Name => "hirep";

    public string Extension => ".hirep";

    public bool IsWritten => false;

    /// <summary>There is no magic number: N, extents, and the length that follows from them.</summary>
    public bool Recognises(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = new byte[HeaderBytes];
        if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || Numbers(header) is not [>= 2 and <= 64 and var n, .. var extents])
            return false;
        return extents.All(extent => extent is > 0 and <= 1 << 20)
            && extents.Aggregate((UInt128)BytesPerSite((int)n), (product, extent) => product * (UInt128)extent) == (UInt128)(stream.Length - HeaderBytes);
    }

    public GaugeFile Read(string path, GaugeReadSettings? settings = null, int entry = 0) => GaugeFileFormats.Opened(path, stream => Read(path, stream, settings ?? new()));

    private static int BytesPerSite(int n) => ForeignOrder.Dimensions * 2 * n * n * sizeof(double);

    private static long[] Numbers(byte[] header) => [.. Enumerable.Range(0, 1 + ForeignOrder.Dimensions).Select(at => (long)BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(at * sizeof(int))))];

    private static GaugeFile Read(string path, FileStream stream, GaugeReadSettings settings)
    {
        var header = new byte[HeaderBytes];
        if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
            throw new StorageException(path, $"is cut off in its header of {HeaderBytes} bytes", "Restore the file from a copy");
        long[] numbers = Numbers(header), extents = [numbers[2], numbers[3], numbers[4], numbers[1]];
        int n = ForeignOrder.CheckedN(path, numbers[0]);
        GaugeFileFormats.RequireAsAsked(path, settings, n, extents);
        var lattice = ForeignOrder.Lattice(path, extents, n, BytesPerSite(n), stream.Length - HeaderBytes);
        int length = 2 * n * n;
        var links = new double[checked(length * lattice.Links)];
        var buffer = new byte[BytesPerSite(n)];
        for (int t = 0; t < lattice.Extents[0]; t++)
        {
            for (int x = 0; x < lattice.Extents[3]; x++)
            {
                for (int y = 0; y < lattice.Extents[2]; y++)
                {
                    for (int z = 0; z < lattice.Extents[1]; z++)
                    {
                        stream.ReadExactly(buffer);
                        int site = lattice.Site(t, z, y, x);
                        for (int number = 0; number < ForeignOrder.Dimensions * length; number++)
                            links[(lattice.Link(site, OpenQcdFile.Direction(number / length)) * length) + (number % length)] = Real.Get(buffer.AsSpan(number * sizeof(double)));
                    }
                }
            }
        }

        var configuration = new GaugeConfiguration(lattice, n, links);
        LinkPayload.RequireGroup(path, configuration);
        double plaquette = GaugeMeasurement.MeanPlaquette(configuration), stated = BinaryPrimitives.ReadDoubleBigEndian(header.AsSpan(HeaderBytes - sizeof(double)));
        PlaquetteCheck.Require(path, configuration, plaquette, "its header says", stated, PlaquetteTolerance, 1);
        var said = new Dictionary<string, string> { ["plaquette"] = stated.ToString("R", CultureInfo.InvariantCulture) };
        return new(configuration, Precision.Double, plaquette, GaugeMeasurement.LinkTrace(configuration), said, ["has no checksum: only unitarity and the plaquette could be checked"]);
    }
}

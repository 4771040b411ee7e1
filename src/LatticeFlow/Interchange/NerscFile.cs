using System.Globalization;
using System.Text;
using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// The NERSC archive format: an ASCII header, then for t, z, y, x (fastest) the links in x, y, z, t as rows of complex numbers in float or double, big- or little-endian; SU(3)
/// matrices whole or as their first two rows. Checksum, plaquette and link trace are verified on reading.
/// </summary>
public sealed class NerscFile : IGaugeFileFormat
{
    // The tolerances at which Grid refuses a file (NerscIO.h): headers are written with as few as six digits.
    private const double PlaquetteTolerance = 1e-5;
    private const double LinkTraceTolerance = 1e-6;

    public string Name => "nersc";

    public string Extension => ".nersc";

    public bool Recognises(Stream stream)
    {
        var start = new byte[NerscHeader.Begin.Length];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && Encoding.ASCII.GetString(start) == NerscHeader.Begin;
    }

    public GaugeFile Read(string path, GaugeReadSettings? settings = null)
    {
        try
        {
            using var stream = GaugeFileFormats.Open(path);
            return Read(path, stream, settings ?? new());
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(path, cause);
        }
    }

    public void Write(string path, GaugeConfiguration configuration, GaugeWriteSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        settings ??= new();
        ForeignOrder.RequireFourDimensions(path, "NERSC", configuration.Lattice);
        if (settings.TwoRows && configuration.N != 3)
            throw new StorageException(path, $"two rows determine a matrix of SU(3), not of SU({configuration.N})", "Write whole matrices", StorageException.Unusable);
        var codec = new SiteCodec(configuration.N, settings.TwoRows, new(settings.Precision == Precision.Double, !settings.LittleEndian));
        var checksum = new NerscChecksum(!settings.LittleEndian);
        byte[] header = Encoding.UTF8.GetBytes(NerscHeader.Render(configuration, settings, 0));
        GaugeFileFormats.Create(path, stream =>
        {
            stream.Write(header);
            LinkPayload.Write(stream, configuration, codec, checksum);
            stream.Position = 0;
            stream.Write(Encoding.UTF8.GetBytes(NerscHeader.Render(configuration, settings, checksum.Value)));
        });
    }

    private static GaugeFile Read(string path, FileStream stream, GaugeReadSettings settings)
    {
        var header = NerscHeader.Read(path, stream);
        var (n, twoRows) = header.DataType;
        long[] extents = header.Extents;
        if (settings.Extents is { } given && !extents.SequenceEqual(given.Select(extent => (long)extent)))
            throw new StorageException(path, $"is {string.Join("x", extents)}, not {string.Join("x", given)} as asked for", "Leave the extents out: the file states them", StorageException.Unusable);
        uint stated = header.Checksum, found = 0;
        foreach (var format in header.Formats)
        {
            var codec = new SiteCodec(n, twoRows, format);
            var lattice = ForeignOrder.Lattice(path, extents, n, codec.BytesPerSite, stream.Length - header.Length);
            var checksum = new NerscChecksum(format.IsBigEndian);
            stream.Position = header.Length;
            var configuration = LinkPayload.Read(stream, lattice, n, codec, checksum);
            if (checksum.Value == stated)
                return Verified(path, header, configuration, format.IsDouble ? Precision.Double : Precision.Single);
            found = checksum.Value;
        }

        throw new StorageException(path, $"has the checksum {found:x8}, its header says {stated:x8}: damaged", "Restore the file from a copy");
    }

    private static GaugeFile Verified(string path, NerscHeader header, GaugeConfiguration configuration, Precision precision)
    {
        LinkPayload.RequireGroup(path, configuration);
        double plaquette = GaugeMeasurement.MeanPlaquette(configuration), trace = GaugeMeasurement.LinkTrace(configuration);
        var warnings = new List<string>();
        Compare("PLAQUETTE", header.Plaquette, plaquette, PlaquetteTolerance);
        Compare("LINK_TRACE", header.LinkTrace, trace, LinkTraceTolerance);
        return new(configuration, precision, plaquette, trace, header.Values, warnings);

        void Compare(string key, double? stated, double measured, double tolerance)
        {
            if (stated is null)
            {
                warnings.Add($"states no {key}, so the order of sites and directions could not be checked by it");
            }
            else if (!(Math.Abs(measured - stated.Value) <= tolerance))
            {
                throw new StorageException(
                    path, string.Create(CultureInfo.InvariantCulture, $"has {key} {measured:G10}, its header says {stated:G10}"),
                    "The header belongs to other links or the dimensions are in another order: restore the file from a copy");
            }
        }
    }
}

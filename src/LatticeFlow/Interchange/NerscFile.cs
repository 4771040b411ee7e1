using System.Globalization;
using System.Text;
using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// The NERSC archive format: an ASCII header, then for t, z, y, x (fastest) the links in x, y, z, t as rows of complex numbers in float or double, big- or little-endian; 
/// matrices whole or as their first N − 1 rows. Checksum, plaquette and link trace are verified on reading.
/// </summary>
public sealed class NerscFile : IGaugeFileFormat
{
    // The tolerances at which Grid refuses a file (NerscIO.h): headers are written with as few as six digits.
    private const double PlaquetteTolerance = 1e-5;
    private const double LinkTraceTolerance = 1e-6;

    /// <summary>Bytes after the links that are passed over: some writers round the file up.</summary>
    private const int LargestTrailer = 1024;

    public string Name => "nersc";

    public string Extension => ".nersc";

    public bool Recognises(Stream stream)
    {
        var start = new byte[NerscHeader.Begin.Length];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && Encoding.ASCII.GetString(start) == NerscHeader.Begin;
    }

    public IReadOnlyList<GaugeFileEntry> Entries(string path, GaugeReadSettings? settings = null)
        => GaugeFileFormats.Opened<IReadOnlyList<GaugeFileEntry>>(path, stream => [NerscHeader.Read(path, stream).Entry]);

    public GaugeFile Read(string path, GaugeReadSettings? settings = null, int entry = 0) => GaugeFileFormats.Opened(path, stream => Read(path, stream, settings ?? new()));

    public void Write(string path, GaugeConfiguration configuration, GaugeWriteSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        settings ??= new();
        ForeignOrder.RequireFourDimensions(path, "NERSC", configuration);
        if (settings.TwoRows && configuration.N != 3)
            throw new StorageException(path, $"two rows determine a matrix of SU(3), not of SU({configuration.N})", "Write whole matrices", StorageException.Unusable);
        var codec = new SiteCodec(configuration.N, settings.TwoRows ? 2 : configuration.N, new(settings.Precision != Precision.Single, !settings.LittleEndian));
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
        var (n, rows) = header.DataType;
        long[] extents = header.Extents;
        GaugeFileFormats.RequireAsAsked(path, settings, n, extents);
        uint stated = header.Checksum, found = 0;
        long payload = stream.Length - header.Length;
        foreach (var format in header.Formats(payload))
        {
            var codec = new SiteCodec(n, rows, format);
            long trailing = ForeignOrder.Trailing(extents, codec.BytesPerSite, payload, LargestTrailer);
            var lattice = ForeignOrder.Lattice(path, extents, n, codec.BytesPerSite, payload - trailing);
            var checksum = new NerscChecksum(format.IsBigEndian);
            stream.Position = header.Length;
            var configuration = LinkPayload.Read(stream, lattice, n, codec, checksum);
            if (checksum.Value == stated)
                return Verified(path, header, configuration, format.IsDouble ? Precision.Double : Precision.Single, trailing);
            found = checksum.Value;
        }

        throw new StorageException(path, $"has the checksum {found:x8}, its header says {stated:x8}: damaged", "Restore the file from a copy");
    }

    private static GaugeFile Verified(string path, NerscHeader header, GaugeConfiguration configuration, Precision precision, long trailing)
    {
        LinkPayload.RequireGroup(path, configuration);
        double plaquette = GaugeMeasurement.MeanPlaquette(configuration), trace = GaugeMeasurement.LinkTrace(configuration);
        var warnings = new List<string>();
        if (header.Plaquette is { } stated)
        {
            PlaquetteCheck.Require(path, configuration, plaquette, "its header says PLAQUETTE", stated, PlaquetteTolerance, 1);
        }
        else
        {
            warnings.Add("states no PLAQUETTE, so the order of sites and directions could not be checked by it");
            if (PlaquetteCheck.OrderWarning(configuration, plaquette) is { } order)
                warnings.Add(order);
        }

        if (header.LinkTrace is not { } statedTrace)
            warnings.Add("states no LINK_TRACE, so it could not be compared with that of the links");
        else if (!(Math.Abs(trace - statedTrace) <= LinkTraceTolerance))
        {
            throw new StorageException(
                path, string.Create(CultureInfo.InvariantCulture, $"has LINK_TRACE {trace:G10}, its header says {statedTrace:G10}"), "The header belongs to other links: restore the file from a copy");
        }

        if (trailing > 0)
            warnings.Add($"has {trailing} bytes after its links, which were passed over");
        return new(configuration, precision, plaquette, trace, header.Values, warnings);
    }
}

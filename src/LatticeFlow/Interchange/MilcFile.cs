using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// MILC's format of version 5: a header of 96 bytes (magic number 20103, whose bytes tell the byte order of the file, L_x L_y L_z L_t, 64 characters of time stamp, the order of sites, two checksums), then
/// for t, z, y, x (fastest) the links in x, y, z, t as whole matrices of SU(3) in float. It states no plaquette: MILC keeps that in an <c>.info</c> file beside it.
/// </summary>
public sealed class MilcFile : IGaugeFileFormat
{
    private const int Magic = 20103;
    private const int HeaderBytes = 96;
    private const int StampOffset = 20;
    private const int StampBytes = 64;
    private const int OrderOffset = 84;
    private const int N = 3;

    public string Name => "milc";

    public string Extension => ".milc";

    public bool Recognises(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var magic = new byte[sizeof(int)];
        return stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length
            && (BinaryPrimitives.ReadInt32BigEndian(magic) == Magic || BinaryPrimitives.ReadInt32LittleEndian(magic) == Magic);
    }

    public GaugeFile Read(string path, GaugeReadSettings? settings = null, int entry = 0) => GaugeFileFormats.Opened(path, stream => Read(path, stream, settings ?? new()));

    public void Write(string path, GaugeConfiguration configuration, GaugeWriteSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        settings ??= new();
        ForeignOrder.RequireFourDimensions(path, "MILC", configuration);
        if (configuration.N != N)
            throw new StorageException(path, $"MILC files hold SU(3), not SU({configuration.N})", "Write NERSC or ILDG files", StorageException.Unusable);
        if (settings.TwoRows || settings.Precision == Precision.Double)
            throw new StorageException(path, "MILC files hold whole matrices in float", "Leave rows and precision out, or write NERSC files", StorageException.Unusable);
        var codec = new SiteCodec(N, N, new(IsDouble: false, !settings.LittleEndian));
        var checksum = new MilcChecksum(!settings.LittleEndian);
        GaugeFileFormats.Create(path, stream =>
        {
            stream.Write(new byte[HeaderBytes]);
            LinkPayload.Write(stream, configuration, codec, checksum);
            stream.Position = 0;
            stream.Write(Header(configuration, settings, checksum));
        });
    }

    private static byte[] Header(GaugeConfiguration configuration, GaugeWriteSettings settings, MilcChecksum checksum)
    {
        var header = new byte[HeaderBytes];
        string stamp = settings.Created.ToUniversalTime().ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture) + " UTC";
        Encoding.ASCII.GetBytes(stamp, header.AsSpan(StampOffset, StampBytes));
        int[] numbers = [Magic, .. ForeignOrder.Extents(configuration.Lattice)];
        for (int at = 0; at < numbers.Length; at++)
            Put(at * sizeof(int), unchecked((uint)numbers[at]));
        Put(OrderOffset + 4, checksum.Sum29);
        Put(OrderOffset + 8, checksum.Sum31);
        return header;

        void Put(int at, uint value)
        {
            if (settings.LittleEndian)
                BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(at), value);
            else
                BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(at), value);
        }
    }

    private static GaugeFile Read(string path, FileStream stream, GaugeReadSettings settings)
    {
        var header = new byte[HeaderBytes];
        if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
            throw new StorageException(path, $"is cut off in its header of {HeaderBytes} bytes", "Restore the file from a copy");
        bool bigEndian = BinaryPrimitives.ReadInt32BigEndian(header) == Magic;
        if (Word(0) != Magic)
            throw new StorageException(path, "does not begin with the magic number 20103 of MILC's version 5", "Give a file of that version");
        long[] extents = [.. Enumerable.Range(1, ForeignOrder.Dimensions).Select(at => (long)unchecked((int)Word(at * sizeof(int))))];
        GaugeFileFormats.RequireAsAsked(path, settings, N, extents);
        if (Word(OrderOffset) != 0)
            throw new StorageException(path, $"has its sites in the order of kind {Word(OrderOffset)}, that of the nodes that wrote it", "Write it in natural order (save_serial)", StorageException.Unusable);
        var codec = new SiteCodec(N, N, new(IsDouble: false, bigEndian));
        var lattice = ForeignOrder.Lattice(path, extents, N, codec.BytesPerSite, stream.Length - HeaderBytes);
        var checksum = new MilcChecksum(bigEndian);
        var configuration = LinkPayload.Read(stream, lattice, N, codec, checksum);
        uint stated29 = Word(OrderOffset + 4), stated31 = Word(OrderOffset + 8);
        if ((checksum.Sum29, checksum.Sum31) != (stated29, stated31))
            throw new StorageException(path, $"has the checksums {checksum.Sum29:x} {checksum.Sum31:x}, its header says {stated29:x} {stated31:x}: damaged", "Restore the file from a copy");
        LinkPayload.RequireGroup(path, configuration);
        double plaquette = GaugeMeasurement.MeanPlaquette(configuration);
        string[] order = PlaquetteCheck.OrderWarning(configuration, plaquette) is { } warning ? [warning] : [];
        var said = new Dictionary<string, string>
        {
            ["time_stamp"] = Encoding.Latin1.GetString(header, StampOffset, StampBytes).TrimEnd('\0'),
            ["checksums"] = $"{stated29:x} {stated31:x}",
            ["byte_order"] = bigEndian ? "big" : "little",
        };
        return new(configuration, Precision.Single, plaquette, GaugeMeasurement.LinkTrace(configuration), said, [PlaquetteCheck.NotStated, .. order]);

        uint Word(int at) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(at));
    }
}

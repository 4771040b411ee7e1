using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// ILDG configurations in LIME files: XML records that describe, <c>ildg-binary-data</c> with the links of t, z, y, x (fastest) in x, y, z, t as whole matrices, big-endian float or
/// double, and SciDAC's checksum pair. Read are also files with N − 1 rows a matrix, SciDAC-only files, files of several fields, and files without description, of which the user gives the extents.
/// Written is the record order of QIO.
/// </summary>
public sealed class IldgFile : IGaugeFileFormat
{
    /// <summary>As for NERSC files: writers state six digits or more.</summary>
    private const double PlaquetteTolerance = 1e-5;

    public string Name => "ildg";

    public string Extension => ".ildg";

    public bool Recognises(Stream stream)
    {
        var magic = new byte[sizeof(uint)];
        return stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length
            && System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(magic) == LimeRecord.Magic;
    }

    public IReadOnlyList<GaugeFileEntry> Entries(string path, GaugeReadSettings? settings = null)
    {
        using var reader = LimeReader.Open(path);
        return Guarded(path, () => IldgRecords.Find(path, reader).Fields.Select(IldgRecords.Entry).ToArray());
    }

    public GaugeFile Read(string path, GaugeReadSettings? settings = null, int entry = 0)
    {
        using var reader = LimeReader.Open(path);
        return Guarded(path, () =>
        {
            var (fields, others) = IldgRecords.Find(path, reader);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(entry, fields.Count);
            return Read(path, reader, IldgDescription.Of(path, fields[entry], settings ?? new()), others);
        });
    }

    public void Write(string path, GaugeConfiguration configuration, GaugeWriteSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        settings ??= new();
        ForeignOrder.RequireFourDimensions(path, "ILDG", configuration);
        if (settings.TwoRows || settings.LittleEndian)
            throw new StorageException(path, "ILDG files hold whole matrices in big-endian numbers", "Leave rows and byte order out, or write NERSC files", StorageException.Unusable);
        bool isDouble = settings.Precision != Precision.Single;
        var codec = new SiteCodec(configuration.N, configuration.N, new(isDouble, IsBigEndian: true));
        var xml = new IldgXml(configuration, settings);
        var checksum = new ScidacChecksum();
        GaugeFileFormats.Create(path, stream =>
        {
            var writer = new LimeWriter(stream);
            writer.Write(IldgRecords.PrivateFile, xml.PrivateFile, endsMessage: false);
            writer.Write(IldgRecords.File, xml.File, endsMessage: true);
            writer.Write(IldgRecords.PrivateRecord, xml.PrivateRecord, endsMessage: false);
            writer.Write(IldgRecords.Record, xml.Record, endsMessage: false);
            writer.Write(IldgRecords.Format, xml.Format, endsMessage: false);
            writer.Write(IldgRecords.Name, xml.LogicalFileName, endsMessage: false);
            long length = (long)configuration.Lattice.Volume * codec.BytesPerSite;
            writer.Write(IldgRecords.Data, length, endsMessage: false, target => LinkPayload.Write(target, configuration, codec, checksum));
            writer.Write(IldgRecords.Checksum, checksum.Xml, endsMessage: true);
        });
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(path, cause);
        }
    }

    private static GaugeFile Read(string path, LimeReader reader, IldgDescription description, int others)
    {
        int n = description.N;
        var codec = new SiteCodec(n, description.Rows, new(description.IsDouble, IsBigEndian: true));
        var lattice = ForeignOrder.Lattice(path, description.Extents, n, codec.BytesPerSite, description.Data.Length);
        var checksum = new ScidacChecksum();
        var configuration = LinkPayload.Read(reader.Seek(description.Data), lattice, n, codec, checksum);
        var warnings = new List<string>(description.Warnings);
        if (description.Checksum is { } stated)
            checksum.RequireStated(path, stated);
        else
            warnings.Add("has no scidac checksum: only unitarity and, where stated, the plaquette could be checked");
        LinkPayload.RequireGroup(path, configuration);
        double plaquette = GaugeMeasurement.MeanPlaquette(configuration);

        // Some codes state the plaquette of trace N.
        foreach (var (where, expected) in description.Plaquettes)
            PlaquetteCheck.Require(path, configuration, plaquette, where, expected, PlaquetteTolerance, 1, n);
        if (description.Plaquettes.Count == 0)
        {
            warnings.Add(PlaquetteCheck.NotStated);
            if (PlaquetteCheck.OrderWarning(configuration, plaquette) is { } order)
                warnings.Add(order);
        }

        if (others > 0)
            warnings.Add($"holds {others} fields of another kind too, which were passed over");
        return new(configuration, description.IsDouble ? Precision.Double : Precision.Single, plaquette, GaugeMeasurement.LinkTrace(configuration), description.Properties, warnings);
    }
}

using System.Globalization;
using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// ILDG configurations in LIME files: XML records that describe, <c>ildg-binary-data</c> with the links of t, z, y, x (fastest) in x, y, z, t as whole matrices, big-endian float or
/// double, and SciDAC's checksum pair. Read are also files with two rows a matrix, SciDAC-only files, and files without description, of which the user gives the extents. Written is
/// the record order of QIO.
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

    public GaugeFile Read(string path, GaugeReadSettings? settings = null)
    {
        using var reader = LimeReader.Open(path);
        try
        {
            return Read(path, reader, IldgDescription.Read(path, reader, settings?.Extents));
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
        ForeignOrder.RequireFourDimensions(path, "ILDG", configuration.Lattice);
        if (settings.TwoRows || settings.LittleEndian)
            throw new StorageException(path, "ILDG files hold whole matrices in big-endian numbers", "Leave rows and byte order out, or write NERSC files", StorageException.Unusable);
        bool isDouble = settings.Precision == Precision.Double;
        var codec = new SiteCodec(configuration.N, twoRows: false, new(isDouble, IsBigEndian: true));
        var xml = new IldgXml(configuration, settings);
        var checksum = new ScidacChecksum();
        GaugeFileFormats.Create(path, stream =>
        {
            var writer = new LimeWriter(stream);
            writer.Write(IldgDescription.PrivateFileType, xml.PrivateFile, endsMessage: false);
            writer.Write(IldgDescription.FileType, xml.File, endsMessage: true);
            writer.Write(IldgDescription.PrivateRecordType, xml.PrivateRecord, endsMessage: false);
            writer.Write(IldgDescription.RecordType, xml.Record, endsMessage: false);
            writer.Write(IldgDescription.FormatType, xml.Format, endsMessage: false);
            writer.Write(IldgDescription.NameType, xml.LogicalFileName, endsMessage: false);
            long length = (long)configuration.Lattice.Volume * codec.BytesPerSite;
            writer.Write(IldgDescription.DataType, length, endsMessage: false, target => LinkPayload.Write(target, configuration, codec, checksum));
            writer.Write(IldgDescription.ChecksumType, checksum.Xml, endsMessage: true);
        });
    }

    private static GaugeFile Read(string path, LimeReader reader, IldgDescription description)
    {
        int n = description.N;
        var codec = new SiteCodec(n, description.TwoRows, new(description.IsDouble, IsBigEndian: true));
        var lattice = ForeignOrder.Lattice(path, description.Extents, n, codec.BytesPerSite, description.Data.Length);
        var checksum = new ScidacChecksum();
        var configuration = LinkPayload.Read(reader.Seek(description.Data), lattice, n, codec, checksum);
        var warnings = new List<string>();
        if (description.Checksum is { } stated)
            checksum.RequireStated(path, stated);
        else
            warnings.Add("has no scidac checksum: only unitarity and, where stated, the plaquette could be checked");
        LinkPayload.RequireGroup(path, configuration);
        double plaquette = GaugeMeasurement.MeanPlaquette(configuration);

        // Some codes state the plaquette of trace N.
        if (description.Plaquette is { } expected && !(Math.Min(Math.Abs(plaquette - expected), Math.Abs(plaquette - (expected / n))) <= PlaquetteTolerance))
        {
            throw new StorageException(
                path, string.Create(CultureInfo.InvariantCulture, $"has the mean plaquette {plaquette:G10}, its description says {expected:G10}"),
                "The description belongs to other links or the extents are in another order: restore the file from a copy");
        }

        return new(configuration, description.IsDouble ? Precision.Double : Precision.Single, plaquette, GaugeMeasurement.LinkTrace(configuration), description.Properties, warnings);
    }
}

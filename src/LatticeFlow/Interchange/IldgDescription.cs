using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// What the descriptive records of an ILDG or SciDAC file say about its links: <c>ildg-format</c>, else <c>scidac-private-file-xml</c> and <c>scidac-private-record-xml</c>, else the
/// user and the length of the data. Where two of them speak they must agree; otherwise, and for anything unreadable, a <see cref="StorageException"/>.
/// </summary>
internal sealed partial record IldgDescription
{
    public const string FormatType = "ildg-format";
    public const string DataType = "ildg-binary-data";
    public const string NameType = "ildg-data-lfn";
    public const string ScidacDataType = "scidac-binary-data";
    public const string ChecksumType = "scidac-checksum";
    public const string PrivateFileType = "scidac-private-file-xml";
    public const string FileType = "scidac-file-xml";
    public const string PrivateRecordType = "scidac-private-record-xml";
    public const string RecordType = "scidac-record-xml";

    private const string Restore = "Correct the description, or restore the file from a copy";
    private static readonly string[] Texts = [FormatType, NameType, ChecksumType, PrivateFileType, FileType, PrivateRecordType, RecordType, "xlf-info"];

    public required LimeRecord Data { get; init; }

    /// <summary>L_x, L_y, L_z, L_t.</summary>
    public required IReadOnlyList<long> Extents { get; init; }

    public required int N { get; init; }

    public required bool IsDouble { get; init; }

    /// <summary>SU(3) matrices as their first two rows: <c>rows</c> of newer descriptions.</summary>
    public required bool TwoRows { get; init; }

    /// <summary>Mean plaquette as stated in USQCD's record information, else null.</summary>
    public double? Plaquette { get; init; }

    /// <summary>The XML that states the checksum, else null.</summary>
    public string? Checksum { get; init; }

    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    public static IldgDescription Read(string path, LimeReader reader, IReadOnlyList<int>? givenExtents)
    {
        LimeRecord[] data = [.. reader.Records.Where(record => record.Type is DataType or ScidacDataType)];
        if (data.Length == 0)
            throw new StorageException(path, $"has neither a record {DataType} nor {ScidacDataType}", "Give a file with a gauge configuration");
        if (data.Length > 1)
            throw new StorageException(path, $"holds {data.Length} fields where one configuration is expected", "Split it, one configuration a file");
        var texts = new Dictionary<string, string>();
        foreach (var record in reader.Records.Where(record => Texts.Contains(record.Type)))
            texts.TryAdd(record.Type, reader.ReadText(record));
        string format = texts.GetValueOrDefault(FormatType, ""), file = texts.GetValueOrDefault(PrivateFileType, ""), recordText = texts.GetValueOrDefault(PrivateRecordType, "");
        if (XmlText.Integer(path, file, "volfmt") is { } volume && volume != 0)
            throw new StorageException(path, "is one part of a file that was written in parts", "Join it into a single file with QIO's tools");
        int n = GroupSize(path, format, recordText);
        bool twoRows = HasTwoRows(path, format, n);
        long[] extents = AgreedExtents(path, format, file, givenExtents);
        return new()
        {
            Data = data[0],
            Extents = extents,
            N = n,
            IsDouble = AgreedPrecision(path, format, recordText) ?? PrecisionOfLength(extents, n, twoRows, data[0].Length),
            TwoRows = twoRows,
            Plaquette = double.TryParse(XmlText.Element(texts.GetValueOrDefault(RecordType, ""), "plaq"), NumberStyles.Float, CultureInfo.InvariantCulture, out double plaquette) ? plaquette : null,
            Checksum = texts.GetValueOrDefault(ChecksumType),
            Properties = texts,
        };
    }

    private static int GroupSize(string path, string format, string record)
    {
        // Grid writes 0 for what it leaves open.
        long? colours = XmlText.Integer(path, record, "colors") is > 0 and var stated ? stated : null;
        if (XmlText.Element(format, "field") is not { } field)
            return ForeignOrder.CheckedN(path, colours ?? 3);
        var match = Field().Match(field);
        if (!match.Success)
            throw new StorageException(path, $"holds the field '{field}'", "su3gauge and, for other N, su<N>gauge are understood");
        int n = ForeignOrder.CheckedN(path, long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        return (colours ?? n) == n ? n : throw new StorageException(path, $"says '{field}' and {colours} colours", Restore);
    }

    private static bool HasTwoRows(string path, string format, int n)
    {
        long? rows = XmlText.Integer(path, format, "rows");
        if (rows is null or 0 || rows == n)
            return false;
        return n == 3 && rows == 2 ? true : throw new StorageException(path, $"says <rows>{rows}</rows> of SU({n})", $"{n} rows and, for SU(3), 2 are understood");
    }

    private static long[] AgreedExtents(string path, string format, string file, IReadOnlyList<int>? given)
    {
        long?[] lengths = [.. new[] { "lx", "ly", "lz", "lt" }.Select(name => XmlText.Integer(path, format, name))];
        long[]? stated = Array.TrueForAll(lengths, length => length is not null) ? [.. lengths.Select(length => length!.Value)] : null;
        if (stated is null && lengths.Any(length => length is not null))
            throw new StorageException(path, "states some of lx, ly, lz, lt and not all", Restore);
        long[]? dims = null;
        if (XmlText.Element(file, "dims") is { } text)
        {
            string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            dims = [.. words.Select(word => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
                ? length
                : throw new StorageException(path, $"says <dims>{text}</dims>, where four whole numbers are understood", Restore))];
        }

        long[]? user = given?.Select(extent => (long)extent).ToArray();
        foreach (var (one, other) in new[] { (stated, dims), (stated ?? dims, user) })
        {
            if (one is not null && other is not null && !one.AsSpan().SequenceEqual(other))
                throw new StorageException(path, $"contradicts itself or the request: its extents are {string.Join("x", one)} and {string.Join("x", other)}", Restore);
        }

        return stated ?? dims ?? user ?? throw new StorageException(path, "does not state its extents", "Give them as L_x L_y L_z L_t");
    }

    private static bool? AgreedPrecision(string path, string format, string record)
    {
        bool? stated = XmlText.Element(format, "precision") switch
        {
            null => null,
            "32" => false,
            "64" => true,
            { } other => throw new StorageException(path, $"says <precision>{other}</precision>, where 32 or 64 is understood", Restore),
        };
        bool? letter = XmlText.Element(record, "precision") switch
        {
            null => null,
            "F" => false,
            "D" => true,
            { } other => throw new StorageException(path, $"says <precision>{other}</precision>, where F or D is understood", Restore),
        };
        return stated is null || letter is null || stated == letter ? stated ?? letter : throw new StorageException(path, "states both single and double precision", Restore);
    }

    /// <summary>Whether the data can only be double; anything that fits neither is found out when the length is checked.</summary>
    private static bool PrecisionOfLength(long[] extents, int n, bool twoRows, long length)
    {
        UInt128 numbers = (UInt128)(2 * ForeignOrder.Dimensions * n * (twoRows ? 2 : n));
        foreach (long extent in extents)
            numbers *= (UInt128)Math.Clamp(extent, 1, 1 << 20);
        return (UInt128)length != numbers * sizeof(float);
    }

    [GeneratedRegex(@"^su([0-9]{1,3})\s*gauge\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}

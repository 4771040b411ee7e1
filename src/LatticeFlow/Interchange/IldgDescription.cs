using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// What the descriptive records around one field of an ILDG or SciDAC file say about its links: <c>ildg-format</c>, else <c>scidac-private-file-xml</c> and <c>scidac-private-record-xml</c>, else the
/// user and the length of the data. Where two of them speak they must agree; otherwise, and for anything unreadable, a <see cref="StorageException"/>.
/// </summary>
internal sealed partial record IldgDescription
{
    private const string Restore = "Correct the description, or restore the file from a copy";
    private const int LargestN = 64;

    public required LimeRecord Data { get; init; }

    /// <summary>L_x, L_y, L_z, L_t.</summary>
    public required IReadOnlyList<long> Extents { get; init; }

    public required int N { get; init; }

    public required bool IsDouble { get; init; }

    /// <summary>Stored of each matrix: N, or N − 1 where <c>rows</c> of newer descriptions says so.</summary>
    public required int Rows { get; init; }

    /// <summary>The plaquettes that are stated: where, and the number as it stands there.</summary>
    public required IReadOnlyList<(string Where, double Value)> Plaquettes { get; init; }

    /// <summary>The XML that states the checksum, else null.</summary>
    public string? Checksum { get; init; }

    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary>What was not stated and had to be taken from the length of the data.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public static IldgDescription Of(string path, IldgField field, GaugeReadSettings settings)
    {
        var texts = field.Texts;
        string format = texts.GetValueOrDefault(IldgRecords.Format, ""), file = texts.GetValueOrDefault(IldgRecords.PrivateFile, ""), record = texts.GetValueOrDefault(IldgRecords.PrivateRecord, "");
        if (XmlText.Integer(path, file, "volfmt") is { } volume && volume != 0)
            throw new StorageException(path, "is one part of a file that was written in parts", "Join it into a single file with QIO's tools");
        long[] extents = AgreedExtents(path, format, file, settings.Extents);
        bool? isDouble = AgreedPrecision(path, format, record);
        var warnings = new List<string>();
        int n = GroupSize(path, format, record) ?? settings.N ?? GroupOfLength(path, extents, isDouble, field.Data.Length, warnings);
        GaugeFileFormats.RequireAsAsked(path, settings with { Extents = null }, n, extents);
        int rows = StoredRows(path, format, n);
        return new()
        {
            Data = field.Data,
            Extents = extents,
            N = n,
            IsDouble = isDouble ?? (UInt128)field.Data.Length != Sites(extents) * (UInt128)(BytesPerSite(n, rows, isDouble: false)),
            Rows = rows,
            Plaquettes = [.. StatedPlaquettes(path, texts)],
            Checksum = texts.GetValueOrDefault(IldgRecords.Checksum),
            Properties = texts,
            Warnings = warnings,
        };
    }

    private static int? GroupSize(string path, string format, string record)
    {
        // Grid writes 0 for what it leaves open.
        long? colours = XmlText.Integer(path, record, "colors") is > 0 and var stated ? stated : null;
        if (XmlText.Element(format, "field") is not { } field)
            return colours is { } alone ? ForeignOrder.CheckedN(path, alone) : null;
        var match = Field().Match(field);
        if (!match.Success)
            throw new StorageException(path, $"holds the field '{PrintableText.Short(field)}'", "su3gauge and, for other N, su<N>gauge are understood");
        int n = ForeignOrder.CheckedN(path, long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        return (colours ?? n) == n ? n : throw new StorageException(path, $"says '{field}' and {colours} colours", Restore);
    }

    /// <summary>The group whose matrices have this length: 2·4·N²·4 or ·8 bytes a site are different for every N and precision.</summary>
    private static int GroupOfLength(string path, long[] extents, bool? isDouble, long length, List<string> warnings)
    {
        var sites = Sites(extents);
        foreach (int n in Enumerable.Range(2, LargestN - 1))
        {
            foreach (bool wide in isDouble is { } known ? [known] : new[] { false, true })
            {
                if (sites * (UInt128)BytesPerSite(n, n, wide) != (UInt128)length)
                    continue;
                warnings.Add($"states no group: its length fits SU({n}) in {(wide ? "double" : "float")} alone (--group SU{n} says so)");
                return n;
            }
        }

        throw new StorageException(path, $"states no group, and its {length} bytes of links fit no SU(N) on {string.Join("x", extents)}: truncated, or of other extents", "Give extents and group as they are");
    }

    private static int StoredRows(string path, string format, int n)
    {
        long? rows = XmlText.Integer(path, format, "rows");
        if (rows is null or 0 || rows == n)
            return n;
        return rows == n - 1 ? n - 1 : throw new StorageException(path, $"says <rows>{rows}</rows> of SU({n})", $"{n} and {n - 1} rows are understood");
    }

    private static long[] AgreedExtents(string path, string format, string file, IReadOnlyList<int>? given)
    {
        long?[] lengths = [.. new[] { "lx", "ly", "lz", "lt" }.Select(name => XmlText.Integer(path, format, name))];
        long[]? stated = Array.TrueForAll(lengths, length => length is not null) ? [.. lengths.Select(length => length!.Value)] : null;
        if (stated is null && lengths.Any(length => length is not null))
            throw new StorageException(path, "states some of lx, ly, lz, lt and not all", Restore);
        long[]? dims = Dims(path, file), user = given?.Select(extent => (long)extent).ToArray();
        foreach (var (one, other) in new[] { (stated, dims), (stated ?? dims, user) })
        {
            if (one is not null && other is not null && !one.AsSpan().SequenceEqual(other))
                throw new StorageException(path, $"contradicts itself or the request: its extents are {string.Join("x", one)} and {string.Join("x", other)}", Restore);
        }

        return stated ?? dims ?? user ?? throw new StorageException(path, "does not state its extents", "Give them as L_x L_y L_z L_t");
    }

    private static long[]? Dims(string path, string file)
    {
        if (XmlText.Element(file, "dims") is not { } text)
            return null;
        var lengths = new List<long>();
        foreach (var word in text.AsSpan().SplitAny(" \t\r\n,"))
        {
            if (text[word].Length == 0)
                continue;
            if (lengths.Count == ForeignOrder.Dimensions || !long.TryParse(text.AsSpan(word), NumberStyles.None, CultureInfo.InvariantCulture, out long length))
                throw new StorageException(path, $"says <dims>{PrintableText.Short(text)}</dims>, where four whole numbers are understood", Restore);
            lengths.Add(length);
        }

        return [.. lengths];
    }

    private static bool? AgreedPrecision(string path, string format, string record)
    {
        bool? stated = XmlText.Element(format, "precision") switch
        {
            null => null,
            "32" => false,
            "64" => true,
            { } other => throw new StorageException(path, $"says <precision>{PrintableText.Short(other)}</precision>, where 32 or 64 is understood", Restore),
        };
        bool? letter = XmlText.Element(record, "precision") switch
        {
            null => null,
            "F" => false,
            "D" => true,
            { } other => throw new StorageException(path, $"says <precision>{PrintableText.Short(other)}</precision>, where F or D is understood", Restore),
        };
        return stated is null || letter is null || stated == letter ? stated ?? letter : throw new StorageException(path, "states both single and double precision", Restore);
    }

    /// <summary>USQCD's record information (MILC, Chroma, this program) and tmLQCD's <c>xlf-info</c>, a text of <c>key = value</c>.</summary>
    private static IEnumerable<(string Where, double Value)> StatedPlaquettes(string path, IReadOnlyDictionary<string, string> texts)
    {
        if (XmlText.Element(texts.GetValueOrDefault(IldgRecords.Record, ""), "plaq") is { } usqcd)
            yield return ($"its {IldgRecords.Record} says", Number(usqcd, IldgRecords.Record));
        if (XlfPlaquette().Match(texts.GetValueOrDefault(IldgRecords.Xlf, "")) is { Success: true } match)
            yield return ($"its {IldgRecords.Xlf} says", Number(match.Groups[1].Value, IldgRecords.Xlf));

        double Number(string text, string where) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new StorageException(path, $"states the plaquette '{PrintableText.Short(text)}' in {where}, where a number is understood", Restore);
    }

    private static UInt128 Sites(long[] extents) => extents.Aggregate(UInt128.One, (product, extent) => product * (UInt128)Math.Clamp(extent, 1, 1 << 20));

    private static int BytesPerSite(int n, int rows, bool isDouble) => new SiteCodec(n, rows, new(isDouble, IsBigEndian: true)).BytesPerSite;

    [GeneratedRegex(@"^su([0-9]{1,3})\s*gauge\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Field();

    [GeneratedRegex(@"\bplaquette\s*=\s*([^\s,;]{1,40})", RegexOptions.CultureInvariant)]
    private static partial Regex XlfPlaquette();
}

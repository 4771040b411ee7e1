using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// The header of a NERSC archive file: lines <c>KEY = VALUE</c> between <c>BEGIN_HEADER</c> and <c>END_HEADER</c>, ended by LF or CRLF. Required on reading are DATATYPE, DIMENSION_1 to 4 and
/// CHECKSUM only (MILC leaves FLOATING_POINT out: the length tells it then); keys that are not used may be repeated, as MILC does. Written is every key, because some readers stop at a missing one
/// (Grid at SEQUENCE_NUMBER).
/// </summary>
internal sealed partial class NerscHeader
{
    public const string Begin = "BEGIN_HEADER";

    private const string End = "END_HEADER";
    private const int LongestHeader = 1 << 16;
    private static readonly string[] Used = ["DATATYPE", "DIMENSION_1", "DIMENSION_2", "DIMENSION_3", "DIMENSION_4", "CHECKSUM", "FLOATING_POINT", "PLAQUETTE", "LINK_TRACE", "SEQUENCE_NUMBER", "ENSEMBLE_LABEL"];
    private readonly string path;

    private NerscHeader(string path, IReadOnlyDictionary<string, string> values, int length)
    {
        this.path = path;
        Values = values;
        Length = length;
    }

    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>Bytes up to the first link.</summary>
    public int Length { get; }

    /// <summary>L_x, L_y, L_z, L_t.</summary>
    public long[] Extents => [.. Enumerable.Range(1, ForeignOrder.Dimensions).Select(number => Integer($"DIMENSION_{number}"))];

    public uint Checksum
    {
        get
        {
            string text = Required("CHECKSUM");
            var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
            return uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value) ? value : throw Unreadable("CHECKSUM", text, "32 bits in hexadecimal");
        }
    }

    public double? Plaquette => Number("PLAQUETTE");

    public double? LinkTrace => Number("LINK_TRACE");

    /// <summary>ENSEMBLE_LABEL and SEQUENCE_NUMBER.</summary>
    public GaugeFileEntry Entry => new(
        Values.GetValueOrDefault("ENSEMBLE_LABEL"),
        long.TryParse(Values.GetValueOrDefault("SEQUENCE_NUMBER"), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null);

    /// <summary>
    /// N, and the stored rows of a matrix: <c>4D_SU3_GAUGE</c> has two, <c>4D_SU3_GAUGE_3x3</c> three; <c>4D_SU2_GAUGE_2x2</c> is the extension of Grid, and <c>4D_SU2_GAUGE</c> has N − 1 rows.
    /// </summary>
    public (int N, int Rows) DataType
    {
        get
        {
            string text = Required("DATATYPE");
            var match = DataTypePattern().Match(text);
            if (!match.Success || (match.Groups[2].Success && (match.Groups[1].Value != match.Groups[2].Value || match.Groups[1].Value != match.Groups[3].Value)))
                throw Unreadable("DATATYPE", text, "4D_SU<N>_GAUGE with N - 1 rows, such as 4D_SU3_GAUGE, or 4D_SU<N>_GAUGE_<N>x<N>");
            int n = ForeignOrder.CheckedN(path, long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
            return (n, match.Groups[2].Success ? n : n - 1);
        }
    }

    /// <summary>
    /// The formats that FLOATING_POINT may mean, the likelier one first: codes disagree on whether a name without a byte order is little-endian (Grid) or big-endian (QDP++); the
    /// checksum decides. Without FLOATING_POINT: big-endian first, and of float and double the one that <paramref name="payload"/> bytes are enough for.
    /// </summary>
    public IReadOnlyList<RealFormat> Formats(long payload)
    {
        if (!Values.TryGetValue("FLOATING_POINT", out string? text))
        {
            var (n, rows) = DataType;
            bool fits = Extents.Aggregate((UInt128)(ForeignOrder.Dimensions * 2 * n * rows * sizeof(double)), (product, extent) => product * (UInt128)Math.Min(extent, 1 << 20)) <= (UInt128)payload;
            return [new(fits, true), new(fits, false)];
        }

        var match = FloatingPointPattern().Match(text);
        if (!match.Success)
            throw Unreadable("FLOATING_POINT", text, "IEEE32BIG, IEEE64BIG, IEEE32LITTLE or IEEE64LITTLE");
        bool isDouble = match.Groups[1].Value == "64";
        return match.Groups[2].Value.ToUpperInvariant() switch
        {
            "BIG" => [new(isDouble, true)],
            "LITTLE" or "SMALL" => [new(isDouble, false)],
            _ => [new(isDouble, false), new(isDouble, true)],
        };
    }

    /// <summary>Reads from the beginning of a stream.</summary>
    public static NerscHeader Read(string path, Stream stream)
    {
        var buffer = new byte[(int)Math.Min(LongestHeader, stream.Length)];
        stream.ReadExactly(buffer);
        string text = Encoding.Latin1.GetString(buffer);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int at = 0; ;)
        {
            int end = text.IndexOf('\n', at);
            if (end < 0)
                throw new StorageException(path, $"has no line {End}: truncated, or not a NERSC file", "Restore the file from a copy");
            string line = text[at..end].Trim();
            if (at == 0 && line != Begin)
                throw new StorageException(path, $"does not begin with {Begin}", "Give a NERSC file");
            at = end + 1;
            if (line == End)
                return new(path, values, at);
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                continue;
            string key = line[..equals].TrimEnd(), value = line[(equals + 1)..].TrimStart();
            if (values.TryAdd(key, value) || values[key] == value)
                continue;
            if (!Used.Contains(key))
                values[key] += "\n" + value;
            else
                throw new StorageException(path, $"states {key} twice, as '{PrintableText.Short(values[key])}' and as '{PrintableText.Short(value)}'", "Remove the wrong line");
        }
    }

    /// <summary>The text of a header with every key; its length does not depend on the checksum.</summary>
    public static string Render(GaugeConfiguration configuration, GaugeWriteSettings settings, uint checksum)
    {
        var (version, _) = Provenance.OfThisBuild();
        int n = configuration.N;
        int[] extents = ForeignOrder.Extents(configuration.Lattice);
        string created = settings.Created.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        void Line(string key, string value)
            => text.Append(CultureInfo.InvariantCulture, $"{key} = {(value.Any(char.IsControl) ? throw new ArgumentException($"{key} is one line of text without control characters") : value)}\n");

        text.Append(Begin).Append('\n');
        Line("HDR_VERSION", "1.0");
        Line("DATATYPE", settings.TwoRows ? "4D_SU3_GAUGE" : $"4D_SU{n}_GAUGE_{n}x{n}");
        Line("STORAGE_FORMAT", "1.0");
        for (int number = 1; number <= ForeignOrder.Dimensions; number++)
            Line($"DIMENSION_{number}", extents[number - 1].ToString(CultureInfo.InvariantCulture));
        Line("LINK_TRACE", GaugeMeasurement.LinkTrace(configuration).ToString("G10", CultureInfo.InvariantCulture));
        Line("PLAQUETTE", GaugeMeasurement.MeanPlaquette(configuration).ToString("G10", CultureInfo.InvariantCulture));
        for (int number = 1; number <= ForeignOrder.Dimensions; number++)
            Line($"BOUNDARY_{number}", "PERIODIC");
        Line("CHECKSUM", checksum.ToString("x8", CultureInfo.InvariantCulture));
        Line("ENSEMBLE_ID", settings.EnsembleId);
        Line("ENSEMBLE_LABEL", settings.EnsembleLabel);
        Line("SEQUENCE_NUMBER", settings.SequenceNumber.ToString(CultureInfo.InvariantCulture));
        Line("CREATOR", $"LatticeFlow {version}");
        Line("CREATOR_HARDWARE", Environment.MachineName);
        Line("CREATION_DATE", created);
        Line("ARCHIVE_DATE", created);
        Line("FLOATING_POINT", (settings.Precision == Precision.Single ? "IEEE32" : "IEEE64") + (settings.LittleEndian ? "LITTLE" : "BIG"));
        return text.Append(End).Append('\n').ToString();
    }

    private string Required(string key) => Values.TryGetValue(key, out string? value)
        ? value
        : throw new StorageException(path, $"has no {key} in its header", "Add the line, or restore the file from a copy");

    private long Integer(string key)
    {
        string text = Required(key);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw Unreadable(key, text, "a whole number");
    }

    private double? Number(string key)
    {
        if (!Values.TryGetValue(key, out string? text) || text.Length == 0)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : throw Unreadable(key, text, "a number");
    }

    private StorageException Unreadable(string key, string text, string expected)
        => new(path, $"says {key} = {PrintableText.Short(text)}, where {expected} is understood", "Correct the line, or restore the file from a copy");

    [GeneratedRegex(@"^4D_SU([0-9]{1,3})_GAUGE(?:_([0-9]{1,3})x([0-9]{1,3}))?\z")]
    private static partial Regex DataTypePattern();

    [GeneratedRegex(@"^IEEE(32|64)(BIG|LITTLE|SMALL|)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FloatingPointPattern();
}

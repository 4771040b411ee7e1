using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>A field of a LIME file and the descriptive texts that belong to it, by type of their record.</summary>
internal sealed record IldgField(LimeRecord Data, IReadOnlyDictionary<string, string> Texts);

/// <summary>
/// The gauge fields in the records of a LIME file. Texts about the whole file belong to every field; others to the field whose data they stand beside: a text of which the current field has one
/// already, or a new private record after data, begins the next. SciDAC files may hold fields of other kinds too (datatype without ColorMatrix, or other than four a site): these are passed over.
/// </summary>
internal static partial class IldgRecords
{
    public const string Format = "ildg-format";
    public const string Data = "ildg-binary-data";
    public const string Name = "ildg-data-lfn";
    public const string ScidacData = "scidac-binary-data";
    public const string Checksum = "scidac-checksum";
    public const string PrivateFile = "scidac-private-file-xml";
    public const string File = "scidac-file-xml";
    public const string PrivateRecord = "scidac-private-record-xml";
    public const string Record = "scidac-record-xml";
    public const string Xlf = "xlf-info";

    private const int LargestCount = 1 << 16;
    private static readonly string[] OfFile = [PrivateFile, File];
    private static readonly string[] OfField = [Format, Name, Checksum, PrivateRecord, Record, Xlf];

    /// <summary>The gauge fields, at least one, and how many other fields there are.</summary>
    public static (IReadOnlyList<IldgField> Fields, int Others) Find(string path, LimeReader reader)
    {
        var shared = new Dictionary<string, string>();
        var current = new Dictionary<string, LimeRecord>();
        LimeRecord? data = null;
        var found = new List<(LimeRecord Data, Dictionary<string, LimeRecord> Texts)>();
        foreach (var record in reader.Records)
        {
            if (OfFile.Contains(record.Type))
            {
                if (!shared.ContainsKey(record.Type))
                    shared[record.Type] = reader.ReadText(record);
                continue;
            }

            bool isData = record.Type is Data or ScidacData;
            if (!isData && !OfField.Contains(record.Type))
                continue;
            if (data is not null && (isData || record.Type == PrivateRecord || current.ContainsKey(record.Type)))
            {
                found.Add((data, current));
                (data, current) = (null, []);
            }

            if (isData)
                data = record;
            else
                current.TryAdd(record.Type, record);
        }

        if (data is not null)
            found.Add((data, current));

        if (found.Count == 0)
            throw new StorageException(path, $"has neither a record {Data} nor {ScidacData}", "Give a file with a gauge configuration");
        if (found.Count > LargestCount)
            throw new StorageException(path, $"holds {found.Count} fields", "Split it, one configuration a file");
        IldgField[] fields = [.. found.Select(field => new IldgField(field.Data, Texts(field.Texts, shared, reader))).Where(IsGaugeField)];
        return fields.Length > 0
            ? (fields, found.Count - fields.Length)
            : throw new StorageException(path, $"holds {found.Count} fields and none of four colour matrices a site", "Give a file with a gauge configuration");
    }

    /// <summary>Label and number of a logical file name <c>lfn://id/label/number</c>, or the trajectory of <c>xlf-info</c>.</summary>
    public static GaugeFileEntry Entry(IldgField field)
    {
        string name = field.Texts.GetValueOrDefault(Name, "");
        if (NamePattern().Match(name) is { Success: true } match && long.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            return new(Uri.UnescapeDataString(match.Groups[1].Value), number);
        var trajectory = TrajectoryPattern().Match(field.Texts.GetValueOrDefault(Xlf, ""));
        return new(null, trajectory.Success && long.TryParse(trajectory.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long stated) ? stated : null);
    }

    private static Dictionary<string, string> Texts(Dictionary<string, LimeRecord> records, Dictionary<string, string> shared, LimeReader reader)
        => new([.. shared, .. records.Select(record => KeyValuePair.Create(record.Key, reader.ReadText(record.Value)))]);

    /// <summary>What a private record says about the kind, where it says something.</summary>
    private static bool IsGaugeField(IldgField field)
    {
        string text = field.Texts.GetValueOrDefault(PrivateRecord, "");
        bool matrices = XmlText.Element(text, "datatype") is not { Length: > 0 } type || type.Contains("ColorMatrix", StringComparison.OrdinalIgnoreCase) || field.Data.Type == Data;
        return matrices && (XmlText.Element(text, "datacount") is null or "" or "4");
    }

    [GeneratedRegex(@"\A[a-z]{1,8}://[^/\s]*/([^/\s]*)/([0-9]{1,18})\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\btrajectory\s+nr\s*=\s*([0-9]{1,18})\b", RegexOptions.CultureInvariant)]
    private static partial Regex TrajectoryPattern();
}

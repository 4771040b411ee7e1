using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace LatticeFlow.Series;

/// <summary>
/// Text with a configuration a line and a number a column: separated by blanks, tabs, commas or semicolons, with comments (#, %, !), with a line of names or none, Fortran's exponents (1.0D-3) and NaN included. Files that end with
/// .gz are unpacked.
/// </summary>
public static class TextSeries
{
    private const int FirstCapacity = 1024;
    private const int MostColumns = 4096;
    private const string Comments = "#%!";
    private static readonly char[] _separators = [',', ';', '\t'];

    /// <summary>Reads a file; <paramref name="separator"/> is found out unless it is given (a blank: any blanks).</summary>
    /// <exception cref="UserErrorException">It is no such text (exit code 4): the message names the line.</exception>
    public static SeriesFile Read(string path, char? separator = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        using Stream stream = Open(path);
        using var reader = new StreamReader(stream, new UTF8Encoding(false, false), detectEncodingFromByteOrderMarks: true, 1 << 16);
        try
        {
            return Read(path, reader, separator);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new UserErrorException($"cannot be read ({exception.Message.TrimEnd('.')})", ExitCode.CorruptData, exception) { File = path, Remedy = "restore it from a copy" };
        }
    }

    /// <summary>The same of text that is read already.</summary>
    public static SeriesFile Read(string path, TextReader reader, char? separator = null)
    {
        var columns = Array.Empty<double[]>();
        string[]? names = null;
        string? comment = null;
        char between = separator ?? '\0';
        int rows = 0;
        long number = 0;
        List<string> remarks = [];
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.Contains('\0', StringComparison.Ordinal)) throw Fault(path, number, "is not text");
            ReadOnlySpan<char> trimmed = line.AsSpan().Trim();
            if (trimmed.Length == 0) continue;
            if (Comments.Contains(trimmed[0], StringComparison.Ordinal))
            {
                comment = trimmed.TrimStart("#%! \t").ToString();
                continue;
            }

            if (columns.Length == 0)
            {
                if (between == '\0') between = Separator(trimmed);
                string[] fields = Fields(trimmed, between);
                if (fields.Length > MostColumns) throw Fault(path, number, $"has more than {MostColumns} columns");
                if (!fields.All(field => TryNumber(field, out _)))
                {
                    // A line of names stands before the numbers, and only once.
                    if (names is not null) throw Fault(path, number, $"'{PrintableText.Short(fields.First(field => !TryNumber(field, out _)))}' is no number");
                    names = fields;
                    continue;
                }

                columns = [.. fields.Select(_ => new double[FirstCapacity])];
                if (names is null && comment is not null && Fields(comment, between) is { } titles && titles.Length == fields.Length) names = titles;
                if (names is not null && names.Length != fields.Length) throw Fault(path, number, $"has {fields.Length} columns under {names.Length} names");
            }

            if (rows == columns[0].Length)
            {
                for (int c = 0; c < columns.Length; c++) Array.Resize(ref columns[c], rows * 2);
            }

            if (!Parse(trimmed, between, columns, rows, out string problem))
            {
                // A program that is at work, or was killed, leaves its last line unfinished.
                if (reader.Peek() < 0 && rows > 0)
                {
                    remarks.Add($"{path}({number}): the last line is unfinished and left out");
                    break;
                }

                throw Fault(path, number, problem);
            }

            rows++;
        }

        if (rows == 0) throw new UserErrorException("has no line of numbers", ExitCode.CorruptData) { File = path };
        for (int c = 0; c < columns.Length; c++) Array.Resize(ref columns[c], rows);
        string[] titled = Unique(names ?? [.. Enumerable.Range(1, columns.Length).Select(c => string.Create(CultureInfo.InvariantCulture, $"column_{c}"))]);
        return new(path, [.. columns.Select((values, c) => new SeriesColumn(titled[c], values))]) { Remarks = remarks };
    }

    private static Stream Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
            return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"cannot be read ({exception.Message})", ExitCode.CorruptData, exception) { File = path };
        }
    }

    private static char Separator(ReadOnlySpan<char> line)
    {
        foreach (char separator in _separators)
        {
            if (line.Contains(separator)) return separator;
        }

        return ' ';
    }

    private static string[] Fields(ReadOnlySpan<char> line, char separator)
    {
        string[] fields = separator == ' ' ? line.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : line.ToString().Split(separator);
        return [.. fields.Select(field => field.Trim().Trim('"').Trim())];
    }

    private static bool Parse(ReadOnlySpan<char> line, char separator, double[][] columns, int row, out string problem)
    {
        problem = "";
        int column = 0;
        while (true)
        {
            ReadOnlySpan<char> field;
            if (separator == ' ')
            {
                line = line.TrimStart();
                if (line.IsEmpty) break;
                int end = 0;
                while (end < line.Length && !char.IsWhiteSpace(line[end])) end++;
                field = line[..end];
                line = line[end..];
            }
            else
            {
                int end = line.IndexOf(separator);
                field = (end < 0 ? line : line[..end]).Trim().Trim('"');
                line = end < 0 ? default : line[(end + 1)..];
                if (end < 0) separator = ' ';
            }

            if (column == columns.Length)
            {
                problem = $"has more than {columns.Length} columns";
                return false;
            }

            if (!TryNumber(field, out double value))
            {
                problem = $"'{PrintableText.Short(field.ToString())}' is no number";
                return false;
            }

            columns[column++][row] = value;
            if (separator == ' ' && line.IsEmpty) break;
        }

        if (column == columns.Length) return true;
        problem = $"has {column} columns and not {columns.Length}";
        return false;
    }

    private static bool TryNumber(ReadOnlySpan<char> field, out double value)
    {
        if (double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return true;
        int exponent = field.IndexOfAny('D', 'd');
        if (exponent > 0 && char.IsAsciiDigit(field[0] is '-' or '+' or '.' && field.Length > 1 ? field[1] : field[0]))
            return double.TryParse($"{field[..exponent]}E{field[(exponent + 1)..]}", NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        ReadOnlySpan<char> word = field.TrimStart("+-");
        if (!word.Equals("nan", StringComparison.OrdinalIgnoreCase) && !word.Equals("inf", StringComparison.OrdinalIgnoreCase)) return false;
        value = double.NaN;
        return true;
    }

    private static string[] Unique(string[] names)
    {
        var seen = new HashSet<string>();
        return [.. names.Select((name, c) =>
        {
            string title = name.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"column_{c + 1}") : name;
            while (!seen.Add(title)) title += "_";
            return title;
        })];
    }

    private static UserErrorException Fault(string path, long line, string problem) => new(problem, ExitCode.CorruptData) { File = string.Create(CultureInfo.InvariantCulture, $"{path}({line})") };
}

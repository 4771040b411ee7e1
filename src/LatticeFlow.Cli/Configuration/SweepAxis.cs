using System.Globalization;

namespace LatticeFlow.Cli.Configuration;

/// <summary>A key of the configuration and the values that a sweep gives it: <c>theory.action.beta=5.6:5.8:0.05</c>, <c>run.precision=float,double</c>, <c>theory.extents=[[8,8],[16,16]]</c>.</summary>
/// <param name="Path">The key.</param>
/// <param name="Values">As they are written in a configuration.</param>
public sealed record SweepAxis(string Path, IReadOnlyList<string> Values)
{
    /// <summary>More points are a mistake.</summary>
    public const int MostPoints = 10_000;

    // So that sums and differences of three of them have all their digits.
    private const decimal LargestNumber = 1e12m;

    /// <summary>Reads <c>key=first:last:step</c> or <c>key=list</c>.</summary>
    /// <exception cref="UserErrorException">It is neither.</exception>
    public static SweepAxis Parse(string text)
    {
        UserErrorException Fault(string problem) => new(problem) { Key = $"--sweep {PrintableText.Short(text)}", Remedy = "write key=first:last:step or key=a,b,c, such as theory.action.beta=5.6:5.8:0.05" };
        var split = text.IndexOf('=', StringComparison.Ordinal);
        if (split <= 0) throw Fault("has no key");
        var (path, values) = (text[..split].Trim(), text[(split + 1)..].Trim());
        if (path is "run.name" or "run.seed") throw Fault(path == "run.name" ? "each point is named after its values" : "seeds follow from run.seed and the values: with several seeds use replicas, or merge");
        if (values.Length == 0) throw Fault("has no values");
        if (values.Split(':') is [var first, var last, var step])
        {
            // Decimal numbers, so that 5.6 + 3 · 0.05 is 5.75.
            if (!Number(first, out var from) || !Number(last, out var to) || !Number(step, out var by)) throw Fault("a range is made of numbers");
            if (Math.Abs(from) > LargestNumber || Math.Abs(to) > LargestNumber || Math.Abs(by) > LargestNumber) throw Fault("its numbers are too large for steps between them");
            if (by == 0 || (to - from) * Math.Sign(by) < 0) throw Fault("a range goes from its first to its last value by its step");
            if (Math.Abs(to - from) > MostPoints * Math.Abs(by)) throw Fault($"a sweep has at most {MostPoints} points");
            return new(path, [.. Enumerable.Range(0, (int)((to - from) / by) + 1).Select(k => Plain(from + (k * by)))]);
        }
        var items = Items(values.StartsWith('[') && values.EndsWith(']') ? values[1..^1] : values);
        if (items.Any(item => item.Length == 0)) throw Fault("a value is empty");
        // 1 and 1.0 are one value.
        return items.Select(item => Number(item, out var number) ? Plain(number) : item).Distinct().Count() == items.Length ? new(path, items) : throw Fault("a value stands there twice");
    }

    /// <summary>What its values are called in names of directories: the last word of the key and the value.</summary>
    public string Label(string value)
    {
        var plain = string.Concat(value.Trim('"', '[', ']').Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : c == ',' ? 'x' : '_')).Replace("_", "", StringComparison.Ordinal);
        return $"{Path[(Path.LastIndexOf('.') + 1)..]}-{plain}";
    }

    private static bool Number(string text, out decimal value) => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    private static string Plain(decimal value) => (value / 1.000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    // At commas that stand in no brackets.
    private static string[] Items(string text)
    {
        List<string> items = [];
        var (depth, start) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is '[' or '{') depth++;
            if (i < text.Length && text[i] is ']' or '}') depth--;
            if (i < text.Length && (text[i] != ',' || depth > 0)) continue;
            items.Add(text[start..i].Trim());
            start = i + 1;
        }
        return [.. items];
    }
}

using System.Globalization;

namespace LatticeFlow.Storage;

/// <summary>A key that asks for more than it did.</summary>
/// <param name="Key">Its path, as <c>sample.hmc.configurations</c>.</param>
/// <param name="From">What was asked for.</param>
/// <param name="To">What is asked for now; less, where it shrinks.</param>
public readonly record struct Growth(string Key, long From, long To);

/// <summary>
/// The text of a resolved configuration. Two keys of it say only how much: <c>sample.NAME.configurations</c> and <c>train.steps</c>. What was made with a smaller number of them is the beginning of what is made with a larger
/// one, so that they may grow while everything else stays as it was.
/// </summary>
public static class ResolvedConfiguration
{
    private const string Sample = "[[sample]]";

    /// <summary>The keys in which <paramref name="now"/> asks for another number than <paramref name="before"/>, or the first line in which they differ otherwise, counted from 1.</summary>
    public static (IReadOnlyList<Growth> Grown, (int Number, string Before, string Now)? Difference) Compare(string before, string now)
    {
        List<Line> old = [.. Lines(before)], current = [.. Lines(now)];
        List<Growth> grown = [];
        for (int i = 0; i < Math.Max(old.Count, current.Count); i++)
        {
            string a = i < old.Count ? old[i].Text : "(nothing)", b = i < current.Count ? current[i].Text : "(nothing)";
            if (a == b)
                continue;
            if (i >= old.Count || i >= current.Count || old[i].Key is not { } key || key != current[i].Key)
                return (grown, (i + 1, a.Trim(), b.Trim()));
            grown.Add(new(key, old[i].Amount, current[i].Amount));
        }

        return (grown, null);
    }

    /// <summary>Whether both describe one run, which may ask for more in one of them.</summary>
    public static bool AreOfOneRun(string a, string b) => a == b || Compare(a, b).Difference is null;

    /// <summary>The text with other amounts; everything else is left as it is.</summary>
    public static string With(string text, IReadOnlyList<Growth> grown)
        => string.Join('\n', Lines(text).Select(line => grown.Where(growth => growth.Key == line.Key).Select(growth => $"{line.Text.Split('=')[0]}= {Number(growth.To)}").FirstOrDefault() ?? line.Text));

    /// <summary>What a text asks for under the path of a key that may grow; null where it has no such key.</summary>
    public static long? Amount(string text, string key) => Lines(text).Where(line => line.Key == key).Select(line => (long?)line.Amount).FirstOrDefault();

    /// <summary>The path of the key under which a sample says how many configurations it asks for.</summary>
    public static string ConfigurationsOf(string sample) => $"sample.{sample}.configurations";

    /// <summary>The path of the key that says how long the flow is trained.</summary>
    public const string TrainSteps = "train.steps";

    private static IEnumerable<Line> Lines(string text)
    {
        string section = "", sample = "";
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith('['))
                (section, sample) = (line.Trim(), "");
            else if (section == Sample && line.StartsWith("name = \"", StringComparison.Ordinal))
                sample = line["name = \"".Length..].TrimEnd().TrimEnd('"');
            yield return Parse(line, section, sample);
        }
    }

    private static Line Parse(string line, string section, string sample)
    {
        if (line.Split('=') is not [var name, var value] || !long.TryParse(value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long amount))
            return new(line, null, 0);
        return (section, name.Trim()) switch
        {
            (Sample, "configurations") when sample.Length > 0 => new(line, ConfigurationsOf(sample), amount),
            ("[train]", "steps") => new(line, TrainSteps, amount),
            _ => new(line, null, 0),
        };
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    // The key where it may grow, and its number.
    private readonly record struct Line(string Text, string? Key, long Amount);
}

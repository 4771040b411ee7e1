using System.Globalization;
using System.Text.RegularExpressions;

namespace LatticeFlow.Interchange;

/// <summary>
/// How a chain and a number are written in names and labels: <c>NAME-r3-000120.nersc</c> and the label <c>NAME.r3</c>, as <c>export</c> writes them; also <c>NAMEr3n120</c>, as
/// openQCD's programs do.
/// </summary>
public static partial class ChainNames
{
    /// <summary>Of a file without its ending.</summary>
    public static string File(string name, long replica, long step) => string.Create(CultureInfo.InvariantCulture, $"{name}-r{replica:D3}-{step:D6}");

    public static string Label(string label, long replica) => string.Create(CultureInfo.InvariantCulture, $"{label}.r{replica}");

    /// <summary>The replica in a label, or null.</summary>
    internal static long? ReplicaOfLabel(string? label) => label is null ? null : Number(LabelPattern().Match(label), 1);

    /// <summary>Replica and number in a file name, or null.</summary>
    internal static (long Replica, long Number)? OfFile(string path)
    {
        var match = FilePattern().Match(Stem(path));
        return Number(match, 1) is { } replica && Number(match, 2) is { } number ? (replica, number) : null;
    }

    /// <summary>The last number in a file name and the text around it, or null: names that differ in this number alone count something.</summary>
    internal static (string Frame, long Number)? LastNumber(string path)
    {
        var match = LastNumberPattern().Match(Stem(path));
        return Number(match, 2) is { } number ? (match.Groups[1].Value + "#" + match.Groups[3].Value, number) : null;
    }

    private static string Stem(string path) => EndingPattern().Replace(Path.GetFileName(path), "");

    private static long? Number(Match match, int group)
        => match.Success && long.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    [GeneratedRegex(@"\.r([0-9]{1,9})\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"(?:(?<=-)r(?=[0-9]+-)|r(?=[0-9]+n))([0-9]{1,9})[-n]([0-9]{1,18})\z")]
    private static partial Regex FilePattern();

    [GeneratedRegex(@"\A(.*?)([0-9]{1,18})([^0-9]*)\z", RegexOptions.RightToLeft)]
    private static partial Regex LastNumberPattern();

    [GeneratedRegex(@"\.(nersc|ildg|lime|scidac|milc|openqcd|hirep|h5|hdf5|npy|dat|bin|cfg|conf|lat)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EndingPattern();
}

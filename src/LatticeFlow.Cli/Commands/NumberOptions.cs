using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LatticeFlow.Cli.Commands;

/// <summary>
/// Options whose values are numbers, written as in configurations wherever the program runs: a point before the decimals, no thousands separators. <c>6,0</c> is an error and not 60.
/// </summary>
internal static class NumberOptions
{
    /// <summary>A finite real number that is at least <paramref name="least"/>, which may be −∞.</summary>
    public static Option<double?> Real(string name, string description, string help, double least) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result => ParseReal(result, name, least),
    };

    /// <summary>Whole numbers, not negative, of which there may be as many as <paramref name="arity"/> says.</summary>
    public static Option<long[]> Whole(string name, string description, string help, ArgumentArity arity, bool severalPerToken) => new(name)
    {
        Description = description,
        HelpName = help,
        Arity = arity,
        AllowMultipleArgumentsPerToken = severalPerToken,
        CustomParser = result => ParseWhole(result, name),
    };

    private static double? ParseReal(ArgumentResult result, string name, double least)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        string text = result.Tokens[^1].Value;
        if (double.TryParse(text, Plain, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value >= least)
            return value;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} {PrintableText.Short(text)}: must be a finite number{(double.IsFinite(least) ? $" of at least {least}" : "")}, such as 6.0"));
        return null;
    }

    private static long[] ParseWhole(ArgumentResult result, string name)
    {
        List<long> values = [];
        foreach (var token in result.Tokens)
        {
            if (long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long value)) values.Add(value);
            else result.AddError($"{name} {PrintableText.Short(token.Value)}: must be a whole number, not negative, such as 16");
        }
        return [.. values];
    }
}

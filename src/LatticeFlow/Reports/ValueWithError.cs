using System.Globalization;

namespace LatticeFlow.Reports;

/// <summary>
/// A value with its error in parentheses, as in 0.69778(12): the error counts in units of the last digits shown.
/// Rounding of the Particle Data Group (Review of Particle Physics, Introduction, 5.3): of the error's three leading digits 100–354 keep two, 355–949 keep one,
/// 950–999 become 1000 and keep two; the value is cut at the same place.
/// </summary>
public static class ValueWithError
{
    // Outside of these the digits are easier read with a power of ten.
    private const double SmallestRelative = 1e-16;

    private const double SmallestPlain = 1e-4, LargestPlain = 1e6;

    /// <summary>Value(error); an error of zero is shown as (0), one that does not exist as (?), a value that does not exist as a dash.</summary>
    public static string Format(double value, double error)
    {
        if (!double.IsFinite(value))
            return "–";
        if (!double.IsFinite(error))
            return Plain(value) + "(?)";
        error = Math.Abs(error);
        if (error == 0)
            return Plain(value) + "(0)";
        // More digits than a number has.
        if (error < Math.Abs(value) * SmallestRelative)
            return $"{Plain(value, "G17")}({Plain(error, "G2").Replace("E", "e", StringComparison.Ordinal)})";
        double magnitude = Math.Max(Math.Abs(value), error);
        if (magnitude is >= SmallestPlain and < LargestPlain)
            return Fixed(value, error);
        // Carried as text: scaling by a power of ten may not shift the last digit.
        int exponent = int.Parse(magnitude.ToString("E0", CultureInfo.InvariantCulture).Split('E')[1], CultureInfo.InvariantCulture);
        return Fixed(value / Math.Pow(10, exponent), error / Math.Pow(10, exponent)) + "e" + exponent.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Six significant digits, or a dash for null and what is not finite.</summary>
    public static string Plain(double? value, string format = "G6") =>
        value is { } number && double.IsFinite(number) ? (number == 0 ? 0 : number).ToString(format, CultureInfo.InvariantCulture) : "–";

    private static string Fixed(double value, double error)
    {
        (int place, double rounded) = Round(error);
        int decimals = Math.Max(0, -place);
        if (place > 0)
            value = Math.Round(value / Math.Pow(10, place)) * Math.Pow(10, place);
        string text = value.ToString("F" + decimals, CultureInfo.InvariantCulture);
        if (double.Parse(text, CultureInfo.InvariantCulture) == 0)
            text = text.TrimStart('-');
        // An error with digits on both sides of the point keeps its point: 12.3(1.2), not 12.3(12).
        string digits = place >= 0 || rounded >= 1 ? rounded.ToString("F" + decimals, CultureInfo.InvariantCulture)
            : Math.Round(rounded * Math.Pow(10, decimals)).ToString("F0", CultureInfo.InvariantCulture);
        return $"{text}({digits})";
    }

    // Power of ten of the last digit kept, and the error rounded to it.
    private static (int Place, double Rounded) Round(double error)
    {
        string[] parts = error.ToString("E2", CultureInfo.InvariantCulture).Split('E');
        int leading = int.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        int exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        int place = leading switch { < 355 => exponent - 1, < 950 => exponent, _ => exponent };
        double rounded = leading >= 950 ? Math.Pow(10, exponent + 1) : Math.Round(error / Math.Pow(10, place)) * Math.Pow(10, place);
        return (place, rounded);
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

public class ReportStyleTests
{
    // Web Content Accessibility Guidelines 2.1, 1.4.3 and 1.4.11.
    private const double OfText = 4.5, OfLines = 3;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Colours_stand_out_in_both_schemes(int scheme)
    {
        IReadOnlyDictionary<string, double> light = Luminances(scheme);
        foreach (string text in (string[])["ink", "soft", "good", "bad", "doubt"])
            Assert.All(["page", "paper"], paper => AtLeast(OfText, light, text, paper));
        foreach ((string text, string paper) in ((string, string)[])[("bad", "bad-paper"), ("ink", "bad-paper"), ("doubt", "doubt-paper"), ("ink", "doubt-paper"), ("good", "good-paper"), ("ink", "good-paper"), ("soft", "bad-paper"), ("good", "bad-paper"), ("soft", "doubt-paper"), ("c0", "page")])
            AtLeast(OfText, light, text, paper);
        foreach (string line in (string[])["c0", "c1", "c2", "c3", "c4", "c5", "ref"])
            AtLeast(OfLines, light, line, "paper");
    }

    [Fact]
    public void Paper_is_white_whatever_the_reader_prefers()
    {
        Assert.Contains("@media screen and (prefers-color-scheme: dark)", ReportStyle.Css, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"@media \(prefers-color-scheme", ReportStyle.Css);
        Assert.Equal(ReportStyle.Css.Count(c => c == '{'), ReportStyle.Css.Count(c => c == '}'));
    }

    private static void AtLeast(double contrast, IReadOnlyDictionary<string, double> luminance, string front, string back)
    {
        double high = Math.Max(luminance[front], luminance[back]), low = Math.Min(luminance[front], luminance[back]);
        Assert.True((high + 0.05) / (low + 0.05) >= contrast, FormattableString.Invariant($"{front} on {back}: {(high + 0.05) / (low + 0.05):F2}"));
    }

    private static Dictionary<string, double> Luminances(int scheme)
    {
        string block = Regex.Matches(ReportStyle.Css, @":root \{([^}]*)\}")[scheme].Groups[1].Value;
        return Regex.Matches(block, "--([a-z0-9-]+): #([0-9a-f]{6});").ToDictionary(match => match.Groups[1].Value, match => Luminance(match.Groups[2].Value));
    }

    private static double Luminance(string hexadecimal)
    {
        double Channel(int place)
        {
            double value = int.Parse(hexadecimal.AsSpan(place, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.03928 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(0)) + (0.7152 * Channel(2)) + (0.0722 * Channel(4));
    }
}

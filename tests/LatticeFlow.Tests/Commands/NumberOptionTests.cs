using System.CommandLine;
using System.Globalization;
using LatticeFlow.Cli.Commands;

namespace LatticeFlow.Tests;

/// <summary>Numbers on the command line mean the same wherever the program runs.</summary>
public class NumberOptionTests
{
    private static readonly string[] NotNumbers = ["6,0", "1.000,5", "1 000", "6_0", "0x10", "６", "", " 6", "6 ", "-1", "nan", "NaN", "inf", "-inf", "1e999", "six", "٦"];

    public static TheoryData<string, string> NumericOptions
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var command in Tree().Subcommands)
            {
                foreach (var option in command.Options.Where(option => IsNumeric(option.ValueType)))
                    all.Add(command.Name, option.Name);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void Only_plain_numbers_are_numbers_in_every_culture(string name, string option)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            // The form of numbers of Germany, made here because the program carries no cultures.
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
            foreach (var culture in new[] { CultureInfo.InvariantCulture, german })
            {
                CultureInfo.CurrentCulture = culture;
                Assert.All(NotNumbers, text => Assert.NotEmpty(Parse(name, option, text).Errors));
                Assert.DoesNotContain(Parse(name, option, "6").Errors, error => error.Message.Contains(option, StringComparison.Ordinal));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_options_with_numbers_are_the_known_ones()
        => Assert.Equal(
            [
                "export --configuration", "extend --configurations", "extend --train-steps", "import --beta", "import --extents", "init --anisotropy", "init --beta", "init --boundary", "init --c1",
                "init --defect", "init --defect-direction", "init --defect-size", "init --extents", "init --lambda", "init --mass-squared", "watch --interval",
            ],
            NumericOptions.Select(row => $"{row[0]} {row[1]}").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("6.0", 6.0)]
    [InlineData("5.7e0", 5.7)]
    [InlineData("0", 0.0)]
    public void A_coupling_is_read(string text, double value)
        => Assert.Equal(value, Parse("import", "--beta", text).GetValue<double?>("--beta"));

    [Fact]
    public void A_coupling_with_a_comma_is_refused()
    {
        foreach (string beta in new[] { "6,0", "-6", "nan" })
        {
            var (code, _, error) = CommandRun.Invoke("import", GaugeSamples.Milc, "--to", "never", "--beta", beta);
            Assert.Equal(ExitCode.BadUsage, code);
            Assert.Contains($"--beta {beta}: must be a finite number of at least 0, such as 6.0", error, StringComparison.Ordinal);
        }
    }

    private static ParseResult Parse(string command, string option, string value)
    {
        // --extents takes four.
        string[] values = option == "--extents" ? [value, "4", "4", "4"] : [value];
        string[] arguments = command == "export" ? ["export", "run", "--output", "out"] : [command, "file", "--to", "out"];
        return Tree().Parse([.. arguments, option, .. values]);
    }

    private static RootCommand Tree() => new CommandTree(new(), (_, _, _) => 0).Root;

    private static bool IsNumeric(Type type)
    {
        var inner = Nullable.GetUnderlyingType(type.GetElementType() ?? type) ?? type.GetElementType() ?? type;
        return Type.GetTypeCode(inner) is >= TypeCode.SByte and <= TypeCode.Decimal;
    }
}

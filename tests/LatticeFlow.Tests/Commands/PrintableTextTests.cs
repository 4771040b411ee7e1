using LatticeFlow.Interchange;

namespace LatticeFlow.Tests;

/// <summary>Text from outside cannot steer a terminal.</summary>
public sealed class PrintableTextTests : IDisposable
{
    private const string Escape = "\x1b[2J\x1b]0;owned\a\rfake\nerror: forged \u009b31m \u202egnp";

    private readonly ScratchDirectory scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("plain ⟨Q²⟩ β 日本 😀", "plain ⟨Q²⟩ β 日本 😀")]
    [InlineData("\x1b[31m", "\\x1b[31m")]
    [InlineData("a\tb\nc\rd", "a b\\x0ac\\x0dd")]
    [InlineData("\x7f\u0085\u009b", "\\x7f\\x85\\x9b")]
    [InlineData("\u202e\u2066\u200b\u2028\ufeff", "\\u202e\\u2066\\u200b\\u2028\\ufeff")]
    [InlineData("", "")]
    public void Only_what_is_printable_stays(string text, string expected)
    {
        Assert.Equal(expected, PrintableText.Line(text));
        Assert.Equal(expected.Replace("\\x0a", "\n", StringComparison.Ordinal), PrintableText.Lines(text));
    }

    // Not as a theory: the runner cannot pass it on.
    [Fact]
    public void Half_a_surrogate_pair_is_shown_as_what_it_is() => Assert.Equal("\\ud83dx\\ude00", PrintableText.Line("\ud83dx\ude00"));

    [Fact]
    public void Quoted_values_are_short() => Assert.Equal(new string('a', 79) + "…", PrintableText.Short(new string('a', 1_000_000)));

    [LinuxFact]
    public void Nothing_foreign_reaches_the_terminal_as_it_is()
    {
        string file = scratch.At("f" + Escape.Replace("/", "", StringComparison.Ordinal));
        File.WriteAllText(file, $"BEGIN_HEADER\nDATATYPE = {Escape.Replace("\n", "", StringComparison.Ordinal)}\nEND_HEADER\n");
        string config = scratch.At("c.toml");
        File.WriteAllText(config, "[run]\nname = \"x\"\n\"\\u001b[31mkey\" = 1\n");
        string good = scratch.At("good" + Escape);
        File.Copy(GaugeSamples.Milc, good);
        foreach (string[] arguments in new string[][]
        {
            ["import", file, "--to", scratch.At("x")],
            ["import", file, "--to", scratch.At("x"), "--format", Escape],
            ["import", good, "--to", scratch.At("y")],
            ["validate", config],
            ["validate", Escape],
            ["run", config, "--set", $"run.{Escape}=1"],
            ["analyze", Escape],
            [Escape],
            ["import", "--" + Escape],
            ["import", "a", "--to", "b", "--beta", Escape],
        })
        {
            var (_, output, error) = CommandRun.Invoke(arguments);
            Assert.DoesNotContain(error + output, c => c != '\n' && (char.IsControl(c) || c is '\u202e'));
            Assert.DoesNotContain("\nerror: forged", error, StringComparison.Ordinal);
        }
    }
}

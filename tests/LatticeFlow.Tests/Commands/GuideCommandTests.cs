using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Services;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary><c>help</c>, <c>man</c>, <c>completion</c>, and that no command takes an option that it does not use.</summary>
public sealed class GuideCommandTests(ITestOutputHelper log) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("latticeflow-").FullName;

    private static readonly RootCommand _root = new CommandTree(BuiltServices.Create(), (_, _, _) => 0).Root;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string> Commands { get; } = new(_root.Subcommands.Select(command => command.Name));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Options_that_a_command_does_not_have_are_refused(string name)
    {
        var command = _root.Subcommands.Single(command => command.Name == name);
        // A command of a later version takes anything, and says that it is not built.
        if (!command.TreatUnmatchedTokensAsErrors) return;
        string[] own = [.. command.Options.SelectMany(option => option.Aliases.Append(option.Name))];
        foreach (var option in _root.Subcommands.SelectMany(other => other.Options).Where(option => !own.Contains(option.Name) && option.Name.StartsWith("--", StringComparison.Ordinal)).DistinctBy(option => option.Name))
        {
            string[] arguments = [name, .. command.Arguments.Select(_ => "x"), option.Name, .. CommandValue.TakesValue(option) ? new[] { "1" } : []];
            var (code, output, error) = Invoke(arguments);
            Assert.Equal((ExitCode.BadUsage, ""), (code, output));
            Assert.StartsWith($"error: unknown option {option.Name}; ", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_options_of_commands_are_those_they_use()
    {
        // What is only looked at needs no device and no changes; what computes has both.
        string[] Having(string option) => [.. _root.Subcommands.Where(command => command.Options.Any(own => own.Name == option)).Select(command => command.Name)];
        Assert.DoesNotContain("report", Having("--device"));
        Assert.DoesNotContain("report", Having("--set"));
        Assert.Equal(["run", "train", "sample"], Having("--dry-run"));
        Assert.All(_root.Subcommands.SelectMany(command => command.Options), option => Assert.False(string.IsNullOrWhiteSpace(option.Description)));
        Assert.All(_root.Subcommands, command => Assert.EndsWith(".", command.Description, StringComparison.Ordinal));
    }

    [Fact]
    public void Help_of_a_command_is_its_help()
    {
        Assert.Equal(Invoke("run", "--help"), Invoke("help", "run"));
        Assert.Equal(Invoke("--help"), Invoke("help"));
        Assert.Equal((ExitCode.BadUsage, "", "error: help rnu: is no command; did you mean run?\n"), Invoke("help", "rnu"));
    }

    [Fact]
    public void The_manual_has_every_command_and_option()
    {
        var (code, page, error) = Invoke("man");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.All(page, c => Assert.InRange(c, '\n', '~'));
        foreach (var command in _root.Subcommands)
        {
            var section = Regex.Match(page, $@"\.SS {command.Name}\n(.*?)(?=\n\.S[SH] )", RegexOptions.Singleline).Groups[1].Value;
            Assert.NotEmpty(section);
            Assert.All(command.Options.Where(option => !option.Hidden), option => Assert.Contains($"\\fB{option.Name.Replace("-", "\\-", StringComparison.Ordinal)}\\fR", section, StringComparison.Ordinal));
        }
        if (Run("groff", page, "-man", "-Tutf8", "-ww", "-P-cbou") is not { } shown) return;
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.Contains("SYNOPSIS", shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".start -x \\ '…", "\\&.start \\-x \\e '\\[u2026]")]
    [InlineData("'start", "\\&'start")]
    [InlineData("two\nlines", "two lines")]
    public void Text_of_the_manual_is_text(string text, string expected) => Assert.Equal(expected, ManualPage.Text(text));

    [Theory]
    [InlineData("re", "repair report")]
    [InlineData("run --d", "--device --dry-run")]
    [InlineData("run --device c", "cpu cuda")]
    [InlineData("run --device = o", "opencl")]
    [InlineData("run --set train", "")]
    [InlineData("completion ", "bash fish zsh")]
    [InlineData("help dev", "devices")]
    [InlineData("analyze some", "some-run")]
    [InlineData("run some", "some-run some.toml")]
    public void Bash_completes(string line, string expected)
    {
        Directory.CreateDirectory(Path.Join(_directory, "some-run"));
        File.WriteAllText(Path.Join(_directory, "some.toml"), "");
        var script = $"{Invoke("completion", "bash").Output}\nset -u\nCOMP_WORDS=(latticeflow {line}{(line.EndsWith(' ') ? "''" : "")})\nCOMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\ncomplete -p latticeflow >/dev/null || exit 9\n_latticeflow\necho \"${{COMPREPLY[*]-}}\"\n";
        if (Run("bash", script, "--norc", "-s") is not { } ran) return;
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Equal(expected.Split(' ').Order(), ran.Output.Trim().Split(' ').Order());
    }

    [Fact]
    public void Bash_completes_every_option_of_every_command()
    {
        var script = Invoke("completion", "bash").Output;
        Assert.All(_root.Subcommands, command => Assert.Contains($"{command.Name}) COMPREPLY=($(compgen -W \"{string.Join(' ', command.Options.Where(option => !option.Hidden).Select(option => option.Name))}\"", script, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Scripts_of_other_shells_are_well_formed(string shell)
    {
        var script = Invoke("completion", shell).Output;
        Assert.All(_root.Subcommands, command => Assert.Contains(command.Name, script, StringComparison.Ordinal));
        var path = Path.Join(_directory, "script");
        File.WriteAllText(path, script);
        if (Run(shell, "", "-n", path) is { } checkedScript) Assert.Equal((0, ""), (checkedScript.Code, checkedScript.Error));
        if (shell != "fish" || Run(shell, "", "--no-config", "-c", $"source {path}; complete -C 'latticeflow run --dev'; complete -C 'latticeflow run --device cu'; complete -C 'latticeflow doc'") is not { } ran) return;
        Assert.Equal("", ran.Error);
        Assert.Equal(["--device", "cuda", "doctor"], ran.Output.TrimEnd().Split('\n').Select(line => line.Split('\t')[0]));
    }

    [Fact]
    public void An_unknown_shell_is_refused() =>
        Assert.Equal((ExitCode.BadUsage, "", "error: completion tcsh: must be one of bash, zsh, fish\n"), Invoke("completion", "tcsh"));

    /// <summary>A program with text on its standard input; null, with words, where it is not installed.</summary>
    private (int Code, string Output, string Error)? Run(string program, string input, params string[] arguments)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Join(folder, program))))
        {
            log.WriteLine($"{program} is not installed: not checked with it");
            return null;
        }

        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _directory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        return (process.ExitCode, output.Result, error.Result);
    }

    private static (int Code, string Output, string Error) Invoke(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Invoke(arguments, BuiltServices.Create(), output, error);
        return (code, output.ToString(), error.ToString());
    }
}

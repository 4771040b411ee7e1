using System.CommandLine;
using System.Globalization;
using System.Text;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Commands;

/// <summary>The manual page, section 1, in roff with the macros of man(7): commands and options come from the tree, so that they cannot differ from it.</summary>
internal static class ManualPage
{
    private static readonly (string Code, string Meaning)[] _exits =
    [
        ("0", "done"),
        ("2", "bad usage or configuration: nothing was computed"),
        ("3", "diagnostics failed: everything is written, and cannot be believed as it is"),
        ("4", "corrupt data"),
        ("5", "the device is not there or failed"),
        ("75", "stopped after a checkpoint: run again with --resume"),
    ];

    private static readonly (string Name, string Meaning)[] _environment =
    [
        ("LATTICEFLOW_ISA", "instruction set of the CPU: avx512, avx2 or scalar; the best one unless set"),
        ("LATTICEFLOW_STACK", "set to 1 to see the stack of an internal error"),
    ];

    public static string Write(RootCommand root)
    {
        var page = new StringBuilder();
        var (version, _) = Provenance.OfThisBuild();
        page.Append(CultureInfo.InvariantCulture, $".\\\" Written by latticeflow man\n.TH LATTICEFLOW 1 \"\" \"latticeflow {Text(version)}\" \"User Commands\"\n");
        page.Append(CultureInfo.InvariantCulture, $".SH NAME\nlatticeflow \\- lattice gauge theory sampled exactly with gauge\\-equivariant normalizing flows\n");
        page.Append(".SH SYNOPSIS\n");
        foreach (var command in root.Subcommands) page.Append(CultureInfo.InvariantCulture, $"{Synopsis(command)}\n.br\n");
        page.Append(CultureInfo.InvariantCulture, $".SH DESCRIPTION\n{Text(root.Description)}\nData go to standard output, messages to standard error. Configurations are TOML files; \\fBlatticeflow init\\fR writes one.\n.SH COMMANDS\n");
        foreach (var command in root.Subcommands) Append(page, command);
        page.Append(".SH EXIT STATUS\n");
        foreach (var (code, meaning) in _exits) Term(page, $"\\fB{code}\\fR", meaning);
        page.Append(".SH SIGNALS\nSIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2 and SIGXCPU end a run after one transition, with a checkpoint and exit status 75; a second one ends it at once.\n.SH ENVIRONMENT\n");
        foreach (var (name, meaning) in _environment) Term(page, $"\\fB{name}\\fR", meaning);
        page.Append(".SH FILES\n");
        Term(page, "\\fIruns/NAME\\fR", "the run directory: config.toml, resolved.toml, provenance.json, metrics.jsonl, log.txt, flow/, ensemble/, analysis.json and report.html");
        page.Append(".SH EXAMPLES\n.nf\n");
        foreach (var line in (string[])["latticeflow init --group SU3 --extents 8 8 8 8 --beta 6 --output su3.toml", "latticeflow run su3.toml --dry-run", "latticeflow run su3.toml", "latticeflow run su3.toml --resume", "latticeflow analyze runs/su3_4d_L8_beta6"])
            page.Append(CultureInfo.InvariantCulture, $"{Text(line)}\n");
        page.Append(".fi\n");
        return page.ToString();
    }

    private static void Append(StringBuilder page, Command command)
    {
        page.Append(CultureInfo.InvariantCulture, $".SS {Text(command.Name)}\n{Synopsis(command)}\n.PP\n{Text(command.Description)}\n");
        foreach (var argument in command.Arguments.Where(argument => !argument.Hidden)) Term(page, $"\\fI{Text(argument.Name)}\\fR", argument.Description);
        foreach (var option in command.Options.Where(option => !option.Hidden))
            Term(page, string.Join(", ", option.Aliases.Prepend(option.Name).Select(name => $"\\fB{Text(name)}\\fR")) + (CommandValue.TakesValue(option) ? $" \\fI{Text(option.HelpName ?? "VALUE")}\\fR" : ""), option.Description);
    }

    private static string Synopsis(Command command)
    {
        var line = new StringBuilder($"\\fBlatticeflow {Text(command.Name)}\\fR");
        foreach (var argument in command.Arguments.Where(argument => !argument.Hidden))
        {
            var name = $"\\fI{Text(argument.Name)}\\fR{(argument.Arity.MaximumNumberOfValues > 1 ? "..." : "")}";
            line.Append(CultureInfo.InvariantCulture, $" {(argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name)}");
        }
        foreach (var option in command.Options.Where(option => option.Required)) line.Append(CultureInfo.InvariantCulture, $" \\fB{Text(option.Name)}\\fR \\fI{Text(option.HelpName ?? "VALUE")}\\fR");
        return line.Append(" [options]").ToString();
    }

    private static void Term(StringBuilder page, string term, string? meaning) => page.Append(CultureInfo.InvariantCulture, $".TP\n{term}\n{Text(meaning)}\n");

    /// <summary>Text that roff shows as it is: no escape, no request at the start of a line, nothing but ASCII in the file.</summary>
    internal static string Text(string? text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in (text ?? "").ReplaceLineEndings(" ").EnumerateRunes())
        {
            if (rune.Value == '\\') escaped.Append("\\e");
            else if (rune.Value == '-') escaped.Append("\\-");
            else if (rune.IsAscii) escaped.Append(rune);
            else escaped.Append(CultureInfo.InvariantCulture, $"\\[u{rune.Value:X4}]");
        }
        return escaped.Length > 0 && escaped[0] is '.' or '\'' ? $"\\&{escaped}" : escaped.ToString();
    }
}

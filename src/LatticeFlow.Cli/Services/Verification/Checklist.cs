using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>One thing that was checked: what it is, the figure found, and how large it may be.</summary>
public sealed record Check(string Name, string Figure, string Tolerance, int ExitCode);

/// <summary>The checks of a run; each is printed as soon as it is done.</summary>
public sealed class Checklist(TextWriter output, bool json)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };
    private readonly List<Check> _checks = [];

    public IReadOnlyList<Check> Checks => _checks;

    /// <summary>0, or 4 where data are corrupt, else 3 where a check failed.</summary>
    public int ExitCode => _checks.Select(check => check.ExitCode).DefaultIfEmpty(LatticeFlow.ExitCode.Done).Max();

    /// <summary>Passes where |figure| is at most the tolerance; a figure that is no number fails.</summary>
    public void AtMost(string name, string figure, double value, double tolerance) => Add(new(
        name, string.Create(CultureInfo.InvariantCulture, $"{figure} = {value:G3}"), string.Create(CultureInfo.InvariantCulture, $"at most {tolerance:G3}"),
        Math.Abs(value) <= tolerance ? LatticeFlow.ExitCode.Done : LatticeFlow.ExitCode.DiagnosticsFailed));

    public void Passed(string name, string figure) => Add(new(name, figure, "", LatticeFlow.ExitCode.Done));

    /// <summary>A check that found something (exit code 3).</summary>
    public void Failed(string name, string figure) => Add(new(name, figure, "", LatticeFlow.ExitCode.DiagnosticsFailed));

    /// <summary>A check that found data lost or damaged (exit code 4).</summary>
    public void Corrupt(string name, string figure) => Add(new(name, figure, "", LatticeFlow.ExitCode.CorruptData));

    /// <summary>Passes where nothing was found; else fails with what was.</summary>
    public void Unless(string name, string? fault, string figure)
    {
        if (fault is null) Passed(name, figure);
        else Failed(name, fault);
    }

    /// <summary>Does a group of checks; data that cannot be read end it as one failed check, and the next group goes on.</summary>
    public void Group(string name, Action body)
    {
        try
        {
            body();
        }
        catch (StorageException exception)
        {
            Add(new(name, exception.Message, "", exception.ExitCode == StorageException.Corrupt ? LatticeFlow.ExitCode.CorruptData : LatticeFlow.ExitCode.DiagnosticsFailed));
        }
        catch (UserErrorException exception)
        {
            Add(new(name, exception.Report, "", exception.ExitCode == LatticeFlow.ExitCode.CorruptData ? LatticeFlow.ExitCode.CorruptData : LatticeFlow.ExitCode.DiagnosticsFailed));
        }
    }

    /// <summary>Writes what was not printed on the way. Where nothing could be checked, that is a failure.</summary>
    public void Finish(string runDirectory)
    {
        if (_checks.Count == 0) Failed("run", "there is nothing that could be checked");
        if (!json)
        {
            var failed = _checks.Count(check => check.ExitCode != LatticeFlow.ExitCode.Done);
            output.WriteLine($"{PrintableText.Line(runDirectory)}: {_checks.Count - failed} passed, {failed} failed");
            return;
        }
        output.WriteLine(new JsonObject
        {
            ["run"] = runDirectory,
            ["exit_code"] = ExitCode,
            ["checks"] = new JsonArray([.. _checks.Select(check => new JsonObject
            {
                ["check"] = check.Name,
                ["passed"] = check.ExitCode == LatticeFlow.ExitCode.Done,
                ["figure"] = check.Figure,
                ["tolerance"] = check.Tolerance,
            })]),
        }.ToJsonString(_indented));
    }

    private void Add(Check check)
    {
        _checks.Add(check);
        if (json) return;
        var verdict = check.ExitCode switch { LatticeFlow.ExitCode.Done => "ok  ", LatticeFlow.ExitCode.CorruptData => "BAD ", _ => "FAIL" };
        output.WriteLine(PrintableText.Line($"{verdict} {check.Name}: {check.Figure}{(check.Tolerance == "" ? "" : $" ({check.Tolerance})")}"));
    }
}

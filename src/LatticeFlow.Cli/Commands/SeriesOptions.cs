using System.CommandLine;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Series;

namespace LatticeFlow.Cli.Commands;

/// <summary>Analyse series in files of any program.</summary>
/// <param name="Files">Text, CSV or HDF5; all are replicas of one ensemble.</param>
/// <param name="Choice">Which columns mean what.</param>
/// <param name="Overrides">How errors are found, formulas and fits.</param>
/// <param name="Output">Directory for <c>analysis.json</c> and <c>report.html</c>; null: nothing is written.</param>
public sealed record SeriesRequest(IReadOnlyList<string> Files, SeriesChoice Choice, IReadOnlyList<Override> Overrides, string? Output);

/// <summary>Options of <c>analyze</c> for files of series.</summary>
internal sealed class SeriesOptions
{
    private readonly Option<string?> _columns = Text("--columns", "Of files: observables by name or by number from 1, separated by commas; all unless given.", "A,B");
    private readonly Option<string?> _chain = Text("--chain-column", "Of files: the column that tells chains apart; none: there is none.", "NAME");
    private readonly Option<string?> _number = Text("--number-column", "Of files: the column with the numbers of configurations, gaps included; none: there is none.", "NAME");
    private readonly Option<string?> _separator = Text("--separator", "Of files: comma, semicolon, tab or blank; found out unless given.", "WORD");

    private Option<string?>[] All => [_columns, _chain, _number, _separator];

    public void AddTo(Command command)
    {
        foreach (var option in All) command.Add(option);
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="UserErrorException">A separator is none.</exception>
    public SeriesChoice Of(ParseResult result) => new()
    {
        Columns = Value(result, _columns)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        Chain = Value(result, _chain),
        Number = Value(result, _number),
        Separator = Value(result, _separator) switch
        {
            null => null,
            "comma" => ',',
            "semicolon" => ';',
            "tab" => '\t',
            "blank" => ' ',
            var other => throw new UserErrorException("must be comma, semicolon, tab or blank") { Key = $"--separator {PrintableText.Short(other)}" },
        },
    };

    /// <exception cref="UserErrorException">One of them is given with runs.</exception>
    public void Refuse(ParseResult result)
    {
        if (All.FirstOrDefault(option => result.GetResult(option) is not null) is { } option) throw new UserErrorException("belongs to files of series, and runs are given") { Key = option.Name, Remedy = "leave it out" };
    }

    private static string? Value(ParseResult result, Option<string?> option) => result.GetResult(option) is null ? null : result.GetValue(option);

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}

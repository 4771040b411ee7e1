using System.CommandLine;
using System.Globalization;
using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Cli.Commands;

/// <summary>Several runs that differ in values of their configuration, each in a directory of its own under one parent.</summary>
/// <param name="Parent">The parent.</param>
/// <param name="Points">All points.</param>
/// <param name="Files">The configuration of each.</param>
/// <param name="Chosen">The one to run; null: all.</param>
/// <param name="ListOnly">Whether the points are listed, and nothing is run.</param>
/// <param name="Resume">Go on with points that were begun.</param>
public sealed record SweepRequest(string Parent, IReadOnlyList<SweepPoint> Points, IReadOnlyList<ConfigurationFile> Files, int? Chosen, bool ListOnly, bool Resume);

/// <summary><c>--sweep</c> and <c>--point</c>.</summary>
internal sealed class SweepOptions
{
    private const string List = "list";

    private readonly Option<string[]> _sweep = new("--sweep")
    {
        Description = "One run for each value, in directories under --run-dir: theory.action.beta=5.6:5.8:0.05 (first:last:step) or a list a,b,c; several make all combinations.",
        HelpName = "KEY=VALUES",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _point = new("--point") { Description = "Of a sweep, only the point of this number, from 0, as an element of a batch array; list: show all, and run none.", HelpName = "K" };

    public void AddTo(Command command)
    {
        command.Add(_sweep);
        command.Add(_point);
    }

    /// <summary>Null where no sweep is asked for.</summary>
    /// <exception cref="UserErrorException">It cannot be.</exception>
    /// <exception cref="ConfigurationException">The configuration of a point is wrong.</exception>
    public SweepRequest? Of(ParseResult result, string? config, string? runDirectory, bool resume, IReadOnlyList<Override> overrides)
    {
        var point = result.GetResult(_point) is null ? null : result.GetValue(_point);
        if (result.GetResult(_sweep) is null) return point is null ? null : throw new UserErrorException("belongs to a sweep") { Key = "--point", Remedy = "add --sweep KEY=VALUES" };
        if (config is null || ConfigurationFile.IsRun(config)) throw new UserErrorException("a sweep needs its configuration, with --resume too") { Key = "CONFIG" };
        var points = SweepPoint.Of([.. (result.GetValue(_sweep) ?? []).Select(SweepAxis.Parse)]);
        int? chosen = null;
        if (point is not null and not List)
        {
            if (!int.TryParse(point, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= points.Count)
                throw new UserErrorException($"must be 0 to {points.Count - 1}, or {List}") { Key = $"--point {PrintableText.Short(point)}" };
            chosen = number;
        }
        ConfigurationFile[] files = [.. points.Select(entry => Load(config, entry, overrides))];
        // Names and seeds of points differ, those of the base are what they come from.
        var parent = runDirectory ?? Path.Join("runs", ConfigurationFile.Load(config, [.. overrides, .. Values(points[0])]).Configuration.Run.Name);
        return new(parent, points, files, chosen, point == List, resume);
    }

    /// <summary>Every point has random numbers of its own: equal ones would correlate neighbouring points, and fits and curves through them would take that for agreement.</summary>
    private static ConfigurationFile Load(string config, SweepPoint point, IReadOnlyList<Override> overrides)
    {
        IReadOnlyList<Override> values = [.. overrides, .. Values(point)];
        var run = ConfigurationFile.Load(config, values).Configuration.Run;
        var seed = (long)(DerivedSeed.Of((ulong)run.Seed, "sweep", point.Label) >> 1);
        var place = new Place($"--sweep, point {point.Number}");
        return ConfigurationFile.Load(config, [.. values, new("run.seed", seed.ToString(CultureInfo.InvariantCulture), place), new("run.name", TomlText.Quote(Named(run.Name, point.Label)), place)]);
    }

    private static string Named(string name, string label)
    {
        const int Longest = 100;
        var whole = $"{name}_{label}";
        return whole.Length <= Longest ? whole : whole[..Longest];
    }

    private static IEnumerable<Override> Values(SweepPoint point) => point.Values.Select(entry => new Override(entry.Path, entry.Value, new($"--sweep {entry.Path}={entry.Value}")));
}

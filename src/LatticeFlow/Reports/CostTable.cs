using System.Globalization;

namespace LatticeFlow.Reports;

/// <summary>Costs of independent configurations side by side, as cells of a table: the same on a terminal, on pages and in comparisons.</summary>
public static class CostTable
{
    private const double Giga = 1e9;

    /// <summary>Heads and rows of samplers, each with its <c>cost</c>; kinds of work that none of them does have no column. No rows where no cost is known.</summary>
    public static (string[] Heads, IReadOnlyList<string[]> Rows) Of(IEnumerable<(string Sampler, CostDocument? Cost)> samplers)
    {
        (string Sampler, CostDocument Cost)[] known = [.. samplers.Where(entry => entry.Cost is { Independent.Count: > 0 }).Select(entry => (entry.Sampler, entry.Cost!))];
        string[] kinds = [.. Costs.Work.Kinds.Select(Costs.Work.Name).Where(name => known.Any(entry => entry.Cost.Elements.ContainsKey(name)))];
        bool hasJoules = known.Any(entry => entry.Cost.Joules is not null);
        string[] heads = ["sampler", "of", .. kinds.Select(name => name.Replace('_', ' ')), "Gflop", "seconds", .. hasJoules ? (string[])["joules"] : []];
        return (heads, [.. known.SelectMany(entry => entry.Cost.Independent.Select(share => (string[])
        [
            entry.Sampler,
            share.Key,
            .. kinds.Select(name => share.Value.Elements.TryGetValue(name, out double elements) ? Number(elements) : "-"),
            share.Value.Flops is { } flops ? Number(flops / Giga) : "not stated",
            Number(share.Value.Seconds),
            .. hasJoules ? (string[])[share.Value.Joules is { } joules ? Number(joules) : "-"] : [],
        ]))]);
    }

    /// <summary>What stands above such a table.</summary>
    public static string Title(bool ofScalar) =>
        $"cost of an independent configuration (2 tau_int rows of the observable, of weighted ones more): {(ofScalar ? "sites" : "links")} by kind of work, nominal operations, wall time; thermalization and training included";

    private static string Number(double value) => value.ToString(value is >= 1e5 or < 1e-3 and not 0 ? "0.00e+0" : value >= 1000 ? "F0" : "G3", CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace LatticeFlow.Reports;

/// <summary>
/// Whether a charge that is an integer only about, as <c>clover_charge_flowT</c> of SU(N) in four dimensions, was ever seen to change its sector. Values of one sector scatter by less than those of two differ; where chains never left
/// theirs, the autocorrelation that is seen is that of the scatter.
/// </summary>
internal static class StillCharge
{
    /// <summary>Half the distance of two sectors.</summary>
    private const double LargestRange = 0.5;

    /// <summary>Fewer configurations than these are too few for anything.</summary>
    private const int FewestConfigurations = 50;

    private const string Prefix = "clover_charge_flow";

    /// <summary>What is said of the charge at the largest flow time, where no chain of the ensemble left its sector; at most one line.</summary>
    public static IEnumerable<string> Warnings(EnsembleSeries series)
    {
        var charges = series.Observables.Where(one => one.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToArray();
        if (charges.Length == 0) yield break;
        var (name, chains) = charges.MaxBy(one => double.Parse(one.Key[Prefix.Length..], CultureInfo.InvariantCulture));
        int configurations = chains.Sum(chain => chain.Length);
        if (configurations < FewestConfigurations || !chains.All(chain => chain.Max() - chain.Min() < LargestRange)) yield break;
        yield return FormattableString.Invariant(
            $"WARNING: no change of the topological sector was seen: {name} stayed within {LargestRange} in each of {chains.Count} chains, {configurations} configurations. If the action has other sectors of a probability p that counts, its autocorrelation time is above some p/3 times as many, and averages are those of the sectors that chains started in.");
    }
}

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

    /// <summary>With fewer steps from one configuration of a chain to the next nothing can be said.</summary>
    private const int FewestSteps = 50;

    private const string Prefix = "clover_charge_flow";

    /// <summary>What is said of the charge at the largest flow time, where no chain of the ensemble left its sector; at most one line. Weighted rows are end points of trajectories, whose starts have chains of their own.</summary>
    public static IEnumerable<string> Warnings(EnsembleSeries series)
    {
        if (series.Weights is not null) yield break;
        var charges = series.Observables.Select(one => (one.Key, Time: TimeOf(one.Key), one.Value)).Where(one => one.Time is not null).ToArray();
        if (charges.Length == 0) yield break;
        var (name, _, chains) = charges.MaxBy(one => one.Time);
        int steps = chains.Sum(chain => Math.Max(0, chain.Length - 1));
        if (steps < FewestSteps || !chains.All(chain => chain.Length == 0 || chain.Max() - chain.Min() < LargestRange)) yield break;
        yield return FormattableString.Invariant(
            $"WARNING: no change of the topological sector was seen: {name} stayed within {LargestRange} in each of {chains.Count} chains, {steps} steps from one configuration to the next. If other sectors have a probability p that counts, its autocorrelation time is above some p/3 times as many, and averages are those of the sectors that chains started in.");
    }

    private static double? TimeOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && double.TryParse(name.AsSpan(Prefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double time) ? time : null;
}

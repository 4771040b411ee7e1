using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>
/// The slowest thing that an ensemble shows: the largest τ_int of its observables, or the time between changes of the topological sector. Everything that is coupled to it, however weakly, has errors that are no better
/// known than it is.
/// </summary>
internal static class SlowestMode
{
    /// <summary>Below this many of its times the errors of an ensemble are not to be trusted.</summary>
    public const double FewestTimes = 50;

    /// <summary>What slow modes are looked for among: what was measured, and Q² where Q was, because what is even in Q is blind to Q itself.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<double[]> Replicas)> Candidates(EnsembleSeries series, IEnumerable<(string Name, IReadOnlyList<double[]> Replicas)> measured)
    {
        foreach ((string Name, IReadOnlyList<double[]> Replicas) entry in measured.Where(entry => entry.Name != EnsembleAnalysis.Susceptibility)) yield return entry;
        foreach ((string name, IReadOnlyList<double[]> charge) in series.Observables)
        {
            bool isCharge = name == ChargeSectors.Charge || name.StartsWith("clover_charge", StringComparison.Ordinal);
            if (isCharge && !series.Observables.ContainsKey(name + "_squared")) yield return ($"{name}_squared", series.Weighed(EnsembleAnalysis.Map(charge, q => q * q)));
        }
    }

    /// <summary>Its name and its time in stored configurations, of all observables and of the charge; null without one that moves.</summary>
    public static (string Name, double Time)? Of(IReadOnlyDictionary<string, ObservableDocument> observables, SectorChanges? sectors)
    {
        IEnumerable<(string Name, double Time)> modes = observables.Select(pair => (pair.Key, pair.Value.TauInt)).Where(mode => double.IsFinite(mode.TauInt));
        if (sectors is not null) modes = modes.Append(("the topological sector", sectors.Time / 2));
        return modes.Any() ? modes.MaxBy(mode => mode.Time) : null;
    }

    /// <summary>What is said of an ensemble that is too short for it, or null.</summary>
    public static string? Warning((string Name, double Time)? mode, long configurations) => mode is { } slow && configurations < FewestTimes * slow.Time
        ? FormattableString.Invariant($"WARNING: {configurations} configurations are {configurations / slow.Time:F0} times the slowest mode seen, {slow.Name} with {slow.Time:G3} configurations: with fewer than {FewestTimes} the errors of whatever is coupled to it are too small by an unknown factor.")
        : null;
}

using LatticeFlow.Expressions;
using LatticeFlow.Reweighting;

namespace LatticeFlow.Reports;

/// <summary>An ensemble that may be joined with others: where it comes from, its coupling, its series, and s = S/β of every configuration.</summary>
public sealed record ReweightableEnsemble(string Run, double Beta, EnsembleSeries Series, IReadOnlyList<double[]> Action);

/// <summary>Ensembles of one theory at several couplings as curves.</summary>
public static class ReweightingAnalysis
{
    // Below this neighbours hardly know of each other, and below that not at all.
    private const double LittleOverlap = 0.05, NoOverlap = 1e-3;

    // Fewer independent configurations with weight have no error that could be believed.
    private const double FewestEffective = 20;

    /// <summary>Curves of all quantities at the couplings of <paramref name="grid"/>; what has no overlap is left out with a warning.</summary>
    /// <exception cref="ArgumentException">Neighbouring couplings have nothing in common.</exception>
    public static ReweightingDocument Of(IReadOnlyList<ReweightableEnsemble> ensembles, TheoryDocument theory, IReadOnlyList<Derivation> derivations, IReadOnlyList<string> observables, IReadOnlyList<double> grid, List<string> warnings)
    {
        ArgumentNullException.ThrowIfNull(ensembles);
        ReweightableEnsemble[] ordered = [.. ensembles.OrderBy(ensemble => ensemble.Beta)];
        CouplingEnsemble[] couplings = [.. ordered.Select(ensemble => CouplingEnsemble.Of(ensemble.Beta, ensemble.Action))];
        var histogram = new MultiHistogram(couplings);
        OverlapDocument[] overlaps = [.. Enumerable.Range(1, ordered.Length - 1).Where(i => ordered[i].Beta > ordered[i - 1].Beta).Select(i => Overlap(ordered[i - 1].Beta, ordered[i].Beta, histogram.Overlap(i - 1, i)))];
        foreach (OverlapDocument overlap in overlaps.Where(overlap => overlap.Overlap < LittleOverlap))
            warnings.Add(FormattableString.Invariant($"WARNING: beta = {overlap.From} and {overlap.To} {overlap.Words}: put a run between them, or take larger ensembles."));
        if (overlaps.FirstOrDefault(overlap => !(overlap.Overlap >= NoOverlap)) is { } none)
            throw new ArgumentException(FormattableString.Invariant($"beta = {none.From} and {none.To} have nothing in common (overlap {none.Overlap:G2}): put runs between them."));

        (double Beta, ReweightedSample Sample)[] samples = [.. grid.Select(beta => (beta, histogram.At(beta)))];
        double[] refused = [.. samples.Where(at => at.Sample.EffectiveSamples < FewestEffective).Select(at => at.Beta)];
        if (refused.Length > 0)
            warnings.Add(FormattableString.Invariant($"WARNING: {refused.Length} of {grid.Count} couplings, from {refused.Min()} to {refused.Max()}, are left out: fewer than {FewestEffective} independent configurations have weight there."));
        samples = [.. samples.Where(at => at.Sample.EffectiveSamples >= FewestEffective)];
        var scope = new ReweightingScope([.. ordered.Select(ensemble => ensemble.Series)], theory, derivations);
        IEnumerable<(string Name, string Text, Expression Formula)> wanted = derivations.Select(derivation => (derivation.Name, derivation.Text, derivation.Formula))
            .Concat(observables.Select(name => (name, name, (Expression)new Symbol(name, null, 0))));
        return new()
        {
            Ensembles = [.. ordered.Select((ensemble, k) => new ReweightedEnsemble(ensemble.Run, ensemble.Series.Sampler, ensemble.Beta, couplings[k].Count, couplings[k].Count / couplings[k].Inefficiency, histogram.FreeEnergies[k]))],
            Overlaps = overlaps,
            Curves = [.. wanted.Select(entry => Curve(scope.Quantity(entry.Name, entry.Text, entry.Formula), entry.Text, histogram, samples, theory))],
        };
    }

    private static ReweightedCurve Curve(ReweightedQuantity quantity, string text, MultiHistogram histogram, (double Beta, ReweightedSample Sample)[] samples, TheoryDocument theory)
    {
        var points = new List<ReweightedPointDocument>();
        foreach ((double beta, ReweightedSample sample) in samples)
        {
            (double value, double[][][] influence) = quantity.Linear(sample);
            if (!double.IsFinite(value)) continue;
            double? exact = quantity.Name == text ? new ExactResults(theory with { Beta = beta }).Value(quantity.Name) : null;
            points.Add(new(beta, value, ReweightedSample.Error(influence), sample.EffectiveFraction, exact));
        }

        ReweightedPeak? peak = points.Count < 3 ? null : quantity.Peak(histogram, [.. points.Select(point => point.Beta)]);
        return new(quantity.Name, text, points) { Peak = peak is not null && double.IsFinite(peak.BetaError) ? peak : null };
    }

    private static OverlapDocument Overlap(double from, double to, double overlap)
        => new(from, to, overlap, overlap >= 0.3 ? "overlap well" : overlap >= LittleOverlap ? "overlap" : overlap >= NoOverlap ? "hardly overlap" : "do not overlap");
}

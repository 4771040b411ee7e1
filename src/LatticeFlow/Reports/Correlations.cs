using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>The correlation matrix of everything that an ensemble gives an error for.</summary>
internal static class Correlations
{
    private const int MostQuantities = 200;

    /// <summary>Null with fewer than two quantities, or more than 200 (their matrix can be had from the series).</summary>
    public static CorrelationDocument? Of(
        IEnumerable<(string Name, IReadOnlyList<double[]> Replicas)> measured, IEnumerable<CovariantQuantity> derived, IReadOnlyDictionary<string, ObservableDocument> observables, GammaConvention convention)
    {
        IEnumerable<CovariantQuantity> means = measured.Select(entry => new CovariantQuantity(entry.Name, [entry.Replicas], values => values[0], _ => [1.0], observables[entry.Name].Error));
        CovariantQuantity[] quantities = [.. means.Concat(derived).Where(quantity => quantity.Error > 0 && double.IsFinite(quantity.Error))];
        if (quantities.Length is < 2 or > MostQuantities) return null;
        return new([.. quantities.Select(quantity => quantity.Name)], Covariance.Correlation(quantities, convention));
    }
}

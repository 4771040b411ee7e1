namespace LatticeFlow.Reports;

/// <summary>Configurations of the target that do not come from the flow alone, with the weights that the flow gives them.</summary>
/// <param name="Source">Sampler they come from.</param>
/// <param name="LogWeights">−S − ln q, <c>[replica][configuration]</c>, in Monte Carlo order.</param>
/// <param name="Observables">What was measured on them, in the same order; there may be more configurations than weights.</param>
public sealed record TargetSample(string Source, IReadOnlyList<double[]> LogWeights, IReadOnlyDictionary<string, IReadOnlyList<double[]>> Observables)
{
    /// <summary>The source of independent draws of the exact solution.</summary>
    public const string Exact = "exact draws";

    /// <summary>That of an ensemble; null where its log-weights are not known.</summary>
    public static TargetSample? Of(EnsembleSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return series.LogWeights is { } weights ? new(series.Sampler, weights, series.Observables) : null;
    }
}

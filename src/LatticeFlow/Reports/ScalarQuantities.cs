using LatticeFlow.Observables;

namespace LatticeFlow.Reports;

/// <summary>What is derived from the observables of a scalar, M = (1/V) Σ φ.</summary>
public static class ScalarQuantities
{
    /// <summary>χ = V (⟨M²⟩ − ⟨|M|⟩²), from <c>magnetization_abs</c>.</summary>
    public const string Susceptibility = "susceptibility";

    /// <summary>U = 1 − ⟨M⁴⟩/(3 ⟨M²⟩²), from <c>magnetization_squared</c> (K. Binder, Z. Phys. B 43 (1981) 119): 0 of a normal distribution, 2/3 where |M| is constant.</summary>
    public const string BinderCumulant = "binder_cumulant";

    /// <summary>
    /// ξ of the second moment, ξ² = (G(0)/G(k) − 1)/(4 sin²(k/2)) with G(k) = Σ_t ⟨C(t)⟩ cos(k t), k = 2π/L_0, from <c>two_point</c> (S. Caracciolo, R. G. Edwards, A. Pelissetto, A. D. Sokal, Nucl. Phys. B 403
    /// (1993) 475): 1/m of a free field of mass m. Nothing is subtracted from C, so that it is a correlation length in the symmetric phase only.
    /// </summary>
    public const string CorrelationLength = "correlation_length";

    /// <summary>Those of which everything needed was measured.</summary>
    public static IEnumerable<DerivedQuantity> Of(EnsembleSeries series, IReadOnlyList<int> extents)
    {
        double volume = extents.Aggregate(1.0, (product, extent) => product * extent);
        if (series.Observables.TryGetValue("magnetization_abs", out IReadOnlyList<double[]>? absolute))
        {
            yield return new(
                Susceptibility, [EnsembleAnalysis.Map(absolute, m => m * m), absolute], means => volume * (means[0] - (means[1] * means[1])), "the variance of |M| does not exist", []);
        }

        if (series.Observables.TryGetValue("magnetization_squared", out IReadOnlyList<double[]>? squared))
        {
            yield return new(
                BinderCumulant, [EnsembleAnalysis.Map(squared, m => m * m), squared], means => 1 - (means[0] / (3 * means[1] * means[1])), "the second moment of M vanishes", []);
        }

        if (series.Vectors.TryGetValue(TwoPointFunction.Kind, out IReadOnlyList<IReadOnlyList<double[]>>? correlator))
            yield return new(CorrelationLength, correlator, SecondMoment, "the two-point function is not distinguishable from a constant, or from noise; use more configurations", []);
    }

    /// <summary>ξ of C(t), t = 0 … L_0 − 1; not a number where G(k) is not between 0 and G(0).</summary>
    public static double SecondMoment(IReadOnlyList<double> correlator)
    {
        double momentum = 2 * Math.PI / correlator.Count;
        double zero = correlator.Sum(), first = 0;
        for (int t = 0; t < correlator.Count; t++) first += correlator[t] * Math.Cos(momentum * t);
        double sine = 2 * Math.Sin(momentum / 2);
        return Math.Sqrt(((zero / first) - 1) / (sine * sine));
    }
}

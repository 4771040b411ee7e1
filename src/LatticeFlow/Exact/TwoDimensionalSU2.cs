namespace LatticeFlow.Exact;

/// <summary>
/// SU(2) with Wilson's action S = −(β/2) Σ Re tr P on a periodic torus of V plaquettes: Z = Σ_{m≥1} (2 I_m(β)/β)^V, m = 2j + 1
/// (Migdal 1975), normalised Haar measure, no constant in S.
/// </summary>
public sealed class TwoDimensionalSU2
{
    private readonly BesselRatios _bessel;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless 0 &lt; β &lt; ∞ and both extents are at least 1.</summary>
    public TwoDimensionalSU2(double beta, int extent0, int extent1)
    {
        if (!(beta > 0) || !double.IsFinite(beta))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "beta must be positive.");
        ArgumentOutOfRangeException.ThrowIfLessThan(extent0, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(extent1, 1);
        (Beta, Volume) = (beta, (long)extent0 * extent1);
        _bessel = new BesselRatios(beta);
    }

    public double Beta { get; }

    public long Volume { get; }

    /// <summary>ln Z = V ln(2 I_1/β) + ln Σ_m (I_m/I_1)^V.</summary>
    public double LogPartitionFunction
    {
        get
        {
            // 2 I_1/β = I_0 − I_2.
            double first = _bessel.LogOrderZero + BesselRatios.LogOnePlus(-_bessel[2]);
            double others = Enumerable.Range(2, _bessel.Ratio.Length).Sum(Weight);
            return Volume * first + BesselRatios.LogOnePlus(others);
        }
    }

    /// <summary>⟨½ Re tr P⟩ = (1/V) ∂ ln Z/∂β, with ∂ ln(I_m/β)/∂β = I_{m+1}/I_m + (m − 1)/β.</summary>
    public double Plaquette
    {
        get
        {
            double numerator = 0, denominator = 0;
            for (int m = 1; m < _bessel.Ratio.Length; m++)
            {
                double weight = Weight(m);
                denominator += weight;
                numerator += weight * (_bessel[m + 1] / _bessel[m] + (m - 1) / Beta);
            }

            return numerator / denominator;
        }
    }

    private double Weight(int m) => Math.Pow(_bessel[m] / _bessel[1], Volume);
}

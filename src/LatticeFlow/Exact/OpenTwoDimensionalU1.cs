namespace LatticeFlow.Exact;

/// <summary>
/// U(1) with Wilson's action on an L_0 × L_1 sheet of sites with open boundaries: its (L_0 − 1)(L_1 − 1) plaquette angles are independent,
/// each with the von Mises density e^{β cos φ}/(2π I_0(β)) on (−π, π] (Gross and Witten 1980). Angles drawn from it, with a random gauge, are exact configurations.
/// </summary>
public sealed class OpenTwoDimensionalU1
{
    private readonly BesselRatios _bessel;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless 0 ≤ β &lt; ∞ and both extents are at least 2.</summary>
    public OpenTwoDimensionalU1(double beta, int extent0, int extent1)
    {
        if (!(beta >= 0) || !double.IsFinite(beta))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "beta must be zero or positive.");
        ArgumentOutOfRangeException.ThrowIfLessThan(extent0, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(extent1, 2);
        (Beta, Plaquettes) = (beta, (extent0 - 1L) * (extent1 - 1L));
        _bessel = new BesselRatios(beta);
    }

    public double Beta { get; }

    /// <summary>Number of plaquettes, (L_0 − 1)(L_1 − 1).</summary>
    public long Plaquettes { get; }

    /// <summary>ln Z = (number of plaquettes) · ln I_0(β).</summary>
    public double LogPartitionFunction => Plaquettes * _bessel.LogOrderZero;

    /// <summary>⟨cos θ_P⟩ = I_1(β)/I_0(β).</summary>
    public double Plaquette => _bessel[1];

    /// <summary>Variance of one cos θ_P, ½ (1 + I_2/I_0) − (I_1/I_0)²; the mean plaquette has this over the number of plaquettes.</summary>
    public double PlaquetteVariance => (1 + _bessel[2]) / 2 - _bessel[1] * _bessel[1];

    /// <summary>⟨Re W⟩ = (I_1/I_0)^area for a loop around <paramref name="area"/> plaquettes.</summary>
    public double WilsonLoop(long area)
    {
        if (area < 0 || area > Plaquettes)
            throw new ArgumentOutOfRangeException(nameof(area), area, $"A loop encloses 0 to {Plaquettes} plaquettes.");
        return Math.Pow(_bessel[1], area);
    }

    /// <summary>Density of one plaquette angle on (−π, π], e^{β cos φ}/(2π I_0).</summary>
    public double AngleDensity(double angle) => Math.Exp(Beta * Math.Cos(angle) - _bessel.LogOrderZero) / (2 * Math.PI);

    /// <summary>Probability of an angle below <paramref name="angle"/>: ½ + φ/2π + (1/π) Σ_n (I_n/I_0) sin(nφ)/n, 0 below −π and 1 above π.</summary>
    public double AngleDistribution(double angle)
    {
        if (angle <= -Math.PI)
            return 0;
        if (angle >= Math.PI)
            return 1;
        double sum = 0.5 + angle / (2 * Math.PI);
        for (int n = 1; n < _bessel.Ratio.Length; n++)
            sum += _bessel[n] * Math.Sin(n * angle) / (n * Math.PI);
        return Math.Clamp(sum, 0, 1);
    }
}

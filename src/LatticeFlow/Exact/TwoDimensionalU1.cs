namespace LatticeFlow.Exact;

/// <summary>
/// U(1) with Wilson's action S = −β Σ cos θ_P on a periodic L_0 × L_1 torus of V = L_0 L_1 plaquettes, solved by characters (Migdal 1975; Rusakov 1990):
/// Z = Σ_n I_n(β)^V with respect to normalised Haar measure and no constant in S. Holds at every β ≥ 0 and every extent ≥ 1, finite-volume effects included.
/// </summary>
public sealed class TwoDimensionalU1
{
    private readonly BesselRatios _bessel;
    private readonly Lazy<U1Topology> _topology;

    /// <summary>The largest β whose Bessel functions are summed: there are √β of them, and the digits of ln I_0 are lost as β grows.</summary>
    public const double LargestBeta = 1e6;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless 0 ≤ β ≤ <see cref="LargestBeta"/> and both extents are at least 1.</summary>
    public TwoDimensionalU1(double beta, int extent0, int extent1)
    {
        if (!(beta is >= 0 and <= LargestBeta))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "beta must be between 0 and 1e6.");
        ArgumentOutOfRangeException.ThrowIfLessThan(extent0, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(extent1, 1);
        (Beta, Extent0, Extent1, Volume) = (beta, extent0, extent1, (long)extent0 * extent1);
        _bessel = new BesselRatios(beta);
        _topology = new Lazy<U1Topology>(() => new U1Topology(_bessel, Volume));
    }

    public double Beta { get; }

    public int Extent0 { get; }

    public int Extent1 { get; }

    /// <summary>Number of plaquettes, L_0 L_1.</summary>
    public long Volume { get; }

    /// <summary>ln Z = V ln I_0(β) + ln Σ_n (I_n/I_0)^V.</summary>
    public double LogPartitionFunction =>
        Volume * _bessel.LogOrderZero + BesselRatios.LogOnePlus(2 * Enumerable.Range(1, _bessel.Ratio.Length - 1).Sum(n => Math.Pow(_bessel[n], Volume)));

    /// <summary>⟨cos θ_P⟩ = (1/V) ∂ ln Z/∂β = Σ_n I_n^{V−1} (I_{n−1} + I_{n+1})/2 / Σ_n I_n^V.</summary>
    public double Plaquette => WilsonLoopOfArea(1);

    /// <summary>⟨Re W(r, t)⟩ of the rectangle r × t, r ≤ L_0, t ≤ L_1: area law with finite-volume terms. A loop as long as the torus is a pair of Polyakov loops.</summary>
    public double WilsonLoop(int r, int t)
    {
        if (r < 0 || r > Extent0 || t < 0 || t > Extent1)
            throw new ArgumentOutOfRangeException(nameof(r), $"The loop {r} x {t} does not fit into {Extent0} x {Extent1}.");
        return WilsonLoopOfArea((long)r * t);
    }

    /// <summary>⟨P(0) P(d)*⟩ of Polyakov loops that wind direction 0, at distance d ≤ L_1 in direction 1. The loop itself has ⟨P⟩ = 0 by centre symmetry.</summary>
    public double PolyakovLoopCorrelator(int distance) => WilsonLoop(Extent0, distance);

    /// <summary>⟨Q²⟩, Q = (1/2π) Σ arg P: −d² ln Z(θ)/dθ² at 0. Absolute accuracy 1e-13 of V⟨θ_P²⟩/4π²; frozen topology below that is given as 0.</summary>
    public double TopologicalChargeSquared => _topology.Value.ChargeSquared;

    /// <summary>χ = ⟨Q²⟩/V.</summary>
    public double TopologicalSusceptibility => TopologicalChargeSquared / Volume;

    /// <summary>Probability of the sector Q: ∫ dθ/2π e^{−iθQ} Z(θ)/Z(0), absolute accuracy about 1e-13.</summary>
    public double ProbabilityOfCharge(int charge) => _topology.Value.Probability(charge);

    /// <summary>Z(θ)/Z(0) = ⟨cos θQ⟩, what reweighting divides by: Σ_n A(n + θ/2π)^V / Σ_n A(n)^V, A(ν) = ∫ dφ/2π e^{β cos φ} cos νφ.</summary>
    public double AverageSign(double theta) => _topology.Value.Mean(q => Math.Cos(theta * q));

    /// <summary>Im ⟨Q⟩ = −∂ ln Z(θ)/∂θ with the weight e^{−S + iθQ}; its real part is zero.</summary>
    public double ImaginaryChargeAt(double theta) => _topology.Value.Mean(q => q * Math.Sin(theta * q)) / AverageSign(theta);

    /// <summary>⟨Q²⟩ with the weight e^{−S + iθQ}.</summary>
    public double ChargeSquaredAt(double theta) => _topology.Value.Mean(q => (double)q * q * Math.Cos(theta * q)) / AverageSign(theta);

    /// <summary>⟨cos θ_P⟩ = (1/V) ∂ ln Z(θ)/∂β with the weight e^{−S + iθQ}; not a number where V ≤ 4.</summary>
    public double PlaquetteAt(double theta) => _topology.Value.PlaquetteAt(theta);

    // Σ_n I_n^{V−A} I_{n+1}^A / Σ_n I_n^V: the charge inside the loop is one unit higher.
    private double WilsonLoopOfArea(long area)
    {
        int orders = _bessel.Ratio.Length;
        double numerator = 0, denominator = 0;
        for (int n = -orders; n < orders; n++)
        {
            denominator += Power(_bessel[n], Volume);
            numerator += Power(_bessel[n], Volume - area) * Power(_bessel[n + 1], area);
        }

        return numerator / denominator;
    }

    private static double Power(double value, long exponent) => exponent == 0 ? 1 : Math.Pow(value, exponent);
}

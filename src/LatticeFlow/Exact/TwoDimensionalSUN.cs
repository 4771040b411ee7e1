namespace LatticeFlow.Exact;

/// <summary>
/// SU(N), 2 ≤ N ≤ 8, with Wilson's action S = −(β/N) Σ Re tr P on a periodic L_0 × L_1 torus of V plaquettes (Migdal 1975; Rusakov 1990): Z = Σ_r c_r^V, c_r = b_r/d_r,
/// b_r = ∫ dU e^{(β/N) Re tr U} χ_r(U), normalised Haar measure, no constant in S. Finite-volume effects included.
/// </summary>
public sealed class TwoDimensionalSUN
{
    private readonly CharacterCoefficients _coefficients;
    private readonly double[] _relative;
    private readonly double _others;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless 2 ≤ N ≤ 8, 0 ≤ β ≤ <see cref="LargestBeta"/> and both extents are at least 1.</summary>
    public TwoDimensionalSUN(int colors, double beta, int extent0, int extent1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(extent0, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(extent1, 1);
        (Colors, Beta, Extent0, Extent1, Volume) = (colors, beta, extent0, extent1, (long)extent0 * extent1);
        _coefficients = CharacterCoefficients.Of(colors, beta, Volume);
        _relative = [.. Enumerable.Range(0, _coefficients.Representations.Count).Select(_coefficients.Relative)];
        _others = _relative.Skip(1).Sum(c => Math.Pow(c, Volume));
    }

    /// <summary>The largest β for which the representations of SU(N) that count can be summed: 10,000, 400, 200, 80, 40, 30, 20 for N = 2 … 8.</summary>
    public static double LargestBeta(int colors) => CharacterCoefficients.LargestBeta(colors);

    /// <summary>N.</summary>
    public int Colors { get; }

    public double Beta { get; }

    public int Extent0 { get; }

    public int Extent1 { get; }

    /// <summary>Number of plaquettes, L_0 L_1.</summary>
    public long Volume { get; }

    /// <summary>ln Z = V ln b_0 + ln Σ_r (c_r/c_0)^V.</summary>
    public double LogPartitionFunction => Volume * _coefficients.LogTrivial + BesselRatios.LogOnePlus(_others);

    /// <summary>⟨(1/N) Re tr P⟩ = (1/V) ∂ ln Z/∂β.</summary>
    public double Plaquette
    {
        get
        {
            double[] slope = new double[_relative.Length];
            _coefficients.Representations.Multiply(_coefficients.Values, slope);
            double sum = 0;
            for (int r = 0; r < slope.Length; r++)
            {
                // ∂ ln Z = V Σ c_r^{V−1} ∂c_r, ∂b = J b.
                sum += Math.Pow(_relative[r], Volume - 1) * slope[r] / (_coefficients.Values[0] * _coefficients.Representations.Dimension[r]);
            }

            return sum / (1 + _others);
        }
    }

    /// <summary>
    /// ⟨(1/N) Re tr W⟩ of an <paramref name="extent0"/> × <paramref name="extent1"/> rectangle of A plaquettes,
    /// (1/NZ) Σ_{r,r'} N_{r'f}^r (d_{r'}/d_r) c_{r'}^A c_r^{V−A}: r' inside, r outside. Depends on the area alone, so R×T and T×R agree where both fit.
    /// Throws <see cref="ArgumentOutOfRangeException"/> for a rectangle longer than the torus, which overlaps itself.
    /// </summary>
    /// <remarks>
    /// 1. Gluing two regions along a line, ∫ dX χ_r(UX) χ_s(X†V) = δ_rs χ_r(UV)/d_r: a disc of A plaquettes is Σ_{r'} d_{r'} c_{r'}^A χ_{r'}(W).
    /// 2. The rest, cut open, has the boundary a b a† b† W†; ∫ da db χ_r(a b a† b† W†) = χ_r(W†)/d_r², so it is Σ_r c_r^{V−A} χ_r(W†)/d_r.
    /// 3. ∫ dW χ_f(W) χ_{r'}(W) χ_r(W†) = N_{r'f}^r. A side as long as the torus closes the rest to a tube; ∫ gives the same d_{r'}/d_r.
    /// </remarks>
    public double WilsonLoop(int extent0, int extent1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extent0);
        ArgumentOutOfRangeException.ThrowIfNegative(extent1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(extent0, Extent0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(extent1, Extent1);
        long area = (long)extent0 * extent1;
        if (area == 0)
            return 1;
        Representations set = _coefficients.Representations;
        double sum = 0;
        for (int inside = 0; inside < set.Count; inside++)
        {
            double weight = set.Dimension[inside] * Math.Pow(_relative[inside], area);
            foreach (int outside in set.WithOneBoxMore(inside))
            {
                if (outside >= 0)
                    sum += weight / set.Dimension[outside] * Math.Pow(_relative[outside], Volume - area);
            }
        }

        return sum / (Colors * (1 + _others));
    }
}

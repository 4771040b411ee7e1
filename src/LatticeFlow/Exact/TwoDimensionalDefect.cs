namespace LatticeFlow.Exact;

/// <summary>
/// Wilson's action on a torus of V plaquettes, n of which have their coupling times c, as those of a defect: Z = Σ_r a_r(β)^{V−n} a_r(c β)^n, a_r = b_r/d_r of SU(N) (Migdal 1975; Rusakov 1990), I_r of U(1), whichever plaquettes they are.
/// Normalised Haar measure, no constant in S.
/// </summary>
public sealed class TwoDimensionalDefect
{
    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless 0 ≤ c ≤ 1, 0 ≤ n &lt; V and β is in the range of <see cref="TwoDimensionalU1"/> (N = 1) or <see cref="TwoDimensionalSUN"/>.</summary>
    /// <param name="colors">N; 1: U(1).</param>
    /// <param name="beta">β.</param>
    /// <param name="volume">V.</param>
    /// <param name="plaquettes">n.</param>
    /// <param name="coefficient">c.</param>
    public TwoDimensionalDefect(int colors, double beta, long volume, long plaquettes, double coefficient)
    {
        if (!(coefficient is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(coefficient), coefficient, "c must be between 0 and 1.");
        ArgumentOutOfRangeException.ThrowIfNegative(plaquettes);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(plaquettes, volume);
        LogPartitionFunction = colors == 1 ? OfU1(beta, volume, plaquettes, coefficient) : OfSUN(colors, beta, volume, plaquettes, coefficient);
    }

    /// <summary>ln Z.</summary>
    public double LogPartitionFunction { get; }

    private static double OfU1(double beta, long volume, long plaquettes, double coefficient)
    {
        if (!(beta is >= 0 and <= TwoDimensionalU1.LargestBeta))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "beta must be between 0 and 1e6.");
        BesselRatios bulk = new(beta), defect = new(coefficient * beta);
        double others = 0;
        for (int n = 1; n < bulk.Ratio.Length; n++)
            others += 2 * Math.Pow(bulk[n], volume - plaquettes) * Power(defect[n], plaquettes);
        return (volume - plaquettes) * bulk.LogOrderZero + plaquettes * defect.LogOrderZero + BesselRatios.LogOnePlus(others);
    }

    private static double OfSUN(int colors, double beta, long volume, long plaquettes, double coefficient)
    {
        CharacterCoefficients bulk = CharacterCoefficients.Of(colors, beta, volume - plaquettes), defect = bulk.At(coefficient * beta);
        double others = 0;
        for (int r = 1; r < bulk.Representations.Count; r++)
            others += Math.Pow(bulk.Relative(r), volume - plaquettes) * Power(defect.Relative(r), plaquettes);
        return (volume - plaquettes) * bulk.LogTrivial + plaquettes * defect.LogTrivial + BesselRatios.LogOnePlus(others);
    }

    private static double Power(double value, long exponent) => exponent == 0 ? 1 : Math.Pow(value, exponent);
}

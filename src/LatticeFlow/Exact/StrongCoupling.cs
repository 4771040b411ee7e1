namespace LatticeFlow.Exact;

/// <summary>
/// Strong-coupling expansion of ⟨P⟩ and ⟨R⟩ for S = −(β/N)[c_0 Σ Re tr P + c_1 Σ Re tr R], c_0 = 1 − 8 c_1, R the 1×2 rectangles, on a periodic lattice in D ≥ 2 dimensions:
/// complete through β⁴ (⟨P⟩ where c_1 = 0: β⁵), for U(1) and SU(N), 2 ≤ N ≤ 8. ⟨P⟩ and ⟨R⟩ are means of (1/N) Re tr over all positions and orientations.
/// </summary>
/// <remarks>
/// With g = βc_0, h = βc_1 and X = (1/N) Re tr, ln Z is a sum of cumulants of loops under Haar measure, and ⟨P⟩ = ∂f/∂g, ⟨R⟩ = ½ ∂f/∂h, f = ln Z a plaquette.
/// 1. A cumulant with a link in one plaquette only that no other loop covers vanishes. Loops in which every link is covered twice over fill at least six different planes,
///    as a cube does; so cumulants of up to five loops live in one plane, where the plaquettes are independent Haar variables. They do not depend on D.
/// 2. ∫ dV X(AV) X(V†B) = m_2 X(AB), m_k = ∫ X^k, for every group: a plaquette in exactly two loops merges them. In a class function X² the fundamental part is (m_3/m_2) X,
///    in X³ it is (m_4/m_2) X. These two rules give every moment below.
/// 3. Loops that contribute cover every plaquette an even number of times, or for SU(3) with charges that add up to 0 mod 3 (SU(4) and SU(5): m_4 and m_5 alone). All such sets of up to five loops, A, B, … adjacent plaquettes:
///    P_A P_B R_AB with repetitions; P_B P_C R_AB R_AC with repetitions; open chains P_A R_AB R_BC R_CD P_D; rectangles around a 2×2 block, and around the torus where an extent is 4
///    (SU(2): or 5), with one of them doubled.
/// 4. Around the torus ∫ dg X(A g A† g†) = |tr A|²/N² leaves 1/N².
/// 5. The fifth order of ⟨P⟩ without rectangles: κ_6/5! and 2(D − 2) cubes of m_2⁵ (Balian, Drouffe and Itzykson 1975).
/// </remarks>
public sealed class StrongCoupling
{
    private const int Complete = 4;

    /// <summary>
    /// <paramref name="colors"/> is N, 1 for U(1). Throws <see cref="ArgumentOutOfRangeException"/> unless 1 ≤ N ≤ 8, β and c_1 are finite, D ≥ 2 and all extents are at least 4.
    /// </summary>
    public StrongCoupling(int colors, IReadOnlyList<int> extents, double beta, double c1 = 0)
        : this(Moments(colors), extents, beta, c1)
    {
    }

    internal StrongCoupling(LoopMoments moments, IReadOnlyList<int> extents, double beta, double c1)
    {
        ArgumentNullException.ThrowIfNull(extents);
        if (extents.Count < 2 || extents.Any(extent => extent < 4))
            throw new ArgumentOutOfRangeException(nameof(extents), $"[{string.Join(", ", extents)}]: two extents or more are needed, none below 4, where loops close around the torus at lower orders.");
        if (!double.IsFinite(beta))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "beta must be finite.");
        if (!double.IsFinite(c1))
            throw new ArgumentOutOfRangeException(nameof(c1), c1, "c1 must be finite.");
        double g = beta * (1 - 8 * c1), h = beta * c1;
        var plaquette = new double[Complete + 1];
        var rectangle = new double[Complete + 1];
        var sizes = new double[Complete + 1];
        foreach ((int a, int b, double coefficient) in Terms(moments, extents))
        {
            int order = a + b - 1;
            double byPlaquette = a == 0 ? 0 : a * coefficient * Math.Pow(g, a - 1) * Math.Pow(h, b);
            double byRectangle = b == 0 ? 0 : b * coefficient / 2 * Math.Pow(g, a) * Math.Pow(h, b - 1);
            plaquette[order] += byPlaquette;
            rectangle[order] += byRectangle;
            sizes[order] += Math.Abs(byPlaquette) + Math.Abs(byRectangle);
        }

        double cubes = 2 * (extents.Count - 2) * Math.Pow(moments.Second, 5);
        double fifth = (moments.SixthCumulant / 120 + cubes) * Math.Pow(g, 5);
        Plaquette = plaquette.Sum() + fifth;
        Rectangle = rectangle.Sum();
        Truncation = Rest(sizes) + (Math.Abs(moments.SixthCumulant) / 120 + cubes) * Math.Pow(Math.Abs(g), 5);
    }

    /// <summary>⟨(1/N) Re tr P⟩.</summary>
    public double Plaquette { get; }

    /// <summary>⟨(1/N) Re tr R⟩, the 1×2 rectangle.</summary>
    public double Rectangle { get; }

    /// <summary>
    /// Estimate, not a bound, of what is left out of either: the size of the fifth order without rectangles and a geometric series in the ratio by which the known orders fall. Infinite where they do not.
    /// </summary>
    public double Truncation { get; }

    private static LoopMoments Moments(int colors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(colors, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(colors, 8);
        return colors == 1 ? LoopMoments.U1 : LoopMoments.SU(colors);
    }

    // f = Σ coefficient g^a h^b: number of such sets of loops a plaquette, over the factorials of repetitions, times the cumulant.
    private static IEnumerable<(int A, int B, double Coefficient)> Terms(LoopMoments m, IReadOnlyList<int> extents)
    {
        double m2 = m.Second, m3 = m.Third, k4 = m.FourthCumulant;
        // One loop, repeated; two rectangles a plaquette.
        yield return (2, 0, m2 / 2);
        yield return (3, 0, m3 / 6);
        yield return (4, 0, k4 / 24);
        yield return (5, 0, m.FifthCumulant / 120);
        yield return (0, 2, m2);
        yield return (0, 3, m3 / 3);
        yield return (0, 4, k4 / 12);
        yield return (0, 5, m.FifthCumulant / 60);
        // P_A P_B R_AB; P_A² P_B R; P_A P_B R²; P_A³ P_B R; P_A² P_B² R; P_A² P_B R²; P_A P_B R³.
        yield return (2, 1, 2 * m2 * m2);
        yield return (3, 1, 2 * m2 * m3);
        yield return (2, 2, m2 * m3);
        yield return (4, 1, 2 * m2 * k4 / 3 + m3 * m3 / 2);
        yield return (3, 2, m3 * m3);
        yield return (2, 3, m2 * k4 / 3);
        // R_AB and R_AC in six ways at A: P_B P_C; P_A P_B P_C; P_B² P_C; P_B P_C with one rectangle doubled.
        yield return (2, 2, 6 * m2 * m2 * m2);
        yield return (3, 2, (6 + 6) * m2 * m2 * m3);
        yield return (2, 3, 6 * m2 * m2 * m3);
        // Chains A B C D: 36 self-avoiding walks of three steps, each in two directions.
        yield return (2, 3, 18 * m2 * m2 * m2 * m2);
        // Four rectangles around a block; one of them doubled.
        yield return (0, 4, m2 * m2 * m2);
        yield return (0, 5, 2 * m2 * m2 * m3);
        // Around the torus: one closed row for every L plaquettes of a plane; averaged over the planes, a direction lies in 2/D of them.
        double closed = 1.0 / (m.Colors * m.Colors), rows = 2.0 / extents.Count / 4 * extents.Count(extent => extent == 4);
        yield return (0, 4, rows * closed * m2 * m2 * m2);
        yield return (0, 5, rows * closed * 2 * m2 * m2 * m3);
        if (m.Real)
            yield return (0, 5, 2.0 / extents.Count / 5 * extents.Count(extent => extent == 5) * closed * m2 * m2 * m2 * m2);
    }

    private static double Rest(double[] sizes)
    {
        if (sizes[1] == 0)
            return 0;
        double ratio = Enumerable.Range(2, Complete - 1).Max(k => Math.Pow(sizes[k] / sizes[1], 1.0 / (k - 1)));
        return ratio < 1 ? sizes[1] * Math.Pow(ratio, Complete) / (1 - ratio) : double.PositiveInfinity;
    }
}

namespace LatticeFlow.Exact;

/// <summary>m_k = ∫ dU X^k, X = (1/N) Re tr U, k = 2 … 6, in normalised Haar measure, and what else of the group the strong-coupling series needs:
/// N (1 for an Abelian group), and whether the fundamental representation is equivalent to its conjugate.</summary>
internal sealed record LoopMoments(int Colors, bool Real, double Second, double Third, double Fourth, double Fifth, double Sixth)
{
    /// <summary>κ_4, κ_5, κ_6 of one loop; its mean is zero.</summary>
    public double FourthCumulant => Fourth - 3 * Second * Second;

    public double FifthCumulant => Fifth - 10 * Third * Second;

    public double SixthCumulant => Sixth - 15 * Fourth * Second - 10 * Third * Third + 30 * Second * Second * Second;

    /// <summary>⟨cos^k⟩ over a uniform angle.</summary>
    public static LoopMoments U1 { get; } = new(1, false, 1 / 2.0, 0, 3 / 8.0, 0, 5 / 16.0);

    /// <summary>SU(N): closed walks of k steps between representations, each adding or removing a box with weight 1/2N.</summary>
    public static LoopMoments SU(int colors)
    {
        // Three boxes in a row, the farthest a closed walk of six steps gets, have C_2 = 3 (N − 1)(N + 3)/2N.
        Representations set = Representations.UpTo(colors, 6 * colors, int.MaxValue)!;
        double[] walk = new double[set.Count], next = new double[set.Count], moments = new double[7];
        walk[0] = 1;
        for (int k = 1; k < moments.Length; k++)
        {
            set.Multiply(walk, next);
            (walk, next) = (next, walk);
            moments[k] = walk[0];
        }

        return new LoopMoments(colors, colors == 2, moments[2], moments[3], moments[4], moments[5], moments[6]);
    }
}

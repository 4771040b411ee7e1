namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// The terms of the exponent of a staple coupling, and the place of the coefficient of each; −1 where a group or dimension lacks a term, because it vanishes or because others say the same.
/// </summary>
/// <remarks>
/// With W_j = U V_j the plaquettes through the active link, L a link of V_j and Q a frozen path beside it (V_j with Q in the place of L closes a rectangle or a chair), P(X) the traceless
/// anti-Hermitian part and t = tr(L Q†) the plaquette of both:
/// <list type="bullet">
/// <item>of one plaquette: P(W_j); P(W_j²); Re tr W_j · P(W_j); Im tr W_j · P(i W_j);</item>
/// <item>of two that share the active link: P(W_j W_k + W_k W_j); Re tr W_j · P(W_k) + Re tr W_k · P(W_j); Im tr W_j · P(i W_k) + Im tr W_k · P(i W_j);</item>
/// <item>of two that share another link: P(U V_j[L → Q]); P(U V_j[L → L Q† L]), in which L is run through twice; Re t · P(W_j); Im t · P(i W_j).</item>
/// </list>
/// Pairs in one plane and pairs of two planes have coefficients of their own. Together these are all terms up to second order in β of the trivialising flow of the Wilson action (M. Lüscher 2010,
/// arXiv:0907.5491); P(W_j) alone is its first order. U(1) lacks traces, SU(2) imaginary parts, and its W² is tr W · W − 1.
/// </remarks>
public struct StapleTerms
{
    /// <summary>Places after the first one of a class of pairs, in this order: what U(1) has, what SU(2) has more, what SU(N) has more.</summary>
    public const int Rectangle = 0, Double = 1, Cross = 2, NeighbourReal = 3, CrossReal = 4, NeighbourImaginary = 5, CrossImaginary = 6;

    /// <summary>P(W_j).</summary>
    public const int Plaquette = 0;

    /// <summary>P(W_j²).</summary>
    public readonly int Square;

    /// <summary>Re tr W_j · P(W_j).</summary>
    public readonly int RealTrace;

    /// <summary>Im tr W_j · P(i W_j).</summary>
    public readonly int ImaginaryTrace;

    /// <summary>The first term of pairs in one plane.</summary>
    public readonly int Planar;

    /// <summary>The first term of pairs of two planes.</summary>
    public readonly int Chair;

    /// <summary>Terms of a class of pairs.</summary>
    public readonly int OfPairs;

    /// <summary>All terms.</summary>
    public readonly int Count;

    /// <summary>First order: plaquettes alone, each of one of so many classes, which have coefficients of their own.</summary>
    public StapleTerms(int classes)
    {
        Square = RealTrace = ImaginaryTrace = Planar = Chair = -1;
        Count = classes;
    }

    /// <summary>The terms of SU(<paramref name="order"/>), or of U(1), in so many dimensions, up to second order in β.</summary>
    public StapleTerms(int order, int dimensions)
    {
        Square = order == 2 ? -1 : 1;
        RealTrace = order == 1 ? -1 : order == 2 ? 1 : 2;
        ImaginaryTrace = order > 2 ? 3 : -1;
        Planar = order > 2 ? 4 : 2;
        OfPairs = order == 1 ? 3 : order == 2 ? 5 : 7;
        Chair = dimensions > 2 ? Planar + OfPairs : -1;
        Count = Planar + (dimensions > 2 ? 2 * OfPairs : OfPairs);
    }

    /// <summary>Whether there are terms of two plaquettes.</summary>
    public readonly bool HasPairs => Planar >= 0;

    /// <summary>Whether plaquettes have classes.</summary>
    public readonly bool HasClasses => Planar < 0 && Count > 1;

    /// <summary>Whether there are traces.</summary>
    public readonly bool HasTraces => RealTrace >= 0;

    /// <summary>Whether traces have imaginary parts.</summary>
    public readonly bool HasImaginary => ImaginaryTrace >= 0;

    /// <summary>The first term of the class of two plaquettes through the active link; staples 2i and 2i + 1 lie in one plane.</summary>
    public readonly int ClassOf(int j, int k) => j / 2 == k / 2 ? Planar : Chair;
}

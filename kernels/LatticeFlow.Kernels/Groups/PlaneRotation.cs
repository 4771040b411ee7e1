using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// A rotation R = [[c, −s*], [s, c]] of two rows and columns, c real, |c|² + |s|² = 1, that makes the 2×2 block R† M R of a normal matrix as diagonal as one rotation can.
/// </summary>
/// <remarks>
/// 1. For a Hermitian A let h(A) = (A_ii − A_jj, A_ij + A_ji, i(A_ji − A_ij)), which is real. R with c = √((1 + x)/2), s = (y − i z)/√(2(1 + x)) turns the diagonal difference to v·h,
///    v = (x, y, z) a unit vector (J.-F. Cardoso, A. Souloumiac, SIAM J. Matrix Anal. Appl. 17 (1996) 161).
/// 2. M = A + iB with commuting A, B; h(M) = h(A) + i h(B). The sum of (v·h(A))² and (v·h(B))² is largest for the long axis of the ellipse Re(e^{−iα} h): with q = h·h (not conjugated),
///    2α = arg q and v = Re(e^{−iα} h)/√((|h|² + |q|)/2).
/// 3. v and −v serve alike; x ≥ 0 keeps the rotation the smaller one. Cyclic sweeps converge quadratically for normal matrices (H. H. Goldstine, L. P. Horwitz, J. ACM 6 (1959) 176).
/// A block that is diagonal to rounding is left alone, lane by lane, so that no lane depends on how long others still turn.
/// </remarks>
public readonly struct PlaneRotation<T>
    where T : unmanaged, IReal<T>
{
    private static double Tiny => T.IsDouble ? 1e-290 : 1e-35;

    /// <summary>c.</summary>
    public readonly T Cos;

    /// <summary>Re s.</summary>
    public readonly T SinRe;

    /// <summary>Im s.</summary>
    public readonly T SinIm;

    /// <summary>The rotation for the block (a, b; c, d).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PlaneRotation(in T aRe, in T aIm, in T bRe, in T bIm, in T cRe, in T cIm, in T dRe, in T dIm)
    {
        T one = T.Of(1), half = T.Of(0.5), tiny = T.Of(Tiny);
        T off = SquareOf(bRe, bIm, cRe, cIm), limit = LimitOf(aRe, aIm, dRe, dIm);

        // h = (a − d, b + c, i(c − b)).
        T xRe = aRe - dRe, xIm = aIm - dIm, yRe = bRe + cRe, yIm = bIm + cIm, zRe = bIm - cIm, zIm = cRe - bRe;
        T qRe = T.Fma(xRe, xRe, T.Fma(yRe, yRe, zRe * zRe)) - T.Fma(xIm, xIm, T.Fma(yIm, yIm, zIm * zIm));
        T qIm = T.Of(2) * T.Fma(xRe, xIm, T.Fma(yRe, yIm, zRe * zIm));
        T square = T.Fma(xRe, xRe, T.Fma(yRe, yRe, zRe * zRe)) + T.Fma(xIm, xIm, T.Fma(yIm, yIm, zIm * zIm));
        T q = T.Sqrt(T.Fma(qRe, qRe, qIm * qIm));
        T share = qRe / T.Max(q, tiny);
        T cos = T.Sqrt(T.Max(T.Of(0), T.Fma(half, share, half))), sin = T.CopySign(T.Sqrt(T.Max(T.Of(0), T.Fnma(half, share, half))), qIm);
        T scale = one / T.Sqrt(T.Max(tiny, half * (square + q)));
        T x = scale * T.Fma(sin, xIm, cos * xRe), y = scale * T.Fma(sin, yIm, cos * yRe), z = scale * T.Fma(sin, zIm, cos * zRe);
        T sign = T.CopySign(one, x);
        T rise = T.Fma(sign, x, one);
        T factor = sign / T.Sqrt(rise + rise);
        Cos = T.SelectLess(off, limit, one, T.Sqrt(half * rise));
        SinRe = T.SelectLess(off, limit, T.Of(0), factor * y);
        SinIm = T.SelectLess(off, limit, T.Of(0), -(factor * z));
    }

    /// <summary>Whether the block (a, b; c, d) is diagonal to rounding in every lane: then there is nothing to rotate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsDiagonal(in T aRe, in T aIm, in T bRe, in T bIm, in T cRe, in T cIm, in T dRe, in T dIm) =>
        T.AllLess(SquareOf(bRe, bIm, cRe, cIm), LimitOf(aRe, aIm, dRe, dIm));

    // |x|² + |y|².
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SquareOf(in T xRe, in T xIm, in T yRe, in T yIm) => T.Fma(xRe, xRe, T.Fma(xIm, xIm, T.Fma(yRe, yRe, yIm * yIm)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LimitOf(in T aRe, in T aIm, in T dRe, in T dIm) => T.Fma(T.Of(T.IsDouble ? 2e-31 : 6e-14), SquareOf(aRe, aIm, dRe, dIm), T.Of(Tiny));
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Angles, the coordinates of U(1).</summary>
public static class Angle
{
    /// <summary>
    /// The angle in (−π, π] that differs from x by a multiple of 2π, π being the nearest number of the precision. Angles already there come back
    /// unchanged, bit by bit. On the circle the error is below 1.1 ulp of π for |x| ≤ 10⁵; NaN for ±∞ and NaN.
    /// </summary>
    /// <remarks>
    /// k = round(x/2π), one more or less where rounding hid which side of ±π it is on; then x − k·2π with 2π in two parts, the first product of which
    /// is exact because it is fused (k·2π − x has no more bits than x).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Wrap<T>(in T x)
        where T : unmanaged, IReal<T>
    {
        var pi = T.Of(3.1415926535897931);
        var one = T.Of(1.0);
        var k = T.Round(x * T.Of(0.15915494309189535));
        var r = Reduce(x, k);
        k = T.SelectLess(pi, r, k + one, T.SelectLess(-pi, r, k, k - one));
        r = Reduce(x, k);

        // π as a number is not π: what rounds to −π or a hair beyond π is π.
        r = T.SelectLess(-pi, r, r, T.Abs(r));
        r = T.SelectLess(pi, r, pi, r);
        return T.SelectLess(T.Abs(x), pi, x, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Reduce<T>(T x, T k)
        where T : unmanaged, IReal<T> =>
        T.Fma(k, T.Of(T.IsDouble ? -2.4492935982947064e-16 : 1.7484556e-7), T.Fma(k, T.Of(-6.2831853071795862), x));
}

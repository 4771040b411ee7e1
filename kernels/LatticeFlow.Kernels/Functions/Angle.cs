using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Angles, the coordinates of U(1).</summary>
public static class Angle
{
    /// <summary>
    /// The angle in (−π, π] that differs from x by a multiple of 2π, π being the nearest number of the precision. Angles already there come back
    /// unchanged, bit by bit. The error is below one ulp of π for |x| ≤ 10⁵; NaN for ±∞ and NaN.
    /// </summary>
    /// <remarks>k = round(x/2π); r = x − k·2π, with 2π in two parts of which the first product is fused; then one more turn where rounding of x/2π crossed ±π.</remarks>
    public static T Wrap<T>(T x)
        where T : unmanaged, IReal<T>
    {
        var pi = T.Of(3.1415926535897931);
        var high = T.Of(6.2831853071795862);
        var low = T.Of(T.IsDouble ? 2.4492935982947064e-16 : -1.7484556e-7);
        var k = T.Round(x * T.Of(0.15915494309189535));
        var r = T.Fnma(k, low, T.Fnma(k, high, x));

        // π as a number is not π: what lands a hair beyond it is brought back to the nearer end, and −π is +π.
        r = T.SelectLess(pi, r, (r - high) - low, r);
        r = T.SelectLess(-pi, r, r, T.Min(pi, (r + high) + low));
        return T.SelectLess(T.Abs(x), pi, x, r);
    }
}

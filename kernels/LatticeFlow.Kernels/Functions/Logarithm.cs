using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Natural logarithms of every lane, within 2 ulp.</summary>
/// <remarks>
/// Source: K. C. Ng, e_log.c and s_log1p.c of fdlibm (Sun, 1993).
/// <list type="number">
/// <item>x = 2ᵉ·(1 + f) with √½ ≤ 1 + f &lt; √2.</item>
/// <item>With s = f/(2 + f): ln(1 + f) = ln((1 + s)/(1 − s)) = 2s + s·z·R(z), z = s². R minimax (Remez exchange in 250-bit arithmetic): 2⁻⁵⁹ in
/// double, 2⁻³⁰ in float.</item>
/// <item>2s = f − f²/2 + s·f²/2 leaves f, which is exact, to be added last: ln(1 + f) = f − (f²/2 − s·(f²/2 + z·R)).</item>
/// <item>e·ln 2 is added in two parts.</item>
/// </list>
/// </remarks>
public static class Logarithm
{
    private const double Sqrt2 = 1.4142135623730951;

    /// <summary>ln x: −∞ at ±0, +∞ at +∞, NaN for x &lt; 0 and NaN. Subnormal x included.</summary>
    public static T Log<T>(T x)
        where T : unmanaged, IReal<T>
    {
        var smallestNormal = T.Of(T.IsDouble ? 2.2250738585072014e-308 : 1.1754943508222875e-38);
        var normal = T.SelectLess(x, smallestNormal, x * T.Of(T.IsDouble ? 18014398509481984.0 : 16777216.0), x);
        var offset = T.SelectLess(x, smallestNormal, T.Of(T.IsDouble ? -54.0 : -24.0), T.Of(0.0));
        Split(normal, out var exponent, out var f);
        return Limits(x, Sum(exponent + offset, f, f / (f + T.Of(2.0)), T.Of(0.0)));
    }

    /// <summary>ln(1 + x) without cancellation at small x: −∞ at −1, +∞ at +∞, ±0 at ±0, NaN for x &lt; −1 and NaN.</summary>
    /// <remarks>u = 1 + x loses c = x − (u − 1); ln(1 + x) = ln u + c/u to first order, and c is 0 where x itself serves as f.</remarks>
    public static T Log1p<T>(T x)
        where T : unmanaged, IReal<T>
    {
        var one = T.Of(1.0);
        var zero = T.Of(0.0);
        var u = one + x;
        var lost = T.SelectLess(one, x, one - (u - x), x - (u - one));
        Split(u, out var exponent, out var f);

        // Where u needs no power of two, f = x is exact.
        var scale = T.Pow2(T.Max(-exponent, T.Of(T.IsDouble ? -1000.0 : -120.0)));
        var whole = T.SelectLess(T.Abs(exponent), T.Of(0.5), zero, lost * scale);
        f = T.SelectLess(T.Abs(exponent), T.Of(0.5), x, f);
        var s = f / (f + T.Of(2.0));

        // 1/(1 + f) = (1 − s)/(1 + s); three terms of the series give c/u to the few bits it needs.
        var correction = whole * (one - s) * T.Fma(s, s - one, one);
        var result = Limits(u, Sum(exponent, f, s, correction));
        return T.SelectLess(T.Abs(x), T.Of(T.IsDouble ? 5e-17 : 2.9e-8), x, result);
    }

    // u = 2^exponent · (1 + f), √½ ≤ 1 + f < √2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split<T>(T u, out T exponent, out T f)
        where T : unmanaged, IReal<T>
    {
        var significand = T.Significand(u);
        var power = T.Exponent(u);
        var root = T.Of(Sqrt2);
        exponent = T.SelectLess(significand, root, power, power + T.Of(1.0));
        f = T.SelectLess(significand, root, significand, significand * T.Of(0.5)) - T.Of(1.0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum<T>(T exponent, T f, T s, T correction)
        where T : unmanaged, IReal<T>
    {
        var z = s * s;
        var halfSquare = f * f * T.Of(0.5);
        var r = T.IsDouble
            ? Polynomial.At(z, 0.6666666666666735, 0.3999999999941126, 0.28571428743252014, 0.2222219847507206, 0.18183569859159338, 0.1531389892935698, 0.147975596844609)
            : Polynomial.At(z, 0.6666677594184875, 0.3997749388217926, 0.2987309396266937);
        var low = T.Fma(exponent, T.Of(T.IsDouble ? 5.497923018708371e-14 : 1.428606765330187e-06), correction);
        var tail = T.Fma(s, T.Fma(z, r, halfSquare), low);
        return T.Fma(exponent, T.Of(T.IsDouble ? 0.6931471805598903 : 0.693145751953125), f - (halfSquare - tail));
    }

    // Not a number below zero, −∞ at zero, x itself at +∞ and NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Limits<T>(T x, T logarithm)
        where T : unmanaged, IReal<T>
    {
        var zero = T.Of(0.0);
        var infinity = T.Of(double.PositiveInfinity);
        var finite = T.SelectLess(x, infinity, logarithm, x);
        return T.SelectLess(zero, x, finite, T.SelectLess(x, zero, T.Of(double.NaN), x - infinity));
    }
}

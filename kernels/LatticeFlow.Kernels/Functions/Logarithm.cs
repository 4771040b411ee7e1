using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Natural logarithms of every lane, within 2 ulp.</summary>
/// <remarks>
/// Source: the reduction of Cody and Waite (1980), chapter 5, and a polynomial in place of their quotient: no division.
/// <list type="number">
/// <item>x = 2ᵉ·(1 + f) with √½ ≤ 1 + f &lt; √2.</item>
/// <item>ln(1 + f) = f − f²/2 + f³·P(f). P minimax (Remez exchange in 250-bit arithmetic, error relative to the result): 2⁻⁵⁶ in double, 2⁻²⁷ in float;
/// its even and odd parts are summed side by side.</item>
/// <item>f is exact and is added late; e·ln 2 is added in two parts, the first of which is exact.</item>
/// </list>
/// </remarks>
public static class Logarithm
{
    private const double Sqrt2 = 1.4142135623730951;

    /// <summary>ln x: −∞ at ±0, +∞ at +∞, NaN for x &lt; 0 and NaN. Subnormal x included.</summary>
    public static T Log<T>(in T x)
        where T : unmanaged, IReal<T>
    {
        // One branch for the whole register: subnormal numbers, zero, infinity and the like are rare.
        var smallestNormal = T.Of(T.IsDouble ? 2.2250738585072014e-308 : 1.1754943508222875e-38);
        bool ordinary = T.AllLess(smallestNormal, x) && T.AllLess(x, T.Of(double.PositiveInfinity));
        var normal = x;
        var offset = T.Of(0.0);
        if (!ordinary)
        {
            normal = T.SelectLess(x, smallestNormal, x * T.Of(T.IsDouble ? 18014398509481984.0 : 16777216.0), x);
            offset = T.SelectLess(x, smallestNormal, T.Of(T.IsDouble ? -54.0 : -24.0), offset);
        }

        Split(normal, out var exponent, out var f);
        var logarithm = Sum(exponent + offset, f, T.Of(0.0));
        return ordinary ? logarithm : Limits(x, logarithm);
    }

    /// <summary>ln(1 + x) without cancellation at small x: −∞ at −1, +∞ at +∞, ±0 at ±0, NaN for x &lt; −1 and NaN.</summary>
    /// <remarks>u = 1 + x loses c = x − (u − 1); ln(1 + x) = ln u + c/u to first order, and c is 0 where x itself serves as f.</remarks>
    public static T Log1p<T>(in T x)
        where T : unmanaged, IReal<T>
    {
        var one = T.Of(1.0);
        var u = one + x;
        var lost = T.SelectLess(one, x, one - (u - x), x - (u - one));
        Split(u, out var exponent, out var f);

        // c/u needs a few bits only: 1/(1 + f) = (1 − f)(1 + f²) up to f⁴ < 0.03.
        var scale = T.Pow2(T.Max(-exponent, T.Of(T.IsDouble ? -1000.0 : -120.0)));
        var correction = lost * scale * (one - f) * T.Fma(f, f, one);
        var inside = T.Abs(exponent);
        var half = T.Of(0.5);
        correction = T.SelectLess(inside, half, T.Of(0.0), correction);
        f = T.SelectLess(inside, half, x, f);
        var result = Limits(u, Sum(exponent, f, correction));
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

    // e·ln 2 + ln(1 + f) + correction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum<T>(T exponent, T f, T correction)
        where T : unmanaged, IReal<T>
    {
        var z = f * f;
        var even = T.IsDouble
            ? Polynomial.At(
                z, 0.3333333333333325, 0.20000000000026585, 0.14285714285047535, 0.11111110855303882, 0.09090933389013758,
                0.07691353815492577, 0.06686421704129054, 0.05659301866525768, 0.06509353659624577, 0.026928470591758933)
            : Polynomial.At(z, 0.33333316445350647, 0.20002295076847076, 0.14180941879749298, 0.12883584201335907);
        var odd = T.IsDouble
            ? Polynomial.At(
                z, -0.24999999999987518, -0.16666666669910252, -0.12499999687696015, -0.10000015138788443, -0.08332923221515591,
                -0.07149137041099096, -0.06201145577048271, -0.05645278969844705, -0.06075572702689102)
            : Polynomial.At(z, -0.25000810623168945, -0.16624504327774048, -0.13129042088985443, -0.0786118134856224);
        var low = T.Fma(exponent, T.Of(T.IsDouble ? 5.497923018708371e-14 : 1.428606765330187e-06), correction);
        var tail = T.Fma(z, T.Fma(f, T.Fma(f, odd, even), T.Of(-0.5)), low);
        return T.Fma(exponent, T.Of(T.IsDouble ? 0.6931471805598903 : 0.693145751953125), tail + f);
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

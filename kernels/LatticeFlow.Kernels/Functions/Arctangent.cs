using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Inverse tangents of every lane, within 2 ulp.</summary>
/// <remarks>
/// Source: the addition theorem as in Cody and Waite (1980), chapter 11, with one argument reduction and a polynomial in place of a second division.
/// <list type="number">
/// <item>atan t = π/4 + atan((t − 1)/(t + 1)) and atan t = π/2 − atan(1/t) bring t ≥ 0 to |q| ≤ ½: no step for t &lt; ½, the first for ½ ≤ t &lt; 2, the second above.</item>
/// <item>atan q = q + q·z·A(z), z = q² ≤ ¼, A minimax (Remez exchange in 250-bit arithmetic): 2⁻⁵⁸ in double, 2⁻²⁸ in float.</item>
/// <item>The multiple of π/4 is added in two parts.</item>
/// </list>
/// </remarks>
public static class Arctangent
{
    private const double QuarterPi = 0.78539816339744831;

    /// <summary>arctan x ∈ [−π/2, π/2] for any x: odd, ±π/2 at ±∞, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Atan<T>(in T x)
        where T : unmanaged, IReal<T>
    {
        var t = T.Abs(x);
        var half = T.Of(0.5);
        var one = T.Of(1.0);
        var two = T.Of(2.0);
        var numerator = T.SelectLess(t, two, T.SelectLess(t, half, t, t - one), -one);
        var denominator = T.SelectLess(t, two, T.SelectLess(t, half, one, t + one), t);
        var quarters = T.SelectLess(t, two, T.SelectLess(t, half, T.Of(0.0), one), two);
        return T.CopySign(AddQuarters(quarters, OfReduced(numerator / denominator)), x);
    }

    /// <summary>
    /// The angle of the point (x, y), in [−π, π]: arctan(y/x) in the right quadrant, signed as y. Zeros and infinities as in C99 (F.9.1.4);
    /// NaN if either is NaN. Coordinates beyond half the largest finite number count as infinite.
    /// </summary>
    public static T Atan2<T>(T y, T x)
        where T : unmanaged, IReal<T>
    {
        // Two infinities become equal finite numbers, whose sum is finite too; anything else beside one is 0. The order of the arguments of Min lets NaN pass.
        var largest = T.Of(T.IsDouble ? 8.9884656743115785e307 : 1.7014117e38);
        var one = T.Of(1.0);
        var zero = T.Of(0.0);
        var b = T.Min(largest, T.Abs(x));
        var a = T.Min(largest, T.Abs(y));
        var low = T.SelectLess(b, a, b, a);
        var high = T.SelectLess(b, a, a, b);
        low = T.SelectLess(high, largest, low, T.SelectLess(low, largest, zero, low));

        // The angle from the nearer axis is arctan(low/high), or π/4 + arctan((low − high)/(low + high)).
        var halfHigh = high * T.Of(0.5);
        var numerator = T.SelectLess(low, halfHigh, low, low - high);
        var denominator = T.SelectLess(low, halfHigh, high, low + high);
        var quarters = T.SelectLess(low, halfHigh, zero, one);

        // The origin: 0/1 in place of 0/0.
        denominator = T.SelectLess(zero, high, denominator, one + high);
        quarters = T.SelectLess(zero, high, quarters, zero);
        var angle = OfReduced(numerator / denominator);

        // θ → π/2 − θ where |y| > |x|, then θ → π − θ where x is negative.
        angle = T.SelectLess(b, a, -angle, angle);
        quarters = T.SelectLess(b, a, T.Of(2.0) - quarters, quarters);
        var side = T.CopySign(one, x);
        angle = T.SelectLess(side, zero, -angle, angle);
        quarters = T.SelectLess(side, zero, T.Of(4.0) - quarters, quarters);
        return T.CopySign(AddQuarters(quarters, angle), y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T AddQuarters<T>(T quarters, T angle)
        where T : unmanaged, IReal<T> => T.IsDouble
            ? T.Fma(quarters, T.Of(QuarterPi), T.Fma(quarters, T.Of(3.0616169978683824e-17), angle))
            : T.Fma(quarters, T.Of(0.7853981256484985), T.Fma(quarters, T.Of(3.774894707930798e-08), angle));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OfReduced<T>(T q)
        where T : unmanaged, IReal<T>
    {
        var z = q * q;
        var sum = T.IsDouble
            ? Polynomial.At(
                z, -0.33333333333333315, 0.19999999999993462, -0.14285714284978204, 0.11111111069352739, -0.09090907691082867, 0.07692277449077076, -0.06666223276613287,
                0.058778051839043687, -0.052300034910917455, 0.04589421064945479, -0.03711830943961495, 0.023654744689742716, -0.008365713608897702)
            : Polynomial.At(z, -0.333333283662796, 0.1999949812889099, -0.14272236824035645, 0.10942231863737106, -0.07988545298576355, 0.038783054798841476);
        return T.Fma(q * z, sum, q);
    }
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Exponentials of every lane, within 2 ulp for any x.</summary>
/// <remarks>
/// Source: P. T. P. Tang, Table-driven implementation of the exponential function, ACM TOMS 15 (1989) 144, without the table.
/// <list type="number">
/// <item>n = round(x / ln 2), r = x − n·ln 2 ∈ [−½ ln 2, ½ ln 2], with ln 2 in two parts; the first has so few bits that its product with n is exact.</item>
/// <item>e^r = 1 + r + r²·Q(r), Q minimax (Remez exchange in 250-bit arithmetic): 2⁻⁶⁰ in double, 2⁻²⁷ in float.</item>
/// <item>e^x = 2ⁿ·e^r. Powers of two are applied in two factors, so that the range of the result is not narrower than that of the type.</item>
/// </list>
/// </remarks>
public static class Exponential
{
    /// <summary>e^x. Overflows to +∞, underflows gradually to 0; 0 at −∞, NaN for NaN.</summary>
    public static T Exp<T>(in T x)
        where T : unmanaged, IReal<T>
    {
        // One branch for the whole register: only near the ends of the range are limits needed and two factors.
        bool ordinary = T.AllLess(T.Abs(x), T.Of(T.IsDouble ? 708.0 : 87.0));

        // Beyond these limits the result is 0 or ∞ anyway. The order of the arguments lets NaN pass.
        var limited = ordinary ? x : T.Max(T.Of(T.IsDouble ? -750.0 : -106.0), T.Min(T.Of(T.IsDouble ? 711.0 : 90.0), x));
        var n = T.Round(limited * T.Of(1.4426950408889634));
        var r = T.Fma(n, MinusLowLog2<T>(), T.Fma(n, MinusHighLog2<T>(), limited));
        var power = T.Fma(r, T.Fma(r, Tail(r), T.Of(1.0)), T.Of(1.0));
        if (ordinary) return power * T.Pow2(n);
        var scale = T.Round(n * T.Of(0.5));
        return power * T.Pow2(scale) * T.Pow2(n - scale);
    }

    /// <summary>e^x − 1 without cancellation at small x. Overflows to +∞; −1 at −∞, NaN for NaN, ±0 at ±0.</summary>
    /// <remarks>With h = 2ⁿ⁻¹: ½(e^x − 1) = (h − ½) + h·r + h·(r²·Q(r) + c), where c is what rounding r lost and the first sum is made exact by its own rounding error.</remarks>
    public static T Expm1<T>(in T x)
        where T : unmanaged, IReal<T>
    {
        // A hair beyond the overflow: the sums below stay finite, the last product does not.
        var limited = T.Max(T.Of(T.IsDouble ? -40.0 : -20.0), T.Min(T.Of(T.IsDouble ? 709.79 : 88.73), x));
        var n = T.Round(limited * T.Of(1.4426950408889634));
        var coarse = T.Fma(n, MinusHighLog2<T>(), limited);
        var r = T.Fma(n, MinusLowLog2<T>(), coarse);
        var lost = T.Fma(n, MinusLowLog2<T>(), coarse - r);
        var tail = T.Fma(r * r, Tail(r), lost);

        var h = T.Pow2(n - T.Of(1.0));
        var shift = h - T.Of(0.5);
        var linear = h * r;
        var sum = shift + linear;
        var error = (shift - sum) + linear;
        var result = (sum + T.Fma(h, tail, error)) * T.Of(2.0);

        // Rounds to x there; also keeps the sign of zero and subnormal numbers, which h·r would round.
        return T.SelectLess(T.Abs(x), T.Of(T.IsDouble ? 5e-17 : 2.9e-8), x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MinusHighLog2<T>()
        where T : unmanaged, IReal<T> => T.Of(T.IsDouble ? -0.6931471805598903 : -0.693145751953125);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MinusLowLog2<T>()
        where T : unmanaged, IReal<T> => T.Of(T.IsDouble ? -5.497923018708371e-14 : -1.428606765330187e-06);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Tail<T>(T r)
        where T : unmanaged, IReal<T> => T.IsDouble
            ? Polynomial.At(
                r, 0.5, 0.16666666666666685, 0.04166666666666673, 0.00833333333331662, 0.0013888888888858243, 0.00019841269897359853, 2.4801587374045576e-05,
                2.755723393042422e-06, 2.755723314823252e-07, 2.5112348407383462e-08, 2.0926998392222903e-09)
            : Polynomial.At(r, 0.5, 0.166665181517601, 0.04166620597243309, 0.008368953131139278, 0.0013950575375929475);
}

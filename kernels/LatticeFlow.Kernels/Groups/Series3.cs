using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// e^{iQ} = f0 + f1 Q + f2 Q² of a traceless Hermitian 3×3 matrix Q: the power series, reduced by Cayley and Hamilton's Q³ = c1 Q + c0, c1 = ½ tr Q², c0 = det Q
/// (C. Morningstar, M. Peardon, hep-lat/0311018, eqs. 3 to 19, whose closed form of the coefficients is not used: where eigenvalues meet it divides zero by zero).
/// </summary>
/// <remarks>
/// Q^n = q0 + q1 Q + q2 Q² with q1 = t_n, q2 = t_{n−1}, q0 = c0 t_{n−2}, where t_{n+1} = c1 t_{n−1} + c0 t_{n−2}, t_0 = 0, t_1 = 1, t_2 = 0. Real numbers throughout: even powers
/// make the real parts, odd ones the imaginary parts. Eigenvalues are at most 2√(c1/3) in size.
/// </remarks>
internal static class Series3<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Below this c1 eigenvalues are below 0.29, and the power 13 is lost in rounding.</summary>
    public const double ShortLimit = 0.06;

    /// <summary>Below this c1 eigenvalues are below 1, and the power 19 is lost in rounding.</summary>
    public const double LongLimit = 0.75;

    /// <summary>Halvings that bring anything of order 10³ below the limit, and stop at what is not a number.</summary>
    public const int MostHalvings = 20;

    /// <summary>The coefficients, for c1 below <see cref="LongLimit"/> in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Coefficients(T c0, T c1, out T f0Re, out T f0Im, out T f1Re, out T f1Im, out T f2Re, out T f2Im)
    {
        // Powers 0, 1 and 2 are what they are.
        T last = T.Of(0), second = T.Of(1), third = T.Of(0);
        T g0Re = T.Of(0), g0Im = T.Of(0);
        f1Re = T.Of(0);
        f1Im = T.Of(1);
        f2Re = T.Of(-0.5);
        f2Im = T.Of(0);
        Power(c0, c1, -1.0 / 6, ref g0Im, ref f1Im, ref f2Im, ref last, ref second, ref third);
        Power(c0, c1, 1.0 / 24, ref g0Re, ref f1Re, ref f2Re, ref last, ref second, ref third);
        Power(c0, c1, 1.0 / 120, ref g0Im, ref f1Im, ref f2Im, ref last, ref second, ref third);
        Power(c0, c1, -1.0 / 720, ref g0Re, ref f1Re, ref f2Re, ref last, ref second, ref third);
        Power(c0, c1, -1.0 / 5040, ref g0Im, ref f1Im, ref f2Im, ref last, ref second, ref third);
        Power(c0, c1, 1.0 / 40320, ref g0Re, ref f1Re, ref f2Re, ref last, ref second, ref third);
        Power(c0, c1, 1.0 / 362880, ref g0Im, ref f1Im, ref f2Im, ref last, ref second, ref third);
        Power(c0, c1, -1.0 / 3628800, ref g0Re, ref f1Re, ref f2Re, ref last, ref second, ref third);
        Power(c0, c1, -1.0 / 39916800, ref g0Im, ref f1Im, ref f2Im, ref last, ref second, ref third);
        Power(c0, c1, 1.0 / 479001600, ref g0Re, ref f1Re, ref f2Re, ref last, ref second, ref third);
        if (!T.AllLess(c1, T.Of(ShortLimit)))
        {
            Power(c0, c1, 1.0 / 6227020800, ref g0Im, ref f1Im, ref f2Im, ref last, ref second, ref third);
            Power(c0, c1, -1.0 / 87178291200, ref g0Re, ref f1Re, ref f2Re, ref last, ref second, ref third);
            Power(c0, c1, -1.0 / 1307674368000, ref g0Im, ref f1Im, ref f2Im, ref last, ref second, ref third);
            Power(c0, c1, 1.0 / 20922789888000, ref g0Re, ref f1Re, ref f2Re, ref last, ref second, ref third);
            Power(c0, c1, 1.0 / 355687428096000, ref g0Im, ref f1Im, ref f2Im, ref last, ref second, ref third);
            Power(c0, c1, -1.0 / 6402373705728000, ref g0Re, ref f1Re, ref f2Re, ref last, ref second, ref third);
        }

        f0Re = T.Fma(c0, g0Re, T.Of(1));
        f0Im = c0 * g0Im;
    }

    // Adds weight · Q^n to the sums, n one more than at the last call: last = t_{n−1}, second = t_{n−2}, third = t_{n−3}.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Power(T c0, T c1, double weight, ref T g0, ref T f1, ref T f2, ref T last, ref T second, ref T third)
    {
        T w = T.Of(weight), t = T.Fma(c1, second, c0 * third);
        g0 = T.Fma(w, second, g0);
        f1 = T.Fma(w, t, f1);
        f2 = T.Fma(w, last, f2);
        third = second;
        second = last;
        last = t;
    }
}

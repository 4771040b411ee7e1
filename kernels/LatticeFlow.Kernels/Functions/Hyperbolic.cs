using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Hyperbolic functions of every lane, within 2 ulp for any x.</summary>
public static class Hyperbolic
{
    /// <summary>tanh x, odd: ±1 at ±∞, ±0 at ±0, NaN for NaN.</summary>
    /// <remarks>
    /// With t = e^(2|x|) − 1, each in the range where rounding counts least: t/2 − (t²/2)/(t + 2) below ½ ln 2, t/(t + 2) below 1, 1 − 2/(t + 2) above.
    /// </remarks>
    public static T Tanh<T>(in T x)
        where T : unmanaged, IReal<T>
    {
        var one = T.Of(1.0);
        var two = T.Of(2.0);
        var small = T.Of(0.3466);
        var size = T.Abs(x);
        var t = Exponential.Expm1(size * two);
        var half = t * T.Of(0.5);
        var quotient = T.SelectLess(size, small, t * half, T.SelectLess(size, one, t, two)) / (t + two);
        var result = T.SelectLess(size, small, half - quotient, T.SelectLess(size, one, quotient, one - quotient));

        // Rounds to x there; t/2 would lose bits of subnormal numbers.
        return T.CopySign(T.SelectLess(size, T.Of(T.IsDouble ? 1e-9 : 1e-4), size, result), x);
    }
}

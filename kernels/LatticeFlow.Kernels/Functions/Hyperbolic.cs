using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Hyperbolic functions of every lane, within 2 ulp for any x.</summary>
public static class Hyperbolic
{
    private const double LogOfTwo = 0.693147180559945309417;

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

    /// <summary>sinh x, odd, and cosh x ≥ 1: both infinite where e^|x| is.</summary>
    /// <remarks>With t = e^|x| − 1: sinh = ½ (t + t/(t + 1)) loses nothing near 0, cosh = ½ (t + 1 + 1/(t + 1)) is a sum of positive terms.</remarks>
    public static void SinhCosh<T>(in T x, out T sinh, out T cosh)
        where T : unmanaged, IReal<T>
    {
        var one = T.Of(1.0);
        var half = T.Of(0.5);
        var t = Exponential.Expm1(T.Abs(x));
        var power = t + one;
        var inverse = one / power;
        cosh = half * (power + inverse);
        sinh = T.CopySign(T.SelectLess(power, T.Of(T.IsDouble ? 1e300 : 1e30), half * T.Fma(t, inverse, t), half * power), x);
    }

    /// <summary>arsinh x = ln(x + √(x² + 1)), odd: ±∞ at ±∞, ±0 at ±0, NaN for NaN.</summary>
    /// <remarks>ln(1 + |x| + x²/(1 + √(1 + x²))), of which no term cancels another; ln 2|x| where x² is near the largest number.</remarks>
    public static T Arsinh<T>(in T x)
        where T : unmanaged, IReal<T>
    {
        var one = T.Of(1.0);
        var large = T.Of(T.IsDouble ? 1e150 : 1e18);
        var size = T.Abs(x);
        var square = size * size;
        var argument = T.SelectLess(size, large, size + (square / (one + T.Sqrt(one + square))), size);
        return T.CopySign(Logarithm.Log1p(argument) + T.SelectLess(size, large, T.Of(0.0), T.Of(LogOfTwo)), x);
    }
}

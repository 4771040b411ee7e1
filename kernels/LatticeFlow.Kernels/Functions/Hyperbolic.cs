using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Hyperbolic functions of every lane, within 2 ulp for any x.</summary>
public static class Hyperbolic
{
    /// <summary>tanh x, odd: ±1 at ±∞, ±0 at ±0, NaN for NaN.</summary>
    /// <remarks>With t = e^(2|x|) − 1: t/(t + 2) for |x| &lt; 1, and 1 − 2/(t + 2) above, where the rounding of the quotient hardly counts.</remarks>
    public static T Tanh<T>(T x)
        where T : unmanaged, IReal<T>
    {
        var one = T.Of(1.0);
        var two = T.Of(2.0);
        var size = T.Abs(x);
        var t = Exponential.Expm1Inline(size * two);
        var quotient = T.SelectLess(size, one, t, two) / (t + two);
        return T.CopySign(T.SelectLess(size, one, quotient, one - quotient), x);
    }
}

using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Hyperbolic functions of every lane, within 2 ulp for any x.</summary>
public static class Hyperbolic
{
    /// <summary>tanh x = −E/(E + 2) with E = e^(−2|x|) − 1, signed as x: ±1 at ±∞, ±0 at ±0, NaN for NaN.</summary>
    public static T Tanh<T>(T x)
        where T : unmanaged, IReal<T>
    {
        var e = Exponential.Expm1(T.Abs(x) * T.Of(-2.0));
        return T.CopySign(e / (e + T.Of(2.0)), x);
    }
}

using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>The logistic function and its integral, of every lane, within 2 ulp for any x.</summary>
public static class Logistic
{
    /// <summary>1/(1 + e^(−x)), from e^(−|x|) so that nothing overflows: 0 at −∞, 1 at +∞, NaN for NaN.</summary>
    public static T Sigmoid<T>(in T x)
        where T : unmanaged, IReal<T>
    {
        var one = T.Of(1.0);
        var e = Exponential.Exp(-T.Abs(x));
        return T.SelectLess(x, T.Of(0.0), e, one) / (one + e);
    }

    /// <summary>ln(1 + e^x) = max(x, 0) + ln(1 + e^(−|x|)): 0 at −∞, +∞ at +∞, NaN for NaN. Its derivative is <see cref="Sigmoid"/>.</summary>
    public static T Softplus<T>(in T x)
        where T : unmanaged, IReal<T> => T.Max(T.Of(0.0), x) + Logarithm.Log1p(Exponential.Exp(-T.Abs(x)));
}

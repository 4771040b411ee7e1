using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>
/// Divided differences of the exponential function at imaginary points, which its derivatives by a matrix consist of (Ju. L. Daleckij, S. G. Krejn 1965; N. J. Higham, Functions of Matrices (2008),
/// section 3.2): right to rounding wherever points meet.
/// </summary>
public static class ExponentialDifferences
{
    /// <summary>The largest distance of a point from the mean of all for which a value is right to rounding.</summary>
    public const double Domain = 2.5;

    /// <summary>e^{−ia} exp[ia, ib] = (1 − e^{−iD})/(iD) = e^{−iD/2} sin(D/2)/(D/2), D = a − b.</summary>
    public static void First<T>(T d, out T re, out T im)
        where T : unmanaged, IReal<T>
    {
        T half = T.Of(0.5) * d, size = T.Abs(half);
        Trigonometry.SinCos(half, out T sin, out T cos);
        T tiny = T.Of(1e-8);
        T ratio = T.SelectLess(size, tiny, T.Of(1), sin / T.CopySign(T.Max(size, tiny), half));
        re = ratio * cos;
        im = -(ratio * sin);
    }

    /// <summary>
    /// e^{−is} exp[ia, ib, ic]: with m the mean of a, b, c, this is e^{i(m − s)} Σ_k i^k h_k/(k + 2)!, h_k the complete homogeneous symmetric polynomial of a − m, b − m, c − m, for which
    /// h_k = −e_2 h_{k−2} + e_3 h_{k−3} with the elementary symmetric polynomials e_2, e_3.
    /// </summary>
    public static void Second<T>(T s, T a, T b, T c, out T re, out T im)
        where T : unmanaged, IReal<T>
    {
        T mean = T.Of(1.0 / 3) * (a + b + c);
        T x = a - mean, y = b - mean, z = c - mean;
        T e2 = T.Fma(x, y, z * (x + y)), e3 = x * y * z;

        // t_k = i^k h_k/(k + 2)! without the power of i: of even k they make the real part, of odd k the imaginary one, with signs that alternate.
        // Each takes the place of the third before it, so that nothing is moved from one to the next.
        T t0 = T.Of(0.5), t1 = T.Of(0), t2 = -(e2 * T.Of(1.0 / 24));
        T even = t0 - t2, odd = t1;
        int terms = T.IsDouble ? 32 : 20;
        double sign = 1;
        for (int k = 3; k < terms; k += 6)
        {
            t0 = Term(k, e2, e3, t0, t1);
            t1 = Term(k + 1, e2, e3, t1, t2);
            odd = T.Fma(T.Of(-sign), t0, odd);
            even = T.Fma(T.Of(sign), t1, even);
            t2 = Term(k + 2, e2, e3, t2, t0);
            t0 = Term(k + 3, e2, e3, t0, t1);
            odd = T.Fma(T.Of(sign), t2, odd);
            even = T.Fma(T.Of(-sign), t0, even);
            t1 = Term(k + 4, e2, e3, t1, t2);
            t2 = Term(k + 5, e2, e3, t2, t0);
            odd = T.Fma(T.Of(-sign), t1, odd);
            even = T.Fma(T.Of(sign), t2, even);
            sign = -sign;
        }

        Trigonometry.SinCos(mean - s, out T sin, out T cos);
        re = T.Fnma(sin, odd, cos * even);
        im = T.Fma(sin, even, cos * odd);
    }

    // t_k of t_{k−3} and t_{k−2}.
    private static T Term<T>(int k, T e2, T e3, T third, T second)
        where T : unmanaged, IReal<T> =>
        T.Fma(e3 * T.Of(1.0 / ((k + 2) * (k + 1) * k)), third, -(e2 * T.Of(1.0 / ((k + 2) * (k + 1))) * second));
}

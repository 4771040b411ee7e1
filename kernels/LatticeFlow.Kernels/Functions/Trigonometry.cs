using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Sine and cosine of every lane, within 2 ulp for |x| ≤ <see cref="Domain"/>; NaN for ±∞ and NaN. Beyond the domain precision is lost gradually.</summary>
/// <remarks>
/// Source: W. J. Cody, W. Waite, Software Manual for the Elementary Functions (1980), chapter 8; the parts of π/2 as in fdlibm (Sun, 1993).
/// <list type="number">
/// <item>k = round(2x/π), r = x − k·π/2 ∈ [−π/4, π/4], with π/2 in three parts. In double the first two parts have 33 bits, so their
/// products with k &lt; 2²⁰ are exact; in float the parts have 24 bits and the products are exact because the multiplication is fused.</item>
/// <item>sin r = r + r·z·S(z), cos r = 1 − z/2 + z²·C(z), z = r². S and C are minimax polynomials (Remez exchange in 250-bit arithmetic
/// on 0 ≤ z ≤ (π/4)², weighted so that the error is relative to the result): 2⁻⁵⁷ and 2⁻⁵⁹ in double, 2⁻²⁷ and 2⁻³¹ in float.</item>
/// <item>k mod 4 ∈ {−2, …, 2} chooses: odd swaps sine and cosine; the sign follows from the quadrant.</item>
/// </list>
/// </remarks>
public static class Trigonometry
{
    /// <summary>The largest |x| for which the error bound holds.</summary>
    public const double Domain = 1e5;

    // Below this sin x rounds to x in either precision; also keeps the sign of zero, which k·π/2 = 0 would lose.
    private const double Tiny = 1e-10;

    /// <summary>sin x. Not through <see cref="SinCos{T}"/>, which is inlined everywhere: a caller with a sine only would outgrow what the JIT inlines.</summary>
    public static T Sin<T>(in T x)
        where T : unmanaged, IReal<T>
    {
        var k = T.Round(x * T.Of(0.63661977236758134));
        var r = Reduce(x, k);
        var z = r * r;
        var quadrant = T.Fma(T.Of(-4.0), T.Round(k * T.Of(0.25)), k);
        var even = T.Abs(T.Abs(quadrant) - T.Of(1.0));
        var half = T.Of(0.5);
        var size = T.SelectLess(even, half, CosOfReduced(z), SinOfReduced(r, z));
        return T.SelectLess(T.Abs(x), T.Of(Tiny), x, T.SelectLess(T.Abs(quadrant - half), T.Of(1.25), size, -size));
    }

    /// <summary>cos x.</summary>
    public static T Cos<T>(in T x)
        where T : unmanaged, IReal<T>
    {
        var k = T.Round(x * T.Of(0.63661977236758134));
        var r = Reduce(x, k);
        var z = r * r;
        var quadrant = T.Fma(T.Of(-4.0), T.Round(k * T.Of(0.25)), k);
        var even = T.Abs(T.Abs(quadrant) - T.Of(1.0));
        var half = T.Of(0.5);
        var size = T.SelectLess(even, half, SinOfReduced(r, z), CosOfReduced(z));
        return T.SelectLess(T.Abs(quadrant + half), T.Of(1.25), size, -size);
    }

    /// <summary>sin x and cos x, sharing the reduction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos<T>(in T x, out T sin, out T cos)
        where T : unmanaged, IReal<T>
    {
        var k = T.Round(x * T.Of(0.63661977236758134));
        var r = Reduce(x, k);
        var z = r * r;
        var s = SinOfReduced(r, z);
        var c = CosOfReduced(z);

        var quadrant = T.Fma(T.Of(-4.0), T.Round(k * T.Of(0.25)), k);
        var even = T.Abs(T.Abs(quadrant) - T.Of(1.0));
        var half = T.Of(0.5);
        var sinSize = T.SelectLess(even, half, c, s);
        var cosSize = T.SelectLess(even, half, s, c);

        // The sine is positive for k mod 4 = 0, 1, the cosine for 0, −1.
        sin = T.SelectLess(T.Abs(quadrant - half), T.Of(1.25), sinSize, -sinSize);
        cos = T.SelectLess(T.Abs(quadrant + half), T.Of(1.25), cosSize, -cosSize);
        sin = T.SelectLess(T.Abs(x), T.Of(Tiny), x, sin);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Reduce<T>(T x, T k)
        where T : unmanaged, IReal<T>
    {
        if (T.IsDouble)
        {
            var r = T.Fma(k, T.Of(-1.5707963267341256), x);
            r = T.Fma(k, T.Of(-6.077100506303966e-11), r);
            return T.Fma(k, T.Of(-2.0222662487959506e-21), r);
        }
        else
        {
            var r = T.Fma(k, T.Of(-1.570796251296997), x);
            r = T.Fma(k, T.Of(-7.549789415861596e-08), r);
            return T.Fma(k, T.Of(-5.390302529957765e-15), r);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SinOfReduced<T>(T r, T z)
        where T : unmanaged, IReal<T>
    {
        var sum = T.IsDouble
            ? Polynomial.At(z, -0.16666666666666632, 0.008333333333322325, -0.00019841269829732429, 2.7557313664263445e-06, -2.5050753564390296e-08, 1.5896519901267812e-10)
            : Polynomial.At(z, -0.16666655242443085, 0.008332173340022564, -0.00019516661996021867);
        return T.Fma(r * z, sum, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T CosOfReduced<T>(T z)
        where T : unmanaged, IReal<T>
    {
        var sum = T.IsDouble
            ? Polynomial.At(z, 0.041666666666666616, -0.0013888888888876037, 2.480158729049731e-05, -2.7557314607782544e-07, 2.0875754068058375e-09, -1.1361080904126887e-11)
            : Polynomial.At(z, 0.04166664555668831, -0.001388736185617745, 2.4437729734927416e-05);
        return T.Fma(z, T.Fma(z, sum, T.Of(-0.5)), T.Of(1.0));
    }
}

using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Flows;

/// <content>
/// How a spline of [0, 1] onto itself stretches its ends: ln(y/x) and ln((1 − y)/(1 − x)). In the first and in the last bin they follow from the rational form, so that nothing is lost where x comes
/// next to 0 or 1.
/// </content>
/// <remarks>
/// With n = ξ u, u = s ξ + d(1 − ξ), y/x = (h/w) u/m in the first bin; in the last one, with η = 1 − ξ, (1 − y)/(1 − x) = (h/w)(s η + d′ ξ)/m. In all others quotients of the numbers do.
/// </remarks>
public partial struct SplineBin<T>
{
    /// <summary>y, ln(dy/dx), ln(y/x) and ln((1 − y)/(1 − x)) at x.</summary>
    public readonly void Evaluate(in T x, int bins, out T y, out T logSlope, out T low, out T high)
    {
        T one = T.Of(1), tiny = T.Of(T.IsDouble ? 1e-300 : 1e-37);
        T xi = Position(x);
        Terms(xi, out T s, out T product, out T n, out T m);
        y = T.Fma(Height, n / m, LeftY);
        logSlope = Logarithm.Log(s * s * Quadratic(xi, s, product) / (m * m));
        T first = s * (T.Fma(s, xi, LeftSlope * (one - xi)) / m);
        T last = s * (T.Fma(s, one - xi, RightSlope * xi) / m);
        low = Logarithm.Log(T.SelectLess(Index, T.Of(0.5), first, y / T.Max(x, tiny)));
        high = Logarithm.Log(T.SelectLess(Index, T.Of(bins - 1.5), (one - y) / T.Max(one - x, tiny), last));
    }

    /// <summary>The cotangents of x and of the bin's numbers, from those of what <see cref="Evaluate"/> gives.</summary>
    public readonly void Backward(in T x, in T y, int bins, T ofY, in T ofLogSlope, in T ofLow, in T ofHigh, out SplineBin<T> cotangent)
    {
        T one = T.Of(1), zero = T.Of(0), tiny = T.Of(T.IsDouble ? 1e-300 : 1e-37);
        T isFirst = T.SelectLess(Index, T.Of(0.5), one, zero), isLast = T.SelectLess(Index, T.Of(bins - 1.5), zero, one);
        T lowInside = T.SelectLess(Index, T.Of(0.5), zero, ofLow), highInside = T.SelectLess(Index, T.Of(bins - 1.5), ofHigh, zero);
        ofY += (lowInside / T.Max(y, tiny)) - (highInside / T.Max(one - y, tiny));
        T xi = Position(x);
        Backward(xi, ofY, ofLogSlope, out cotangent);
        cotangent.X += (highInside / T.Max(one - x, tiny)) - (lowInside / T.Max(x, tiny));

        // λ = ln h − ln w + ln u − ln m with u = s ξ + d η or s η + d′ ξ.
        Terms(xi, out T s, out T p, out _, out T m);
        T eta = one - xi, turn = eta - xi, a = Curvature(s);
        T low = isFirst * ofLow, high = isLast * ofHigh, both = low + high;
        T ofLowU = low / T.Fma(s, xi, LeftSlope * eta), ofHighU = high / T.Fma(s, eta, RightSlope * xi), ofM = -(both / m);
        T ofS = T.Fma(ofLowU, xi, T.Fma(ofHighU, eta, ofM * (one - p - p)));
        T ofXi = T.Fma(ofLowU, s - LeftSlope, T.Fma(ofHighU, RightSlope - s, ofM * a * turn));
        cotangent.LeftSlope += T.Fma(ofLowU, eta, ofM * p);
        cotangent.RightSlope += T.Fma(ofHighU, xi, ofM * p);
        cotangent.Height += (both / Height) + (ofS / Width);
        cotangent.Width -= (both + T.Fma(ofS, s, ofXi * xi)) / Width;
        cotangent.X += ofXi / Width;
        cotangent.LeftX -= ofXi / Width;
    }
}

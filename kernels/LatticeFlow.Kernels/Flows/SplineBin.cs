using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// One bin of a rational-quadratic spline (Durkan et al. 2019, eq. 4–8): its left knot, size and knot slopes; also the cotangents of these.
/// </summary>
public partial struct SplineBin<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The number of the bin.</summary>
    public T Index;

    /// <summary>x_b.</summary>
    public T LeftX;

    /// <summary>y_b.</summary>
    public T LeftY;

    /// <summary>w.</summary>
    public T Width;

    /// <summary>h.</summary>
    public T Height;

    /// <summary>d, dy/dx at the left knot.</summary>
    public T LeftSlope;

    /// <summary>d′, dy/dx at the right knot.</summary>
    public T RightSlope;

    /// <summary>x itself, where the bin holds cotangents.</summary>
    public T X;

    private readonly T Secant => Height / Width;

    /// <summary>ξ = (x − x_b)/w, kept in [0, 1] against rounding.</summary>
    public readonly T Position(in T x) => T.Max(T.Of(0.0), T.Min(T.Of(1.0), (x - LeftX) / Width));

    /// <summary>y(ξ).</summary>
    public readonly T Image(in T xi)
    {
        Terms(xi, out _, out _, out T numerator, out T denominator);
        return T.Fma(Height, numerator / denominator, LeftY);
    }

    /// <summary>dy/dx at ξ.</summary>
    public readonly T Slope(in T xi)
    {
        Terms(xi, out T s, out T product, out _, out T denominator);
        T q = Quadratic(xi, s, product);
        return s * s * q / (denominator * denominator);
    }

    /// <summary>d ln(dy/dx)/dξ.</summary>
    public readonly T LogSlopeDerivative(in T xi)
    {
        Terms(xi, out T s, out T product, out _, out T denominator);
        T one = T.Of(1.0), two = T.Of(2.0);
        T turn = one - two * xi;
        T quadratic = two * (RightSlope * xi + s * turn - LeftSlope * (one - xi));
        return quadratic / Quadratic(xi, s, product) - two * Curvature(s) * turn / denominator;
    }

    /// <summary>x(y), by the stable root of the quadratic.</summary>
    public readonly T Preimage(in T y)
    {
        T s = Secant;
        T eta = T.Max(T.Of(0.0), T.Min(T.Of(1.0), (y - LeftY) / Height));
        T bend = Curvature(s) * eta;
        T alpha = s - LeftSlope + bend;
        T beta = LeftSlope - bend;
        T gamma = -(s * eta);
        T root = T.Sqrt(T.Max(T.Of(0.0), beta * beta - T.Of(4.0) * alpha * gamma));
        return T.Fma(Width, T.Of(-2.0) * gamma / (beta + root), LeftX);
    }

    /// <summary>The cotangents of x and of the bin's numbers, from those of y and of ln(dy/dx).</summary>
    public readonly void Backward(in T xi, in T imageCotangent, in T logSlopeCotangent, out SplineBin<T> cotangent)
    {
        // y = y_b + h n/m, n = s ξ² + d p, m = s + a p, p = ξ(1−ξ), a = d + d′ − 2s; ln y′ = 2 ln s + ln q − 2 ln m.
        Terms(xi, out T s, out T p, out T n, out T m);
        T one = T.Of(1.0), two = T.Of(2.0);
        T rest = one - xi;
        T turn = one - two * xi;
        T a = Curvature(s);
        T q = Quadratic(xi, s, p);
        T inverse = one / m;
        T ofN = imageCotangent * Height * inverse;
        T ofM = -(ofN * n * inverse) - two * logSlopeCotangent * inverse;
        T ofQ = logSlopeCotangent / q;
        T ofXi = ofN * (two * s * xi + LeftSlope * turn) + ofM * a * turn
            + ofQ * two * (RightSlope * xi + s * turn - LeftSlope * rest);
        T ofS = ofN * xi * xi + ofM * (one - two * p) + ofQ * two * p + two * logSlopeCotangent / s;

        cotangent = default;
        cotangent.LeftSlope = (ofN + ofM) * p + ofQ * rest * rest;
        cotangent.RightSlope = ofM * p + ofQ * xi * xi;
        cotangent.LeftY = imageCotangent;
        cotangent.X = ofXi / Width;
        cotangent.LeftX = -cotangent.X;

        // s = h/w and ξ = (x − x_b)/w.
        cotangent.Height = imageCotangent * n * inverse + ofS / Width;
        cotangent.Width = -(ofS * s + ofXi * xi) / Width;
    }

    private readonly T Curvature(T secant) => LeftSlope + RightSlope - secant - secant;

    private readonly T Quadratic(T xi, T s, T product)
    {
        T rest = T.Of(1.0) - xi;
        return RightSlope * xi * xi + T.Of(2.0) * s * product + LeftSlope * rest * rest;
    }

    private readonly void Terms(T xi, out T secant, out T product, out T numerator, out T denominator)
    {
        secant = Secant;
        product = xi * (T.Of(1.0) - xi);
        numerator = T.Fma(secant * xi, xi, LeftSlope * product);
        denominator = T.Fma(Curvature(secant), product, secant);
    }
}

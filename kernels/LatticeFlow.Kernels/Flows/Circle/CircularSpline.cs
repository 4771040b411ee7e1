using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// h(x) = spline(x) + t: a monotone rational-quadratic spline of B bins on the circle (Durkan et al. 2019, arXiv:1906.04032, eq. 4–8;
/// Rezende et al. 2020, arXiv:2002.02428, section 2.3). Parameters: B widths, B heights, B knot slopes, t.
/// </summary>
/// <remarks>
/// 1. Bin b has width w_b = 2π (δ + (1 − Bδ) softmax(v)_b) and height likewise, δ the smallest share; the knots start at −π and end at π.
/// 2. The slope at knot b is δ′ + (1 − δ′) softplus(v)/ln 2, so that v = 0 everywhere is the identity; the last knot is the first one.
/// 3. Inside a bin, with ξ = (x − x_b)/w, s = h/w, d, d′ the slopes at its ends, a = d + d′ − 2s:
///    y = y_b + h (s ξ² + d ξ(1−ξ)) / (s + a ξ(1−ξ)), dy/dx = s² (d′ ξ² + 2 s ξ(1−ξ) + d (1−ξ)²) / (s + a ξ(1−ξ))².
/// 4. The inverse solves a quadratic in ξ: with η = (y − y_b)/h, α = s − d + aη, β = d − aη, γ = −sη, ξ = −2γ / (β + √(β² − 4αγ)).
/// 5. The VJP goes back through the bin's seven numbers to the parameters by hand; see the comments at each step.
/// </remarks>
public readonly struct CircularSpline<T> : ICircularTransform<T>
    where T : unmanaged, IReal<T>
{
    private const double SmallestShare = 1e-3;
    private const double SmallestSlope = 1e-3;
    private const double Ln2 = 0.69314718055994531;
    private readonly int bins;

    /// <summary>A spline of this many bins, 2 to 500.</summary>
    public CircularSpline(int bins) => this.bins = bins;

    /// <inheritdoc/>
    public int Outputs => (3 * bins) + 1;

    private double Free => 1 - (bins * SmallestShare);

    /// <inheritdoc/>
    public void Prepare(in Reals<T> net, int e)
    {
        // A spline reads the outputs as they are.
    }

    /// <inheritdoc/>
    public void Forward(in Reals<T> net, int e, in T x, out T shift, out T logSlope)
    {
        T wrapped = Angle.Wrap(x);
        var bin = Find(net, e, wrapped, inverse: 0);
        T xi = bin.Position(wrapped);
        T image = bin.Image(xi);
        shift = image - wrapped + T.Load(net, e + (3 * bins));
        logSlope = Logarithm.Log(bin.Slope(xi));
    }

    /// <inheritdoc/>
    public void Slope(in Reals<T> net, int e, in T x, out T slope, out T logSlopeDerivative)
    {
        T wrapped = Angle.Wrap(x);
        var bin = Find(net, e, wrapped, inverse: 0);
        T xi = bin.Position(wrapped);
        slope = bin.Slope(xi);
        logSlopeDerivative = bin.LogSlopeDerivative(xi) / bin.Width;
    }

    /// <inheritdoc/>
    public void Inverse(in Reals<T> net, int e, in T y, out T shift)
    {
        T target = Angle.Wrap(y - T.Load(net, e + (3 * bins)));
        var bin = Find(net, e, target, inverse: 1);
        shift = bin.Preimage(target) - y;
    }

    /// <inheritdoc/>
    public T VectorJacobianProduct(in Reals<T> net, int e, in Reals<T> netCotangent, in T x, in T shiftCotangent, in T logSlopeCotangent)
    {
        T wrapped = Angle.Wrap(x);
        var bin = Find(net, e, wrapped, inverse: 0);
        T xi = bin.Position(wrapped);
        bin.Backward(xi, shiftCotangent, logSlopeCotangent, out var cotangent);

        // x_b = −π + Σ_{c<b} w_c and y_b likewise: bin c < b gains the cotangent of the left knot, bin b that of its own size.
        Normalisation(net, e, out T widthLargest, out T widthSum);
        Normalisation(net, e + bins, out T heightLargest, out T heightSum);
        T scale = T.Of(2 * Math.PI * Free);
        T meanWidth = T.Of(0.0), meanHeight = T.Of(0.0);
        for (int b = 0; b < bins; b++)
        {
            T index = T.Of(b);
            T width = Exponential.Exp(T.Load(net, e + b) - widthLargest) / widthSum;
            T height = Exponential.Exp(T.Load(net, e + bins + b) - heightLargest) / heightSum;
            meanWidth = T.Fma(width, Share(index, bin.Index, cotangent.LeftX, cotangent.Width), meanWidth);
            meanHeight = T.Fma(height, Share(index, bin.Index, cotangent.LeftY, cotangent.Height), meanHeight);
        }

        for (int b = 0; b < bins; b++)
        {
            // Softmax: dL/dv_b = p_b (g_b − Σ_c p_c g_c).
            T index = T.Of(b);
            T width = Exponential.Exp(T.Load(net, e + b) - widthLargest) / widthSum;
            T height = Exponential.Exp(T.Load(net, e + bins + b) - heightLargest) / heightSum;
            T ofWidth = Share(index, bin.Index, cotangent.LeftX, cotangent.Width) - meanWidth;
            T ofHeight = Share(index, bin.Index, cotangent.LeftY, cotangent.Height) - meanHeight;
            T.Store(netCotangent, e + b, scale * width * ofWidth);
            T.Store(netCotangent, e + bins + b, scale * height * ofHeight);

            // Softplus: derivative is the logistic function. The knot after the last bin is knot 0.
            T next = T.SelectLess(bin.Index, T.Of(bins - 1.5), bin.Index + T.Of(1.0), T.Of(0.0));
            T ofSlope = SelectEqual(index, bin.Index, cotangent.LeftSlope) + SelectEqual(index, next, cotangent.RightSlope);
            T logistic = Logistic.Sigmoid(T.Load(net, e + (2 * bins) + b));
            T.Store(netCotangent, e + (2 * bins) + b, ofSlope * logistic * T.Of((1 - SmallestSlope) / Ln2));
        }

        T.Store(netCotangent, e + (3 * bins), shiftCotangent);
        return cotangent.X;
    }

    private static T SelectEqual(T a, T b, T value) => T.SelectLess(T.Abs(a - b), T.Of(0.5), value, T.Of(0.0));

    private static T Share(T index, T bin, T before, T here) =>
        T.SelectLess(index, bin - T.Of(0.5), before, SelectEqual(index, bin, here));

    // The bin that holds z among the x-knots (inverse = 0) or y-knots (inverse = 1), found by walking them with selects.
    private SplineBin<T> Find(in Reals<T> net, int e, in T z, int inverse)
    {
        Normalisation(net, e, out T widthLargest, out T widthSum);
        Normalisation(net, e + bins, out T heightLargest, out T heightSum);
        T floor = T.Of(2 * Math.PI * SmallestShare);
        T widthScale = T.Of(2 * Math.PI * Free) / widthSum;
        T heightScale = T.Of(2 * Math.PI * Free) / heightSum;
        T left = T.Of(-Math.PI), bottom = left;
        var bin = default(SplineBin<T>);
        for (int b = 0; b < bins; b++)
        {
            T width = T.Fma(widthScale, Exponential.Exp(T.Load(net, e + b) - widthLargest), floor);
            T height = T.Fma(heightScale, Exponential.Exp(T.Load(net, e + bins + b) - heightLargest), floor);
            T knot = inverse == 0 ? left : bottom;

            // z < knot: keep the bin before. The first bin takes everything below, so that rounding at −π is harmless.
            T reached = b == 0 ? z - T.Of(1.0) : knot;
            bin.Index = T.SelectLess(z, reached, bin.Index, T.Of(b));
            bin.LeftX = T.SelectLess(z, reached, bin.LeftX, left);
            bin.LeftY = T.SelectLess(z, reached, bin.LeftY, bottom);
            bin.Width = T.SelectLess(z, reached, bin.Width, width);
            bin.Height = T.SelectLess(z, reached, bin.Height, height);
            int last = b + 1 < bins ? b + 1 : 0;
            bin.LeftSlope = T.SelectLess(z, reached, bin.LeftSlope, T.Load(net, e + (2 * bins) + b));
            bin.RightSlope = T.SelectLess(z, reached, bin.RightSlope, T.Load(net, e + (2 * bins) + last));
            left += width;
            bottom += height;
        }

        bin.LeftSlope = KnotSlope(bin.LeftSlope);
        bin.RightSlope = KnotSlope(bin.RightSlope);
        return bin;
    }

    private static T KnotSlope(T v) => T.Fma(T.Of((1 - SmallestSlope) / Ln2), Logistic.Softplus(v), T.Of(SmallestSlope));

    private void Normalisation(in Reals<T> net, int e, out T largest, out T sum)
    {
        largest = T.Load(net, e);
        for (int b = 1; b < bins; b++) largest = T.Max(largest, T.Load(net, e + b));
        sum = T.Of(0.0);
        for (int b = 0; b < bins; b++) sum += Exponential.Exp(T.Load(net, e + b) - largest);
    }
}

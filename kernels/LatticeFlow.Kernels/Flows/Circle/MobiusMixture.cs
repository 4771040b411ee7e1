using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// h(x) = (1/K) Σ_k g_k(x) + t with the Möbius ("non-compact projection") maps tan(g_k/2) = e^{s_k} tan(x/2); parameters
/// s_1 … s_K, t. Rezende et al. 2020 (arXiv:2002.02428), section 2.1; Albergo et al. 2021 (arXiv:2101.08176), eq. 38.
/// </summary>
/// <remarks>
/// 1. With s = sin(x/2), c = cos(x/2), tan((g − x)/2) = (e^s − 1) s c / (c² + e^s s²): the denominator is positive, so one arctangent
///    without branches gives the shift, and nothing is lost where tan(x/2) is infinite.
/// 2. dg/dx = 1/D with D = e^{−s} c² + e^{s} s², a sum of positive terms.
/// 3. dg/ds = sin g = 2 s c / D; dD/dx = (e^s − e^{−s}) s c; dD/ds = e^s s² − e^{−s} c².
/// 4. Both denominators come from one division: with a = e^s, m = c² + a s² and n = c² + a² s², tan((g − x)/2) = (a − 1) s c n / (m n) and
///    1/D = a m / (m n).
/// 5. Half-angles change sign together when x moves by 2π, and only s c, s², c² occur.
/// 6. d²g/dx² = −(dD/dx)/D² = −(1/D) (a² − 1) s c / n.
/// The inverse of one map is the map with −s. A mixture is inverted by Halley's iteration kept inside a bracket (Press et al., rtsafe).
/// </remarks>
public readonly struct MobiusMixture<T> : ICircularTransform<T>
    where T : unmanaged, IReal<T>
{
    // A map with e^20 as its slope is a step; up to here the product of two denominators still fits a float.
    private const double LargestScale = 20;
    private const double LargestGrowth = 485165195.40979028;
    private const int MostIterations = 100;
    private readonly int components;

    /// <summary>A mixture of <paramref name="components"/> maps.</summary>
    public MobiusMixture(int components) => this.components = components;

    /// <inheritdoc/>
    public int Outputs => components + 1;

    /// <inheritdoc/>
    public void Prepare(in Reals<T> net, int e)
    {
        for (int k = 0; k < components; k++)
        {
            T s = T.Max(T.Of(-LargestScale), T.Min(T.Of(LargestScale), T.Load(net, e + k)));
            T.Store(net, e + k, Exponential.Exp(s));
        }
    }

    /// <inheritdoc/>
    public void Forward(in Reals<T> net, int e, in T x, out T shift, out T logSlope)
    {
        Evaluate(net, e, x, out T sum, out T slope, out _);
        shift = sum + T.Load(net, e + components);
        logSlope = Logarithm.Log(slope);
    }

    /// <inheritdoc/>
    public void Slope(in Reals<T> net, int e, in T x, out T slope, out T logSlopeDerivative)
    {
        Trigonometry.SinCos(x * T.Of(0.5), out T sin, out T cos);
        T sc = sin * cos, ss = sin * sin, cc = cos * cos;
        slope = T.Of(0.0);
        T derivative = T.Of(0.0);
        for (int k = 0; k < components; k++)
        {
            T grow = T.Load(net, e + k), shrink = T.Of(1.0) / grow;
            T inverse = T.Of(1.0) / T.Fma(grow, ss, shrink * cc);
            slope += inverse;
            derivative = T.Fnma(inverse * inverse, (grow - shrink) * sc, derivative);
        }

        logSlopeDerivative = derivative / slope;
        slope *= T.Of(1.0 / components);
    }

    /// <inheritdoc/>
    public void Inverse(in Reals<T> net, int e, in T y, out T shift)
    {
        T target = Angle.Wrap(y - T.Load(net, e + components));
        T mean = T.Load(net, e);
        for (int k = 1; k < components; k++) mean += T.Load(net, e + k);
        T x = InverseOfOne(mean * T.Of(1.0 / components), target);
        if (components > 1) x = Solve(net, e, target, x);
        shift = x - y;
    }

    /// <inheritdoc/>
    public T VectorJacobianProduct(in Reals<T> net, int e, in Reals<T> netCotangent, in T x, in T shiftCotangent, in T logSlopeCotangent)
    {
        Trigonometry.SinCos(x * T.Of(0.5), out T sin, out T cos);
        T sc = sin * cos, ss = sin * sin, cc = cos * cos;
        T slope = T.Of(0.0);
        for (int k = 0; k < components; k++)
        {
            T grow = T.Load(net, e + k);
            slope += grow / T.Fma(grow * grow, ss, cc);
        }

        T weight = logSlopeCotangent / slope;
        T share = shiftCotangent * T.Of(2.0 / components) * sc;
        T result = shiftCotangent * slope * T.Of(1.0 / components);
        for (int k = 0; k < components; k++)
        {
            T grow = T.Load(net, e + k), shrink = T.Of(1.0) / grow;
            T growing = grow * ss, shrinking = shrink * cc;
            T inverse = T.Of(1.0) / (growing + shrinking);
            T square = weight * inverse * inverse;
            result = T.Fnma(square, (grow - shrink) * sc, result);
            T derivative = T.Fnma(square, growing - shrinking, share * inverse);
            T limited = T.SelectLess(T.Max(grow, shrink), T.Of(LargestGrowth * (1 - 1e-6)), derivative, T.Of(0.0));
            T.Store(netCotangent, e + k, limited);
        }

        T.Store(netCotangent, e + components, shiftCotangent);
        return result;
    }

    // The map with 1/a inverts the map with a.
    private static T InverseOfOne(in T grow, in T y)
    {
        Trigonometry.SinCos(y * T.Of(0.5), out T sin, out T cos);
        T ratio = (T.Of(1.0) - grow) * sin * cos / T.Fma(grow * cos, cos, sin * sin);
        return T.Fma(T.Of(2.0), Arctangent.Atan(ratio), y);
    }

    // Σ_k (g_k − x) / K, (1/K) Σ_k dg_k/dx and (1/K) Σ_k d²g_k/dx².
    private void Evaluate(in Reals<T> net, int e, in T x, out T shift, out T slope, out T curvature)
    {
        Trigonometry.SinCos(x * T.Of(0.5), out T sin, out T cos);
        T sc = sin * cos, ss = sin * sin, cc = cos * cos;
        shift = T.Of(0.0);
        slope = T.Of(0.0);
        curvature = T.Of(0.0);
        for (int k = 0; k < components; k++)
        {
            T grow = T.Load(net, e + k), square = grow * grow;
            T m = T.Fma(grow, ss, cc), n = T.Fma(square, ss, cc);
            T inverse = T.Of(1.0) / (m * n);
            T mInverse = m * inverse, one = grow * mInverse;
            shift += Arctangent.Atan((grow - T.Of(1.0)) * sc * n * inverse);
            slope += one;
            curvature = T.Fnma((square - T.Of(1.0)) * mInverse * sc, one, curvature);
        }

        shift *= T.Of(2.0 / components);
        slope *= T.Of(1.0 / components);
        curvature *= T.Of(1.0 / components);
    }

    private T Solve(in Reals<T> net, int e, in T target, in T start)
    {
        T x = start;
        T zero = T.Of(0.0);
        T low = T.Of(-Math.PI), high = T.Of(Math.PI);
        T previous = T.Of(2 * Math.PI);
        // The step after one of this size is below the rounding of x, because the iteration converges cubically.
        T small = T.Of(T.IsDouble ? 1e-6 : 3e-4);
        for (int i = 0; i < MostIterations; i++)
        {
            Evaluate(net, e, x, out T shift, out T slope, out T curvature);
            T f = x + shift - target;
            low = T.SelectLess(f, zero, x, low);
            high = T.SelectLess(f, zero, high, x);

            // Halley's step; where f f″ would make it longer than twice Newton's, that.
            T square = slope * slope;
            T step = -(f + f) * slope / T.Max(square, T.Fnma(f, curvature, square + square));
            T middle = T.Fma(T.Of(0.5), high - low, low);
            T newton = x + step;
            T next = T.SelectLess(newton, low, middle, newton);
            next = T.SelectLess(high, newton, middle, next);
            next = T.SelectLess(T.Abs(previous), T.Abs(step + step), middle, next);

            // Near the root steps are rounding noise: a lane that has arrived stays, whatever the others still need.
            next = T.SelectLess(T.Abs(step), small, newton, next);
            previous = next - x;
            x = next;
            if (T.AllLess(T.Abs(step), small)) break;
        }

        return x;
    }
}

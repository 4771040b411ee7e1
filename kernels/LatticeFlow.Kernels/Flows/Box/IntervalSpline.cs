using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// A monotone rational-quadratic spline of B bins of [0, 1] onto itself (Durkan et al. 2019, arXiv:1906.04032, eq. 4–8), whose 3B + 1 parameters (B widths, B heights, B + 1 knot slopes) may be
/// polynomials of a number t.
/// </summary>
/// <remarks>
/// 1. v = Σ_m t^m v_m. Bin b has width w_b = δ + (1 − Bδ) softmax(v)_b and height likewise; the slope at a knot is δ′ + (1 − δ′) softplus(v)/ln 2, so that v = 0 is the identity; δ = δ′ = 10⁻³.
///    On a circle δ is 10⁻⁵ for widths and 0.1/B for heights, and the slope e^v, v cut to [−10, 16]: no Haar measure keeps links of U(1) from the far side, where the target has e^{−4β} of what it has
///    at its maximum. What a width, a probability, keeps there is wasted for every link of a lattice, and slopes have to reach far; a small height only makes the derivative of log q in it large.
/// 2. <see cref="Prepare"/> writes w, h and the slopes, the knots, to a field; everything else reads these. The parameters are not needed again: softmax(v)_b = (w_b − δ)/(1 − Bδ), and the
///    derivative of softplus is 1 − e^{−softplus}, that of e^v is e^v.
/// 3. On a circle the last slope is the first one, and there are 3B parameters.
/// </remarks>
public static class IntervalSpline<T>
    where T : unmanaged, IReal<T>
{
    private const double SmallestShare = 1e-3;
    private const double SmallestWidthOnCircle = 1e-5;
    private const double SmallestHeightOnCircle = 0.1;
    private const double SmallestExponent = -10;
    private const double LargestExponent = 16;
    private const double SmallestSlope = 1e-3;
    private const double Ln2 = 0.69314718055994531;

    /// <summary>Parameters for one order of the polynomial.</summary>
    public static int Parameters(int bins, int periodic) => (3 * bins) + 1 - periodic;

    /// <summary>Numbers of the knots.</summary>
    public static int Knots(int bins) => (3 * bins) + 1;

    /// <summary>Writes the knots from element <paramref name="k"/> on, from parameters <c>[order][parameter]</c> from element <paramref name="e"/> of the network's output on.</summary>
    public static void Prepare(in Reals<T> net, int e, int orders, in T t, int bins, int periodic, in Reals<T> knots, int k)
    {
        int count = Parameters(bins, periodic);
        for (int p = 0; p < count; p++)
        {
            int last = e + ((orders - 1) * count) + p;
            T v = T.Load(net, last);
            for (int m = 1; m < orders; m++) v = T.Fma(t, v, T.Load(net, last - (m * count)));
            T.Store(knots, k + p, v);
        }

        Share(knots, k, bins, SmallestWidth(periodic));
        Share(knots, k + bins, bins, SmallestHeight(bins, periodic));
        for (int b = 0; b <= bins - periodic; b++) T.Store(knots, k + (2 * bins) + b, KnotSlope(T.Load(knots, k + (2 * bins) + b), periodic));
        if (periodic != 0) T.Store(knots, k + (3 * bins), T.Load(knots, k + (2 * bins)));
    }

    /// <summary>The bin that holds z among the x-knots (<paramref name="inverse"/> = 0) or the y-knots (1), found by walking them with selects.</summary>
    public static SplineBin<T> Find(in Reals<T> knots, int k, int bins, in T z, int inverse)
    {
        T left = T.Of(0), bottom = left;
        var bin = default(SplineBin<T>);
        for (int b = 0; b < bins; b++)
        {
            T width = T.Load(knots, k + b), height = T.Load(knots, k + bins + b);

            // z < knot: keep the bin before. The first bin takes everything below.
            T reached = b == 0 ? z - T.Of(1) : inverse == 0 ? left : bottom;
            bin.Index = T.SelectLess(z, reached, bin.Index, T.Of(b));
            bin.LeftX = T.SelectLess(z, reached, bin.LeftX, left);
            bin.LeftY = T.SelectLess(z, reached, bin.LeftY, bottom);
            bin.Width = T.SelectLess(z, reached, bin.Width, width);
            bin.Height = T.SelectLess(z, reached, bin.Height, height);
            bin.LeftSlope = T.SelectLess(z, reached, bin.LeftSlope, T.Load(knots, k + (2 * bins) + b));
            bin.RightSlope = T.SelectLess(z, reached, bin.RightSlope, T.Load(knots, k + (2 * bins) + b + 1));
            left += width;
            bottom += height;
        }

        return bin;
    }

    /// <summary>
    /// From the cotangents of the numbers of a bin, those of the parameters, written <c>[order][parameter]</c> from element <paramref name="e"/> of <paramref name="netCotangent"/> on. Returns the
    /// cotangent of t.
    /// </summary>
    public static T Backward(in Reals<T> knots, int k, int bins, int periodic, in SplineBin<T> cotangent, in T index, in Reals<T> net, int e, int orders, in T t, in Reals<T> netCotangent)
    {
        double smallestWidth = SmallestWidth(periodic), smallestHeight = SmallestHeight(bins, periodic);
        T meanWidth = T.Of(0), meanHeight = T.Of(0), leastWidth = T.Of(smallestWidth), leastHeight = T.Of(smallestHeight);
        T freeWidth = T.Of(1 / (1 - (bins * smallestWidth))), freeHeight = T.Of(1 / (1 - (bins * smallestHeight)));
        for (int b = 0; b < bins; b++)
        {
            T at = T.Of(b);
            meanWidth = T.Fma(freeWidth * (T.Load(knots, k + b) - leastWidth), Chosen(at, index, cotangent.LeftX, cotangent.Width), meanWidth);
            meanHeight = T.Fma(freeHeight * (T.Load(knots, k + bins + b) - leastHeight), Chosen(at, index, cotangent.LeftY, cotangent.Height), meanHeight);
        }

        T ofT = T.Of(0);
        for (int b = 0; b < bins; b++)
        {
            // Softmax: dL/dv_b = p_b (g_b − Σ_c p_c g_c), and w_b − δ = (1 − Bδ) p_b.
            T at = T.Of(b);
            T width = (T.Load(knots, k + b) - leastWidth) * (Chosen(at, index, cotangent.LeftX, cotangent.Width) - meanWidth);
            T height = (T.Load(knots, k + bins + b) - leastHeight) * (Chosen(at, index, cotangent.LeftY, cotangent.Height) - meanHeight);
            ofT += Spread(net, e, b, bins, periodic, orders, t, width, netCotangent);
            ofT += Spread(net, e, bins + b, bins, periodic, orders, t, height, netCotangent);
        }

        for (int b = 0; b <= bins - periodic; b++)
        {
            T at = T.Of(b), next = index + T.Of(1);
            if (periodic != 0) next = T.SelectLess(index, T.Of(bins - 1.5), next, T.Of(0));
            T ofSlope = Equal(at, index, cotangent.LeftSlope) + Equal(at, next, cotangent.RightSlope);
            ofT += Spread(net, e, (2 * bins) + b, bins, periodic, orders, t, ofSlope * SlopeOfKnotSlope(T.Load(knots, k + (2 * bins) + b), periodic), netCotangent);
        }

        return ofT;
    }

    // v = Σ t^m v_m: writes dL/dv_m, returns dL/dt.
    private static T Spread(in Reals<T> net, int e, int p, int bins, int periodic, int orders, in T t, in T cotangent, in Reals<T> netCotangent)
    {
        int count = Parameters(bins, periodic);
        T power = cotangent, ofT = T.Of(0);
        T.Store(netCotangent, e + p, power);
        for (int m = 1; m < orders; m++)
        {
            int at = e + (m * count) + p;
            ofT = T.Fma(T.Of(m) * power, T.Load(net, at), ofT);
            power *= t;
            T.Store(netCotangent, at, power);
        }

        return ofT;
    }

    private static void Share(in Reals<T> knots, int k, int bins, double smallest)
    {
        T largest = T.Load(knots, k);
        for (int b = 1; b < bins; b++) largest = T.Max(largest, T.Load(knots, k + b));
        T sum = T.Of(0);
        for (int b = 0; b < bins; b++)
        {
            T e = Exponential.Exp(T.Load(knots, k + b) - largest);
            T.Store(knots, k + b, e);
            sum += e;
        }

        T scale = T.Of(1 - (bins * smallest)) / sum;
        for (int b = 0; b < bins; b++) T.Store(knots, k + b, T.Fma(scale, T.Load(knots, k + b), T.Of(smallest)));
    }

    private static double SmallestWidth(int periodic) => periodic != 0 ? SmallestWidthOnCircle : SmallestShare;

    private static double SmallestHeight(int bins, int periodic) => periodic != 0 ? SmallestHeightOnCircle / bins : SmallestShare;

    private static T KnotSlope(T v, int periodic) => periodic != 0
        ? Exponential.Exp(T.Max(T.Of(SmallestExponent), T.Min(T.Of(LargestExponent), v)))
        : T.Fma(T.Of((1 - SmallestSlope) / Ln2), Logistic.Softplus(v), T.Of(SmallestSlope));

    // dδ/dv from δ.
    private static T SlopeOfKnotSlope(T slope, int periodic)
    {
        if (periodic != 0)
        {
            T above = T.SelectLess(T.Of(1.0001 * Math.Exp(SmallestExponent)), slope, slope, T.Of(0));
            return T.SelectLess(slope, T.Of(0.9999 * Math.Exp(LargestExponent)), above, T.Of(0));
        }

        T softplus = (slope - T.Of(SmallestSlope)) * T.Of(Ln2 / (1 - SmallestSlope));
        return (T.Of(1) - Exponential.Exp(-softplus)) * T.Of((1 - SmallestSlope) / Ln2);
    }

    private static T Equal(T a, T b, T value) => T.SelectLess(T.Abs(a - b), T.Of(0.5), value, T.Of(0));

    private static T Chosen(T at, T index, T before, T here) => T.SelectLess(at, index - T.Of(0.5), before, Equal(at, index, here));
}

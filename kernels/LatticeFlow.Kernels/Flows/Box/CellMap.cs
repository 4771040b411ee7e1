using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// A monotone map of the eigenphases of a loop: from the canonical cell of SU(N) to the box [0, 1]^{N−1}, spline after spline there, and back, with its log-determinant by Haar measure. Of U(1): a
/// spline of the circle.
/// </summary>
/// <remarks>
/// Source: D. Boyda et al., Phys. Rev. D 103 (2021) 074504, for cell and box of SU(3); here for any N.
/// 1. Cell: θ_1 ≤ … ≤ θ_N, Σθ = 0, θ_N − θ_1 ≤ 2π. Gaps g_k = (θ_{k+1} − θ_k)/2π, k &lt; N, and g_N = 1 − Σg, are all alike; their simplex is the cell. θ_1 = −(2π/N) Σ_{k&lt;N} (N − k) g_k.
/// 2. Box: w = 1 − g_N = R_1, r_k = g_k/R_k, R_{k+1} = R_k − g_k, k ≤ N − 2; g_{N−1} = R_{N−1}. |∂g/∂box| = w^{N−2} Π_k (1 − r_k)^{N−2−k}.
/// 3. Splines: w′ = s_w(w), r′_k = s_k(r_k); parameters of s_k may be polynomials of t = 2w − 1.
/// 4. Haar density: Π_{i&lt;j} 4 sin²(π a_ij), a_ij = g_i + … + g_{j−1}. What is needed is ln sin πa′/sin πa: with γ_k = ln g′_k/g_k, A = a or 1 − a, whichever is smaller, a sum over a set of gaps B,
///    ln Σ_B g e^γ/Σ_B g + ln sinc πA′ − ln sinc πA. The γ are sums of ln(y/x) and ln((1 − y)/(1 − x)) of the splines, which are closed at the ends: no gap is ever divided by another one.
/// 5. Backward through each of these steps. Where a gap R_k divides, what it divides is proportional to it.
/// U(1): x = (θ + π)/2π, and the log-determinant is the spline's.
/// </remarks>
public partial struct CellMap<T>
    where T : unmanaged, IReal<T>
{
    private const double Tau = 6.2831853071795862;

    /// <summary>N.</summary>
    public int Order;

    /// <summary>Bins of each spline.</summary>
    public int Bins;

    /// <summary>1 + the degree of the polynomials of t that the parameters of s_k are.</summary>
    public int Orders;

    /// <summary>Network output, <c>[node][NetStride]</c>.</summary>
    public Reals<T> Net;

    /// <summary>dL/d(output), laid out alike.</summary>
    public Reals<T> NetCotangent;

    /// <summary>Numbers of a node.</summary>
    public int NetStride;

    /// <summary>The first of the map's own <see cref="Parameters"/> among them.</summary>
    public int FirstOutput;

    /// <summary>θ in the canonical cell, <c>[item][N + 1]</c>; the last is not touched.</summary>
    public Reals<T> Phases;

    /// <summary>θ′, laid out alike.</summary>
    public Reals<T> Images;

    /// <summary>Scratch, <c>[item][<see cref="ScratchOf"/>]</c>.</summary>
    public Reals<T> Scratch;

    /// <summary>Splines of a map.</summary>
    public static int Coordinates(int order) => order > 1 ? order - 1 : 1;

    /// <summary>Network outputs of a map.</summary>
    public static int Parameters(int order, int bins, int orders)
    {
        int one = IntervalSpline<T>.Parameters(bins, Periodic(order));
        return one * (1 + ((Coordinates(order) - 1) * orders));
    }

    /// <summary>Scratch numbers of an item.</summary>
    public static int ScratchOf(int order, int bins) => (Coordinates(order) * (IntervalSpline<T>.Knots(bins) + 10)) + (6 * order);

    /// <summary>The same map, bound to a place.</summary>
    public readonly CellMap<T> At(in Place place)
    {
        var bound = this;
        bound.Net = Net.At(place);
        bound.NetCotangent = NetCotangent.At(place);
        bound.Phases = Phases.At(place);
        bound.Images = Images.At(place);
        bound.Scratch = Scratch.At(place);
        return bound;
    }

    /// <summary>θ → θ′; returns the log-determinant.</summary>
    public readonly T Forward(int item, int node)
    {
        int s = ScratchStart(item);
        ToBox(Phases, item, s, 0);
        for (int c = 0; c < Coordinates(Order); c++)
        {
            T x = T.Load(Scratch, X(s, c));
            Prepare(node, s, c);
            Evaluate(s, c, x);
        }

        FromBox(Images, item, s);
        return LogDeterminant(s);
    }

    /// <summary>θ′ → θ; returns the log-determinant of the map at θ.</summary>
    public readonly T Inverse(int item, int node)
    {
        int s = ScratchStart(item);
        ToBox(Images, item, s, 1);
        for (int c = 0; c < Coordinates(Order); c++)
        {
            T y = T.Load(Scratch, Y(s, c));
            Prepare(node, s, c);
            var bin = IntervalSpline<T>.Find(Scratch, KnotsOf(s, c), Bins, y, 1);
            T x = bin.Preimage(y);
            T.Store(Scratch, X(s, c), x);
            Evaluate(s, c, x);
        }

        Unbox(Phases, item, s, 0);
        return LogDeterminant(s);
    }

    /// <summary>Of phases j &lt; k, after the map or its inverse: (θ_j − θ_k)/2, the same of θ′, and sin(D′/2)/sin(D/2) of these.</summary>
    public readonly void Differences(int item, int j, int k, out T half, out T halfImage, out T ratio)
    {
        int s = ScratchStart(item), p = item * (Order + 1);
        half = T.Of(0.5) * (T.Load(Phases, p + j) - T.Load(Phases, p + k));
        halfImage = T.Of(0.5) * (T.Load(Images, p + j) - T.Load(Images, p + k));
        Sums(s, j, k, out T inside, out T insideImage, out T outside, out T outsideImage);
        T a = T.SelectLess(inside, outside, inside, outside), image = T.SelectLess(inside, outside, insideImage, outsideImage);
        ratio = image / a * (Sinc(image) / Sinc(a));
    }

    private static int Periodic(int order) => order == 1 ? 1 : 0;

    // The scratch of an item: knots of every coordinate, ten numbers a coordinate, six a gap.
    private readonly int ScratchStart(int item) => item * ScratchOf(Order, Bins);

    private readonly int KnotsOf(int s, int c) => s + (c * IntervalSpline<T>.Knots(Bins));

    private readonly int Numbers(int s, int kind, int c) => s + (Coordinates(Order) * IntervalSpline<T>.Knots(Bins)) + (kind * Coordinates(Order)) + c;

    private readonly int X(int s, int c) => Numbers(s, 0, c);

    private readonly int Y(int s, int c) => Numbers(s, 1, c);

    private readonly int LogSlope(int s, int c) => Numbers(s, 2, c);

    private readonly int Low(int s, int c) => Numbers(s, 3, c);

    private readonly int High(int s, int c) => Numbers(s, 4, c);

    private readonly int Cotangent(int s, int c) => Numbers(s, 5, c);

    private readonly int OfLow(int s, int c) => Numbers(s, 6, c);

    private readonly int OfHigh(int s, int c) => Numbers(s, 7, c);

    private readonly int Wanted(int s, int c) => Numbers(s, 8, c);

    private readonly int Kept(int s, int c) => Numbers(s, 9, c);

    private readonly int Gaps(int s, int kind, int k) => Numbers(s, 10, 0) + (kind * Order) + k;

    // g, g′, γ, and the cotangents of each; the cotangents of γ hold what else a path needs.
    private readonly int Gap(int s, int k) => Gaps(s, 0, k);

    private readonly int Image(int s, int k) => Gaps(s, 1, k);

    private readonly int Gamma(int s, int k) => Gaps(s, 2, k);

    private readonly int OfGap(int s, int k) => Gaps(s, 3, k);

    private readonly int OfImage(int s, int k) => Gaps(s, 4, k);

    private readonly int OfGamma(int s, int k) => Gaps(s, 5, k);

    private static T Tiny => T.Of(T.IsDouble ? 1e-290 : 1e-35);

    private readonly T Slope(int s, int c) => Exponential.Exp(T.Load(Scratch, LogSlope(s, c)));

    // θ to gaps and box: x and g (kind 0), or y and g′ (1).
    private readonly void ToBox(in Reals<T> phases, int item, int s, int kind)
    {
        int p = item * (Order + 1);
        if (Order == 1)
        {
            T.Store(Scratch, Numbers(s, kind, 0), T.Fma(T.Load(phases, p), T.Of(1 / Tau), T.Of(0.5)));
            return;
        }

        T w = T.Of(0);
        for (int k = 0; k < Order - 1; k++)
        {
            T g = T.Max(Tiny, (T.Load(phases, p + k + 1) - T.Load(phases, p + k)) * T.Of(1 / Tau));
            T.Store(Scratch, Gaps(s, kind, k), g);
            w += g;
        }

        T.Store(Scratch, Gaps(s, kind, Order - 1), T.Max(Tiny, T.Of(1) - w));
        T.Store(Scratch, Numbers(s, kind, 0), T.Min(w, T.Of(1)));
        T rest = w;
        for (int c = 1; c < Order - 1; c++)
        {
            T g = T.Load(Scratch, Gaps(s, kind, c - 1));
            T.Store(Scratch, Numbers(s, kind, c), T.Min(T.Of(1), g / rest));
            rest = T.Max(Tiny, rest - g);
        }
    }

    private readonly void FromBox(in Reals<T> phases, int item, int s) => Unbox(phases, item, s, 1);

    // Box to gaps and θ: of x (kind 0) or y (1).
    private readonly void Unbox(in Reals<T> phases, int item, int s, int kind)
    {
        int p = item * (Order + 1);
        T w = T.Load(Scratch, Numbers(s, kind, 0));
        if (Order == 1)
        {
            T.Store(phases, p, T.Fma(w, T.Of(Tau), T.Of(-0.5 * Tau)));
            return;
        }

        T rest = w, first = T.Of(0);
        T.Store(Scratch, Gaps(s, kind, Order - 1), T.Max(Tiny, T.Of(1) - w));
        for (int k = 0; k < Order - 1; k++)
        {
            T g = k < Order - 2 ? rest * T.Load(Scratch, Numbers(s, kind, k + 1)) : rest;
            g = T.Max(Tiny, g);
            T.Store(Scratch, Gaps(s, kind, k), g);
            rest -= g;
            first = T.Fma(T.Of(Order - 1 - k), g, first);
        }

        T theta = first * T.Of(-Tau / Order);
        T.Store(phases, p, theta);
        for (int k = 0; k < Order - 1; k++)
        {
            theta = T.Fma(T.Of(Tau), T.Load(Scratch, Gaps(s, kind, k)), theta);
            T.Store(phases, p + k + 1, theta);
        }
    }

    private readonly void Prepare(int node, int s, int c)
    {
        T t = c == 0 ? T.Of(0) : T.Fma(T.Of(2), T.Load(Scratch, X(s, 0)), T.Of(-1));
        IntervalSpline<T>.Prepare(Net, Output(node, c), c == 0 ? 1 : Orders, t, Bins, Periodic(Order), Scratch, KnotsOf(s, c));
    }

    private readonly int Output(int node, int c)
    {
        int one = IntervalSpline<T>.Parameters(Bins, Periodic(Order));
        return (node * NetStride) + FirstOutput + (c == 0 ? 0 : one * (1 + ((c - 1) * Orders)));
    }

    private readonly void Evaluate(int s, int c, in T x)
    {
        var bin = IntervalSpline<T>.Find(Scratch, KnotsOf(s, c), Bins, x, 0);
        bin.Evaluate(x, Bins, out T y, out T logSlope, out T low, out T high);
        T.Store(Scratch, Y(s, c), y);
        T.Store(Scratch, LogSlope(s, c), logSlope);
        T.Store(Scratch, Low(s, c), low);
        T.Store(Scratch, High(s, c), high);
    }

    private readonly T LogDeterminant(int s)
    {
        T sum = T.Of(0);
        for (int c = 0; c < Coordinates(Order); c++) sum += T.Load(Scratch, LogSlope(s, c));
        if (Order == 1) return sum;
        sum = T.Fma(T.Of(Order - 2), T.Load(Scratch, Low(s, 0)), sum);
        for (int c = 1; c < Order - 2; c++) sum = T.Fma(T.Of(Order - 2 - c), T.Load(Scratch, High(s, c)), sum);
        Gammas(s);
        GapImages(s);
        for (int i = 0; i < Order; i++)
        {
            for (int j = i + 1; j < Order; j++) sum = T.Fma(T.Of(2), Pair(s, i, j), sum);
        }

        return sum;
    }

    // γ_k, and g′ from the images where only they are known.
    private readonly void Gammas(int s)
    {
        T rest = T.Load(Scratch, Low(s, 0));
        for (int k = 0; k < Order - 1; k++)
        {
            T.Store(Scratch, Gamma(s, k), k < Order - 2 ? rest + T.Load(Scratch, Low(s, k + 1)) : rest);
            if (k < Order - 2) rest += T.Load(Scratch, High(s, k + 1));
        }

        T.Store(Scratch, Gamma(s, Order - 1), T.Load(Scratch, High(s, 0)));
    }

    // g and g′ = g e^γ, so that sums of g e^γ are sums of g′.
    private readonly void GapImages(int s)
    {
        for (int k = 0; k < Order; k++) T.Store(Scratch, Image(s, k), T.Max(Tiny, T.Load(Scratch, Gap(s, k)) * Exponential.Exp(T.Load(Scratch, Gamma(s, k)))));
    }

    // Sums over the gaps i … j − 1, and over all others.
    private readonly void Sums(int s, int i, int j, out T inside, out T insideImage, out T outside, out T outsideImage)
    {
        inside = insideImage = outside = outsideImage = T.Of(0);
        for (int k = 0; k < Order; k++)
        {
            T g = T.Load(Scratch, Gap(s, k)), image = T.Load(Scratch, Image(s, k));
            if (k >= i && k < j)
            {
                inside += g;
                insideImage += image;
            }
            else
            {
                outside += g;
                outsideImage += image;
            }
        }
    }

    // ln sin πa′/sin πa.
    private readonly T Pair(int s, int i, int j)
    {
        Sums(s, i, j, out T inside, out T insideImage, out T outside, out T outsideImage);
        T a = T.SelectLess(inside, outside, inside, outside), image = T.SelectLess(inside, outside, insideImage, outsideImage);
        return Logarithm.Log(image / a * (Sinc(image) / Sinc(a)));
    }

    // sin πa/πa.
    private static T Sinc(in T a)
    {
        T x = T.Of(0.5 * Tau) * a;
        return T.SelectLess(x, T.Of(1e-4), T.Fnma(x * x, T.Of(1.0 / 6), T.Of(1)), Trigonometry.Sin(x) / T.Max(x, Tiny));
    }
}

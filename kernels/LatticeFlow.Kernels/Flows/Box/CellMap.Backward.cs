using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <content>Derivatives: step 5.</content>
public partial struct CellMap<T>
{
    /// <summary>
    /// From dL/dθ′ (<paramref name="cotangents"/>, <c>[item][N]</c>) and dL/d ln|det|: dL/dθ in their place, and dL/d(network output). For the map that went before, in either direction.
    /// </summary>
    public readonly void Backward(int item, int node, in Reals<T> cotangents, in T ofLogDet)
    {
        int s = ScratchStart(item);
        ToBoxCotangents(cotangents, item, s, 1);
        BoxBackward(node, s, ofLogDet);
        FromBoxCotangents(cotangents, item, s, 0);
    }

    /// <summary>
    /// From ∂ log q/∂θ (<paramref name="cotangents"/>) to ∂ log q/∂θ′ = (∂ log q/∂θ − ∂ ln|det|/∂θ)(∂θ′/∂θ)⁻¹ in its place, and the derivative by the network output of (θ′, ln|det|) with these and 1 as
    /// cotangents.
    /// </summary>
    public readonly void PathForward(int item, int node, in Reals<T> cotangents)
    {
        int s = ScratchStart(item), coordinates = Coordinates(Order);
        ToBoxCotangents(cotangents, item, s, 0);
        for (int c = 0; c < coordinates; c++)
        {
            T.Store(Scratch, Wanted(s, c), T.Load(Scratch, Cotangent(s, c)));
            T.Store(Scratch, Cotangent(s, c), T.Of(0));
        }

        // ∂ ln|det|/∂x; then the later coordinates, which depend on x of their own and of the first, and at last that one.
        BoxBackward(node, s, T.Of(1));
        if (Order > 1) AddSticks(s, 0, OfGap(s, 0));
        for (int c = 0; c < coordinates; c++) T.Store(Scratch, Wanted(s, c), T.Load(Scratch, Wanted(s, c)) - T.Load(Scratch, Cotangent(s, c)));
        T.Store(Scratch, Cotangent(s, 0), T.Of(0));
        for (int c = 1; c < coordinates; c++)
        {
            T later = T.Load(Scratch, Wanted(s, c)) / Slope(s, c);
            T.Store(Scratch, Kept(s, c), later);
            T.Store(Scratch, Cotangent(s, c), later);
        }

        if (coordinates > 1) BoxBackward(node, s, T.Of(0));
        T.Store(Scratch, Kept(s, 0), (T.Load(Scratch, Wanted(s, 0)) - T.Load(Scratch, Cotangent(s, 0))) / Slope(s, 0));
        for (int c = 0; c < coordinates; c++) T.Store(Scratch, Cotangent(s, c), T.Load(Scratch, Kept(s, c)));
        BoxBackward(node, s, T.Of(1));
        for (int c = 0; c < coordinates; c++) T.Store(Scratch, Cotangent(s, c), T.Load(Scratch, Kept(s, c)));
        FromBoxCotangents(cotangents, item, s, 1);
    }

    // dL/dγ, dL/dg and dL/dg′ of c ln sin πa′/sin πa, added to what stands there.
    private readonly void PairBackward(int s, int i, int j, in T cotangent)
    {
        Sums(s, i, j, out T inside, out T insideImage, out T outside, out T outsideImage);
        T a = T.SelectLess(inside, outside, inside, outside), image = T.SelectLess(inside, outside, insideImage, outsideImage);
        T ofA = cotangent * LogSincSlope(a), ofImage = cotangent * LogSincSlope(image);
        for (int k = 0; k < Order; k++)
        {
            // 1 where the gap is one of the smaller side.
            T one = k >= i && k < j ? T.SelectLess(inside, outside, T.Of(1), T.Of(0)) : T.SelectLess(inside, outside, T.Of(0), T.Of(1));
            T g = T.Load(Scratch, Gap(s, k)), weight = g / a, weightImage = T.Load(Scratch, Image(s, k)) / image;
            T.Store(Scratch, OfGamma(s, k), T.Fma(one * cotangent, weightImage, T.Load(Scratch, OfGamma(s, k))));
            T.Store(Scratch, OfGap(s, k), T.Fma(one, (cotangent * (weightImage - weight) / g) - ofA, T.Load(Scratch, OfGap(s, k))));
            T.Store(Scratch, OfImage(s, k), T.Fma(one, ofImage, T.Load(Scratch, OfImage(s, k))));
        }
    }

    // d ln(sin πa/πa)/da = π cot πa − 1/a; by its series where the two terms cancel.
    private static T LogSincSlope(in T a)
    {
        T x = T.Of(0.5 * Tau) * a, z = x * x;
        T series = Polynomial.At(z, -1.0 / 3, -1.0 / 45, -2.0 / 945, -1.0 / 4725, -2.0 / 93555, -1382.0 / 638512875);
        Trigonometry.SinCos(x, out T sin, out T cos);
        T closed = (cos / T.Max(Tiny, T.Abs(sin))) - (T.Of(1) / T.Max(x, Tiny));
        return T.Of(0.5 * Tau) * T.SelectLess(x, T.Of(0.3), x * series, closed);
    }

    // dL/dy in the cotangents of the coordinates becomes dL/dx; explicit dL/dg stays in the cotangents of the gaps. Writes dL/d(network output).
    private readonly void BoxBackward(int node, int s, in T ofLogDet)
    {
        int coordinates = Coordinates(Order);
        for (int k = 0; k < Order; k++)
        {
            T.Store(Scratch, OfGap(s, k), T.Of(0));
            T.Store(Scratch, OfImage(s, k), T.Of(0));
            T.Store(Scratch, OfGamma(s, k), T.Of(0));
        }

        for (int c = 0; c < coordinates; c++)
        {
            T.Store(Scratch, OfLow(s, c), T.Of(0));
            T.Store(Scratch, OfHigh(s, c), T.Of(0));
        }

        if (Order > 1)
        {
            for (int i = 0; i < Order; i++)
            {
                for (int j = i + 1; j < Order; j++) PairBackward(s, i, j, ofLogDet + ofLogDet);
            }

            RatioCotangents(s, ofLogDet);
            AddSticks(s, 1, OfImage(s, 0));
        }

        T ofT = T.Of(0), t = T.Fma(T.Of(2), T.Load(Scratch, X(s, 0)), T.Of(-1));
        for (int c = coordinates - 1; c >= 0; c--)
        {
            T x = T.Load(Scratch, X(s, c));
            var bin = IntervalSpline<T>.Find(Scratch, KnotsOf(s, c), Bins, x, 0);
            bin.Backward(
                x, T.Load(Scratch, Y(s, c)), Bins, T.Load(Scratch, Cotangent(s, c)), ofLogDet, T.Load(Scratch, OfLow(s, c)), T.Load(Scratch, OfHigh(s, c)), out var cotangent);
            T byT = IntervalSpline<T>.Backward(
                Scratch, KnotsOf(s, c), Bins, Periodic(Order), cotangent, bin.Index, Net, Output(node, c), c == 0 ? 1 : Orders, t, NetCotangent);
            if (c > 0) ofT += byT;
            T.Store(Scratch, Cotangent(s, c), c == 0 ? T.Fma(T.Of(2), ofT, cotangent.X) : cotangent.X);
        }
    }

    // dL/dγ and the box's own Jacobian, to dL/d ln(y/x) and dL/d ln((1 − y)/(1 − x)).
    private readonly void RatioCotangents(int s, in T ofLogDet)
    {
        T later = T.Of(0);
        for (int k = Order - 2; k >= 0; k--)
        {
            T own = T.Load(Scratch, OfGamma(s, k));
            if (k < Order - 2)
            {
                T.Store(Scratch, OfLow(s, k + 1), own);
                T.Store(Scratch, OfHigh(s, k + 1), k < Order - 3 ? T.Fma(T.Of(Order - 3 - k), ofLogDet, later) : later);
            }

            later += own;
        }

        T.Store(Scratch, OfLow(s, 0), T.Fma(T.Of(Order - 2), ofLogDet, later));
        T.Store(Scratch, OfHigh(s, 0), T.Load(Scratch, OfGamma(s, Order - 1)));
    }

    // Adds dL/d(gaps), from element e on, to the cotangents of the coordinates they are made of, x (kind 0) or y (1).
    private readonly void AddSticks(int s, int kind, int e)
    {
        // R_k of each k; the last gap is all that is left.
        T rest = T.Load(Scratch, Numbers(s, kind, 0));
        for (int k = 0; k < Order - 2; k++)
        {
            T.Store(Scratch, OfGamma(s, k), rest);
            rest -= rest * T.Load(Scratch, Numbers(s, kind, k + 1));
        }

        T ofRest = T.Load(Scratch, e + Order - 2);
        for (int k = Order - 3; k >= 0; k--)
        {
            T r = T.Load(Scratch, Numbers(s, kind, k + 1)), ofGap = T.Load(Scratch, e + k);
            int at = Cotangent(s, k + 1);
            T.Store(Scratch, at, T.Fma(T.Load(Scratch, OfGamma(s, k)), ofGap - ofRest, T.Load(Scratch, at)));
            ofRest = T.Fma(r, ofGap - ofRest, ofRest);
        }

        int first = Cotangent(s, 0);
        T.Store(Scratch, first, T.Load(Scratch, first) + ofRest - T.Load(Scratch, e + Order - 1));
    }

    // dL/dθ to dL/d(coordinates), of x (kind 0) or y (1).
    private readonly void ToBoxCotangents(in Reals<T> cotangents, int item, int s, int kind)
    {
        int p = item * Order;
        if (Order == 1)
        {
            T.Store(Scratch, Cotangent(s, 0), T.Of(Tau) * T.Load(cotangents, p));
            return;
        }

        // θ_m = θ_1 + 2π Σ_{k<m} g_k, θ_1 = −(2π/N) Σ (N − k) g_k.
        T sum = T.Of(0), above = T.Of(0);
        for (int m = 0; m < Order; m++) sum += T.Load(cotangents, p + m);
        for (int k = Order - 2; k >= 0; k--)
        {
            above += T.Load(cotangents, p + k + 1);
            T.Store(Scratch, OfImage(s, k), T.Of(Tau) * T.Fnma(T.Of((Order - 1.0 - k) / Order), sum, above));
        }

        T.Store(Scratch, OfImage(s, Order - 1), T.Of(0));
        for (int c = 0; c < Coordinates(Order); c++) T.Store(Scratch, Cotangent(s, c), T.Of(0));
        AddSticks(s, kind, OfImage(s, 0));
    }

    // dL/d(coordinates) and, of x, explicit dL/dg, to dL/dθ.
    private readonly void FromBoxCotangents(in Reals<T> cotangents, int item, int s, int kind)
    {
        int p = item * Order;
        if (Order == 1)
        {
            T.Store(cotangents, p, T.Load(Scratch, Cotangent(s, 0)) * T.Of(1 / Tau));
            return;
        }

        // w = Σ g, r_k = g_k/R_k, R_{k+1} = R_k − g_k.
        for (int k = 0; k < Order; k++)
        {
            if (kind == 1) T.Store(Scratch, OfGap(s, k), T.Of(0));
        }

        T rest = T.Load(Scratch, Numbers(s, kind, 0));
        for (int k = 0; k < Order - 2; k++)
        {
            T.Store(Scratch, OfGamma(s, k), T.Max(Tiny, rest));
            rest -= rest * T.Load(Scratch, Numbers(s, kind, k + 1));
        }

        T ofRest = T.Of(0);
        for (int k = Order - 3; k >= 0; k--)
        {
            T ofR = T.Load(Scratch, Cotangent(s, k + 1)) / T.Load(Scratch, OfGamma(s, k));
            int at = OfGap(s, k);
            T.Store(Scratch, at, T.Load(Scratch, at) + ofR - ofRest);
            ofRest = T.Fnma(ofR, T.Load(Scratch, Numbers(s, kind, k + 1)), ofRest);
        }

        T whole = T.Load(Scratch, Cotangent(s, 0)) + ofRest - T.Load(Scratch, OfGap(s, Order - 1));
        for (int m = 0; m < Order; m++)
        {
            T up = m > 0 ? T.Load(Scratch, OfGap(s, m - 1)) + whole : T.Of(0);
            T down = m < Order - 1 ? T.Load(Scratch, OfGap(s, m)) + whole : T.Of(0);
            T.Store(cotangents, p + m, (up - down) * T.Of(1 / Tau));
        }
    }
}

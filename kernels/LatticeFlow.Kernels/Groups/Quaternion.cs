using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// An element of SU(2), or a real multiple of one, as a0 + i a·σ = [[a0 + i a3, a2 + i a1], [−a2 + i a1, a0 − i a3]]: four reals in registers, on the CPU and on GPUs.
/// Sums and products of such matrices are such matrices. T_a = σ_a/2. Fields hold a0, a1, a2, a3.
/// </summary>
public readonly struct Quaternion<T> : ILink<Quaternion<T>, T>
    where T : unmanaged, IReal<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly T a0;
    private readonly T a1;
    private readonly T a2;
    private readonly T a3;

    /// <summary>a0 + i a·σ.</summary>
    [MethodImpl(Inline)]
    public Quaternion(T a0, T a1, T a2, T a3)
    {
        this.a0 = a0;
        this.a1 = a1;
        this.a2 = a2;
        this.a3 = a3;
    }

    /// <inheritdoc/>
    public static int Order => 2;

    /// <inheritdoc/>
    public static int Components => 4;

    /// <inheritdoc/>
    public static int Generators => 3;

    /// <inheritdoc/>
    public static int Subgroups => 1;

    /// <inheritdoc/>
    public static int WorkElements => 0;

    /// <inheritdoc/>
    public static int ExponentialSlots => 0;

    /// <inheritdoc/>
    public static int HaarBlocks => 2;

    [MethodImpl(Inline)]
    public static Quaternion<T> Local(in Reals<T> work, int slot) => default;

    [MethodImpl(Inline)]
    public static Quaternion<T> Open(in Reals<T> links, int link) =>
        new(T.Load(links, 4 * link), T.Load(links, (4 * link) + 1), T.Load(links, (4 * link) + 2), T.Load(links, (4 * link) + 3));

    // Left to the JIT: rare, and loops over staples have little room.
    public static Quaternion<T> OpenShifted(in Reals<T> links, int link, in Table permutations, int shift, in Quaternion<T> local) => new(
        T.LoadShifted(links, 4 * link, permutations, shift), T.LoadShifted(links, (4 * link) + 1, permutations, shift),
        T.LoadShifted(links, (4 * link) + 2, permutations, shift), T.LoadShifted(links, (4 * link) + 3, permutations, shift));

    [MethodImpl(Inline)]
    public static void Store(in Reals<T> links, int link, in Quaternion<T> value)
    {
        T.Store(links, 4 * link, value.a0);
        T.Store(links, (4 * link) + 1, value.a1);
        T.Store(links, (4 * link) + 2, value.a2);
        T.Store(links, (4 * link) + 3, value.a3);
    }

    [MethodImpl(Inline)]
    public static void SetZero(ref Quaternion<T> c) => c = new(T.Of(0), T.Of(0), T.Of(0), T.Of(0));

    [MethodImpl(Inline)]
    public static void SetOne(ref Quaternion<T> c) => c = new(T.Of(1), T.Of(0), T.Of(0), T.Of(0));

    [MethodImpl(Inline)]
    public static void Copy(in Quaternion<T> a, ref Quaternion<T> c) => c = a;

    [MethodImpl(Inline)]
    public static void Adjoint(in Quaternion<T> a, ref Quaternion<T> c) => c = new(a.a0, -a.a1, -a.a2, -a.a3);

    [MethodImpl(Inline)]
    public static void Multiply(in Quaternion<T> a, in Quaternion<T> b, ref Quaternion<T> c)
    {
        SetZero(ref c);
        AddMultiply(a, b, ref c);
    }

    [MethodImpl(Inline)]
    public static void MultiplyAdjoint(in Quaternion<T> a, in Quaternion<T> b, ref Quaternion<T> c)
    {
        SetZero(ref c);
        AddMultiplyAdjoint(a, b, ref c);
    }

    [MethodImpl(Inline)]
    public static void AdjointMultiply(in Quaternion<T> a, in Quaternion<T> b, ref Quaternion<T> c)
    {
        SetZero(ref c);
        AddAdjointMultiply(a, b, ref c);
    }

    // (a0 + i a·σ)(b0 + i b·σ) = a0 b0 − a·b + i (a0 b + b0 a − a×b)·σ.
    [MethodImpl(Inline)]
    public static void AddMultiply(in Quaternion<T> a, in Quaternion<T> b, ref Quaternion<T> c) => c = new(
        T.Fnma(a.a3, b.a3, T.Fnma(a.a2, b.a2, T.Fnma(a.a1, b.a1, T.Fma(a.a0, b.a0, c.a0)))),
        T.Fma(a.a3, b.a2, T.Fnma(a.a2, b.a3, T.Fma(a.a1, b.a0, T.Fma(a.a0, b.a1, c.a1)))),
        T.Fma(a.a1, b.a3, T.Fnma(a.a3, b.a1, T.Fma(a.a2, b.a0, T.Fma(a.a0, b.a2, c.a2)))),
        T.Fma(a.a2, b.a1, T.Fnma(a.a1, b.a2, T.Fma(a.a3, b.a0, T.Fma(a.a0, b.a3, c.a3)))));

    // The same with −b for b.
    [MethodImpl(Inline)]
    public static void AddMultiplyAdjoint(in Quaternion<T> a, in Quaternion<T> b, ref Quaternion<T> c) => c = new(
        T.Fma(a.a3, b.a3, T.Fma(a.a2, b.a2, T.Fma(a.a1, b.a1, T.Fma(a.a0, b.a0, c.a0)))),
        T.Fnma(a.a3, b.a2, T.Fma(a.a2, b.a3, T.Fma(a.a1, b.a0, T.Fnma(a.a0, b.a1, c.a1)))),
        T.Fnma(a.a1, b.a3, T.Fma(a.a3, b.a1, T.Fma(a.a2, b.a0, T.Fnma(a.a0, b.a2, c.a2)))),
        T.Fnma(a.a2, b.a1, T.Fma(a.a1, b.a2, T.Fma(a.a3, b.a0, T.Fnma(a.a0, b.a3, c.a3)))));

    // The same with −a for a.
    [MethodImpl(Inline)]
    public static void AddAdjointMultiply(in Quaternion<T> a, in Quaternion<T> b, ref Quaternion<T> c) => c = new(
        T.Fma(a.a3, b.a3, T.Fma(a.a2, b.a2, T.Fma(a.a1, b.a1, T.Fma(a.a0, b.a0, c.a0)))),
        T.Fnma(a.a3, b.a2, T.Fma(a.a2, b.a3, T.Fnma(a.a1, b.a0, T.Fma(a.a0, b.a1, c.a1)))),
        T.Fnma(a.a1, b.a3, T.Fma(a.a3, b.a1, T.Fnma(a.a2, b.a0, T.Fma(a.a0, b.a2, c.a2)))),
        T.Fnma(a.a2, b.a1, T.Fma(a.a1, b.a2, T.Fnma(a.a3, b.a0, T.Fma(a.a0, b.a3, c.a3)))));

    [MethodImpl(Inline)]
    public static void MultiplyFromLeft(in Quaternion<T> e, ref Quaternion<T> u)
    {
        var right = u;
        Multiply(e, right, ref u);
    }

    [MethodImpl(Inline)]
    public static void Scale(T s, ref Quaternion<T> c) => c = new(s * c.a0, s * c.a1, s * c.a2, s * c.a3);

    [MethodImpl(Inline)]
    public static void AddScaled(T s, in Quaternion<T> a, ref Quaternion<T> c) =>
        c = new(T.Fma(s, a.a0, c.a0), T.Fma(s, a.a1, c.a1), T.Fma(s, a.a2, c.a2), T.Fma(s, a.a3, c.a3));

    [MethodImpl(Inline)]
    public static void Trace(in Quaternion<T> a, out T re, out T im)
    {
        re = a.a0 + a.a0;
        im = T.Of(0);
    }

    [MethodImpl(Inline)]
    public static void TraceMultiplyAdjoint(in Quaternion<T> a, in Quaternion<T> b, out T re, out T im)
    {
        re = T.Of(2) * T.Fma(a.a3, b.a3, T.Fma(a.a2, b.a2, T.Fma(a.a1, b.a1, a.a0 * b.a0)));
        im = T.Of(0);
    }

    // tr(½σ_a (w0 + i w·σ)) = i w_a.
    [MethodImpl(Inline)]
    public static void AddAlgebra(in Reals<T> algebra, int link, T scale, in Quaternion<T> w)
    {
        T.Store(algebra, 3 * link, T.Fma(scale, w.a1, T.Load(algebra, 3 * link)));
        T.Store(algebra, (3 * link) + 1, T.Fma(scale, w.a2, T.Load(algebra, (3 * link) + 1)));
        T.Store(algebra, (3 * link) + 2, T.Fma(scale, w.a3, T.Load(algebra, (3 * link) + 2)));
    }

    /// <summary>Nothing: tr(σ_a (a0 + i a·σ)) is imaginary.</summary>
    [MethodImpl(Inline)]
    public static void AddAlgebraReal(in Reals<T> algebra, int link, T scale, in Quaternion<T> w)
    {
    }

    [MethodImpl(Inline)]
    public static void FromAlgebra(in Reals<T> algebra, int link, T scale, ref Quaternion<T> c)
    {
        var half = scale * T.Of(0.5);
        c = new(T.Of(0), half * T.Load(algebra, 3 * link), half * T.Load(algebra, (3 * link) + 1), half * T.Load(algebra, (3 * link) + 2));
    }

    /// <summary>e = cos r + i (sin r / r) x·σ with x = scale p/2 and r = |x|.</summary>
    public static void Exponential(in Reals<T> algebra, int link, T scale, in Reals<T> work, int slot, ref Quaternion<T> e)
    {
        var x = default(Quaternion<T>);
        FromAlgebra(algebra, link, scale, ref x);
        var square = T.Fma(x.a3, x.a3, T.Fma(x.a2, x.a2, x.a1 * x.a1));

        // Two terms of the series are exact to rounding below 10⁻⁴, and do not divide by zero. Not SinCos, which is inlined everywhere: the JIT would call every addition here.
        var r = T.Sqrt(square);
        var ratio = T.SelectLess(square, T.Of(1e-8), T.Fnma(square, T.Of(1.0 / 6.0), T.Of(1)), Trigonometry.Sin(r) / T.Max(r, T.Of(1e-5)));
        e = new(Trigonometry.Cos(r), ratio * x.a1, ratio * x.a2, ratio * x.a3);
    }

    [MethodImpl(Inline)]
    public static void ProjectToAlgebra(in Quaternion<T> w, ref Quaternion<T> c) => c = new(T.Of(0), w.a1, w.a2, w.a3);

    /// <summary>u / |u|.</summary>
    [MethodImpl(Inline)]
    public static void Reunitarise(ref Quaternion<T> u) =>
        Scale(T.Of(1) / T.Sqrt(T.Fma(u.a3, u.a3, T.Fma(u.a2, u.a2, T.Fma(u.a1, u.a1, u.a0 * u.a0)))), ref u);

    /// <summary>Haar measure of SU(2) is the uniform one on the sphere S³: the direction of four normal numbers.</summary>
    public static void Haar<TRandom>(in TRandom random, ref Quaternion<T> u)
        where TRandom : struct, IRandomReals<T>
    {
        random.Gaussians(0, out var x0, out var x1);
        random.Gaussians(1, out var x2, out var x3);
        u = new(x0, x1, x2, x3);
        Reunitarise(ref u);
    }

    /// <inheritdoc/>
    public static void Diagonalise(ref Quaternion<T> p, ref Quaternion<T> v)
    {
        var rotation = new PlaneRotation<T>(p.a0, p.a3, p.a2, p.a1, -p.a2, p.a1, p.a0, -p.a3);

        // [[c, −s*], [s, c]] = c + i(Im s σ_1 − Re s σ_2).
        v = new(rotation.Cos, rotation.SinIm, -rotation.SinRe, T.Of(0));
        var product = default(Quaternion<T>);
        AdjointMultiply(v, p, ref product);
        Multiply(product, v, ref p);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Entry(in Quaternion<T> a, int row, int column, out T re, out T im)
    {
        T sign = T.Of(row == 0 ? 1 : -1);
        re = row == column ? a.a0 : sign * a.a2;
        im = row == column ? sign * a.a3 : a.a1;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void SetDiagonal(int k, T re, T im, ref Quaternion<T> c) => c = new(re, c.a1, c.a2, k == 0 ? im : -im);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void MultiplyPair(int j, int k, T re, T im, ref Quaternion<T> c) => c = new(c.a0, T.Fma(im, c.a2, re * c.a1), T.Fnma(im, c.a1, re * c.a2), c.a3);

    /// <summary>Where a &lt; b, c ← c i σ_2: the columns change places, and the first its sign.</summary>
    [MethodImpl(Inline)]
    public static void SwapColumns(T a, T b, int k, ref Quaternion<T> c) => c = new(
        T.SelectLess(a, b, -c.a2, c.a0), T.SelectLess(a, b, c.a3, c.a1), T.SelectLess(a, b, c.a0, c.a2), T.SelectLess(a, b, -c.a1, c.a3));

    [MethodImpl(Inline)]
    public static void Subgroup(in Quaternion<T> w, int k, out T a0, out T a1, out T a2, out T a3)
    {
        a0 = w.a0;
        a1 = w.a1;
        a2 = w.a2;
        a3 = w.a3;
    }

    [MethodImpl(Inline)]
    public static void MultiplySubgroup(int k, T g0, T g1, T g2, T g3, ref Quaternion<T> u) => MultiplyFromLeft(new(g0, g1, g2, g3), ref u);
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// An element e^{iθ} of U(1), or a sum of products of such, as one complex number in registers, on the CPU and on GPUs. Fields hold the angle θ: opening a link takes its
/// sine and cosine, storing it its angle in (−π, π]. The one generator is 1. There are no SU(2) subgroups: for Markov chains U(1) has kernels of its own.
/// </summary>
public readonly struct Phase<T> : ILink<Phase<T>, T>
    where T : unmanaged, IReal<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly T re;
    private readonly T im;

    /// <summary>re + i im.</summary>
    [MethodImpl(Inline)]
    public Phase(T re, T im)
    {
        this.re = re;
        this.im = im;
    }

    /// <inheritdoc/>
    public static int Order => 1;

    /// <inheritdoc/>
    public static int Components => 1;

    /// <inheritdoc/>
    public static int Generators => 1;

    /// <inheritdoc/>
    public static int Subgroups => 0;

    /// <inheritdoc/>
    public static int WorkElements => 0;

    /// <inheritdoc/>
    public static int ExponentialSlots => 0;

    /// <inheritdoc/>
    public static int HaarBlocks => 1;

    [MethodImpl(Inline)]
    public static Phase<T> Local(in Reals<T> work, int slot) => default;

    [MethodImpl(Inline)]
    public static Phase<T> Open(in Reals<T> links, int link) => OfAngle(T.Load(links, link));

    public static Phase<T> OpenShifted(in Reals<T> links, int link, in Table permutations, int shift, in Phase<T> local) =>
        OfAngle(T.LoadShifted(links, link, permutations, shift));

    /// <summary>Writes the angle in (−π, π]; the modulus is lost.</summary>
    [MethodImpl(Inline)]
    public static void Store(in Reals<T> links, int link, in Phase<T> value)
    {
        // The angle of (−x, −0) is −π.
        var angle = Arctangent.Atan2(value.im, value.re);
        T.Store(links, link, T.SelectLess(T.Of(-3.1415926535897931), angle, angle, T.Abs(angle)));
    }

    [MethodImpl(Inline)]
    public static void SetZero(ref Phase<T> c) => c = new(T.Of(0), T.Of(0));

    [MethodImpl(Inline)]
    public static void SetOne(ref Phase<T> c) => c = new(T.Of(1), T.Of(0));

    [MethodImpl(Inline)]
    public static void Copy(in Phase<T> a, ref Phase<T> c) => c = a;

    [MethodImpl(Inline)]
    public static void Adjoint(in Phase<T> a, ref Phase<T> c) => c = new(a.re, -a.im);

    [MethodImpl(Inline)]
    public static void Multiply(in Phase<T> a, in Phase<T> b, ref Phase<T> c) =>
        c = new(T.Fnma(a.im, b.im, a.re * b.re), T.Fma(a.im, b.re, a.re * b.im));

    [MethodImpl(Inline)]
    public static void MultiplyAdjoint(in Phase<T> a, in Phase<T> b, ref Phase<T> c) =>
        c = new(T.Fma(a.im, b.im, a.re * b.re), T.Fnma(a.re, b.im, a.im * b.re));

    [MethodImpl(Inline)]
    public static void AdjointMultiply(in Phase<T> a, in Phase<T> b, ref Phase<T> c) => MultiplyAdjoint(b, a, ref c);

    [MethodImpl(Inline)]
    public static void AddMultiply(in Phase<T> a, in Phase<T> b, ref Phase<T> c) =>
        c = new(T.Fnma(a.im, b.im, T.Fma(a.re, b.re, c.re)), T.Fma(a.im, b.re, T.Fma(a.re, b.im, c.im)));

    [MethodImpl(Inline)]
    public static void AddMultiplyAdjoint(in Phase<T> a, in Phase<T> b, ref Phase<T> c) =>
        c = new(T.Fma(a.im, b.im, T.Fma(a.re, b.re, c.re)), T.Fnma(a.re, b.im, T.Fma(a.im, b.re, c.im)));

    [MethodImpl(Inline)]
    public static void AddAdjointMultiply(in Phase<T> a, in Phase<T> b, ref Phase<T> c) => AddMultiplyAdjoint(b, a, ref c);

    [MethodImpl(Inline)]
    public static void MultiplyFromLeft(in Phase<T> e, ref Phase<T> u)
    {
        var right = u;
        Multiply(e, right, ref u);
    }

    [MethodImpl(Inline)]
    public static void Scale(T s, ref Phase<T> c) => c = new(s * c.re, s * c.im);

    [MethodImpl(Inline)]
    public static void AddScaled(T s, in Phase<T> a, ref Phase<T> c) => c = new(T.Fma(s, a.re, c.re), T.Fma(s, a.im, c.im));

    [MethodImpl(Inline)]
    public static void Trace(in Phase<T> a, out T re, out T im)
    {
        re = a.re;
        im = a.im;
    }

    [MethodImpl(Inline)]
    public static void TraceMultiplyAdjoint(in Phase<T> a, in Phase<T> b, out T re, out T im)
    {
        re = T.Fma(a.im, b.im, a.re * b.re);
        im = T.Fnma(a.re, b.im, a.im * b.re);
    }

    [MethodImpl(Inline)]
    public static void AddAlgebra(in Reals<T> algebra, int link, T scale, in Phase<T> w) =>
        T.Store(algebra, link, T.Fma(scale, w.im, T.Load(algebra, link)));

    [MethodImpl(Inline)]
    public static void AddAlgebraReal(in Reals<T> algebra, int link, T scale, in Phase<T> w) =>
        T.Store(algebra, link, T.Fma(scale, w.re, T.Load(algebra, link)));

    [MethodImpl(Inline)]
    public static void FromAlgebra(in Reals<T> algebra, int link, T scale, ref Phase<T> c) => c = new(T.Of(0), scale * T.Load(algebra, link));

    [MethodImpl(Inline)]
    public static void Exponential(in Reals<T> algebra, int link, T scale, in Reals<T> work, int slot, ref Phase<T> e) =>
        e = OfAngle(scale * T.Load(algebra, link));

    /// <summary>c = i Im w: U(1) has no trace to remove.</summary>
    [MethodImpl(Inline)]
    public static void ProjectToAlgebra(in Phase<T> w, ref Phase<T> c) => c = new(T.Of(0), w.im);

    /// <summary>u / |u|.</summary>
    [MethodImpl(Inline)]
    public static void Reunitarise(ref Phase<T> u) => Scale(T.Of(1) / T.Sqrt(T.Fma(u.im, u.im, u.re * u.re)), ref u);

    /// <summary>A uniform angle, the first of a block as in <see cref="FillAngles{T}"/>.</summary>
    public static void Haar<TRandom>(in TRandom random, ref Phase<T> u)
        where TRandom : struct, IRandomReals<T>
    {
        random.Angles(0, out var angle, out _);
        u = OfAngle(angle);
    }

    /// <summary>v = 1: a number is diagonal.</summary>
    [MethodImpl(Inline)]
    public static void Diagonalise(ref Phase<T> p, ref Phase<T> v) => v = new(T.Of(1), T.Of(0));

    [MethodImpl(Inline)]
    public static void Entry(in Phase<T> a, int row, int column, out T re, out T im)
    {
        re = a.re;
        im = a.im;
    }

    [MethodImpl(Inline)]
    public static void SetDiagonal(int k, T re, T im, ref Phase<T> c) => c = new(re, im);

    /// <summary>Nothing: there is no pair.</summary>
    [MethodImpl(Inline)]
    public static void MultiplyPair(int j, int k, T re, T im, ref Phase<T> c)
    {
    }

    /// <summary>Nothing: there is one column.</summary>
    [MethodImpl(Inline)]
    public static void SwapColumns(T a, T b, int k, ref Phase<T> c)
    {
    }

    /// <summary>Nothing: there is no subgroup k.</summary>
    [MethodImpl(Inline)]
    public static void Subgroup(in Phase<T> w, int k, out T a0, out T a1, out T a2, out T a3)
    {
        a0 = T.Of(0);
        a1 = T.Of(0);
        a2 = T.Of(0);
        a3 = T.Of(0);
    }

    /// <summary>Leaves u as it is: there is no subgroup k.</summary>
    [MethodImpl(Inline)]
    public static void MultiplySubgroup(int k, T g0, T g1, T g2, T g3, ref Phase<T> u)
    {
    }

    // Not SinCos, which is inlined everywhere: in a method as small as this one the JIT runs out of what it is willing to inline, and calls every addition.
    private static Phase<T> OfAngle(T angle) => new(Trigonometry.Cos(angle), Trigonometry.Sin(angle));
}

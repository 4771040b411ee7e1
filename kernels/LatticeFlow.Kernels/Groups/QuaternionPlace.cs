using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Groups;

/// <summary>An SU(2) link, or a real multiple of one, as the address of a0, a1, a2, a3: the form for CPUs. What is rare is done by <see cref="Quaternion{T}"/>, whose numbers are the same.</summary>
public readonly unsafe struct QuaternionPlace<T> : ILink<QuaternionPlace<T>, T>
    where T : unmanaged, IReal<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private const int Values = 4;
    private readonly T* at;

    private QuaternionPlace(T* at) => this.at = at;

    /// <inheritdoc/>
    public static int Order => 2;

    /// <inheritdoc/>
    public static int Components => Values;

    /// <inheritdoc/>
    public static int Generators => 3;

    /// <inheritdoc/>
    public static int Subgroups => 1;

    /// <inheritdoc/>
    public static int WorkElements => Values;

    /// <inheritdoc/>
    public static int ExponentialSlots => 0;

    /// <inheritdoc/>
    public static int HaarBlocks => Quaternion<T>.HaarBlocks;

    private Reals<T> Field => new() { Host = (long)at };

    private Quaternion<T> Value => new(at[0], at[1], at[2], at[3]);

    [MethodImpl(Inline)]
    public static QuaternionPlace<T> Local(in Reals<T> work, int slot) => new((T*)work.From(slot * Values).Host);

    [MethodImpl(Inline)]
    public static QuaternionPlace<T> Open(in Reals<T> links, int link) => new((T*)links.From(link * Values).Host);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static QuaternionPlace<T> OpenShifted(in Reals<T> links, int link, in Table permutations, int shift, in QuaternionPlace<T> local)
    {
        T.CopyShifted(links, link * Values, Values, permutations, shift, local.Field);
        return local;
    }

    [MethodImpl(Inline)]
    public static void Prefetch(in Reals<T> links, int link) => T.Prefetch(links, link * Values, Values);

    [MethodImpl(Inline)]
    public static void Store(in Reals<T> links, int link, in QuaternionPlace<T> value)
    {
        var place = Open(links, link);
        if (place.at != value.at) Copy(value, ref place);
    }

    public static void SetZero(ref QuaternionPlace<T> c)
    {
        for (int i = 0; i < Values; i++) c.at[i] = T.Of(0);
    }

    public static void SetOne(ref QuaternionPlace<T> c)
    {
        SetZero(ref c);
        c.at[0] = T.Of(1);
    }

    public static void Copy(in QuaternionPlace<T> a, ref QuaternionPlace<T> c)
    {
        for (int i = 0; i < Values; i++) c.at[i] = a.at[i];
    }

    public static void Adjoint(in QuaternionPlace<T> a, ref QuaternionPlace<T> c)
    {
        c.at[0] = a.at[0];
        for (int i = 1; i < Values; i++) c.at[i] = -a.at[i];
    }

    [MethodImpl(Inline)]
    public static void Multiply(in QuaternionPlace<T> a, in QuaternionPlace<T> b, ref QuaternionPlace<T> c) => QuaternionProducts<T>.Multiply(a.at, b.at, c.at, false);

    [MethodImpl(Inline)]
    public static void MultiplyAdjoint(in QuaternionPlace<T> a, in QuaternionPlace<T> b, ref QuaternionPlace<T> c) => QuaternionProducts<T>.MultiplyAdjoint(a.at, b.at, c.at, false);

    [MethodImpl(Inline)]
    public static void AdjointMultiply(in QuaternionPlace<T> a, in QuaternionPlace<T> b, ref QuaternionPlace<T> c) => QuaternionProducts<T>.AdjointMultiply(a.at, b.at, c.at, false);

    [MethodImpl(Inline)]
    public static void AddMultiply(in QuaternionPlace<T> a, in QuaternionPlace<T> b, ref QuaternionPlace<T> c) => QuaternionProducts<T>.Multiply(a.at, b.at, c.at, true);

    [MethodImpl(Inline)]
    public static void AddMultiplyAdjoint(in QuaternionPlace<T> a, in QuaternionPlace<T> b, ref QuaternionPlace<T> c) => QuaternionProducts<T>.MultiplyAdjoint(a.at, b.at, c.at, true);

    [MethodImpl(Inline)]
    public static void AddAdjointMultiply(in QuaternionPlace<T> a, in QuaternionPlace<T> b, ref QuaternionPlace<T> c) => QuaternionProducts<T>.AdjointMultiply(a.at, b.at, c.at, true);

    // A product reads both factors before it writes.
    [MethodImpl(Inline)]
    public static void MultiplyFromLeft(in QuaternionPlace<T> e, ref QuaternionPlace<T> u) => QuaternionProducts<T>.Multiply(e.at, u.at, u.at, false);

    public static void Scale(T s, ref QuaternionPlace<T> c)
    {
        for (int i = 0; i < Values; i++) c.at[i] *= s;
    }

    public static void AddScaled(T s, in QuaternionPlace<T> a, ref QuaternionPlace<T> c)
    {
        for (int i = 0; i < Values; i++) c.at[i] = T.Fma(s, a.at[i], c.at[i]);
    }

    [MethodImpl(Inline)]
    public static void Trace(in QuaternionPlace<T> a, out T re, out T im) => Quaternion<T>.Trace(a.Value, out re, out im);

    [MethodImpl(Inline)]
    public static void TraceMultiplyAdjoint(in QuaternionPlace<T> a, in QuaternionPlace<T> b, out T re, out T im) => Quaternion<T>.TraceMultiplyAdjoint(a.Value, b.Value, out re, out im);

    public static void AddAlgebra(in Reals<T> algebra, int link, T scale, in QuaternionPlace<T> w) => Quaternion<T>.AddAlgebra(algebra, link, scale, w.Value);

    /// <summary>Nothing: tr(σ_a (a0 + i a·σ)) is imaginary.</summary>
    public static void AddAlgebraReal(in Reals<T> algebra, int link, T scale, in QuaternionPlace<T> w)
    {
    }

    public static void FromAlgebra(in Reals<T> algebra, int link, T scale, ref QuaternionPlace<T> c)
    {
        var value = default(Quaternion<T>);
        Quaternion<T>.FromAlgebra(algebra, link, scale, ref value);
        c.Set(value);
    }

    /// <inheritdoc cref="Quaternion{T}.Exponential"/>
    public static void Exponential(in Reals<T> algebra, int link, T scale, in Reals<T> work, int slot, ref QuaternionPlace<T> e)
    {
        var value = default(Quaternion<T>);
        Quaternion<T>.Exponential(algebra, link, scale, work, slot, ref value);
        e.Set(value);
    }

    public static void ProjectToAlgebra(in QuaternionPlace<T> w, ref QuaternionPlace<T> c)
    {
        Copy(w, ref c);
        c.at[0] = T.Of(0);
    }

    /// <summary>u / |u|.</summary>
    public static void Reunitarise(ref QuaternionPlace<T> u)
    {
        var value = u.Value;
        Quaternion<T>.Reunitarise(ref value);
        u.Set(value);
    }

    /// <inheritdoc cref="Quaternion{T}.Haar"/>
    public static void Haar<TRandom>(in TRandom random, ref QuaternionPlace<T> u)
        where TRandom : struct, IRandomReals<T>
    {
        var value = default(Quaternion<T>);
        Quaternion<T>.Haar(random, ref value);
        u.Set(value);
    }

    public static void Diagonalise(ref QuaternionPlace<T> p, ref QuaternionPlace<T> v)
    {
        var value = p.Value;
        var basis = default(Quaternion<T>);
        Quaternion<T>.Diagonalise(ref value, ref basis);
        p.Set(value);
        v.Set(basis);
    }

    public static void Entry(in QuaternionPlace<T> a, int row, int column, out T re, out T im) => Quaternion<T>.Entry(a.Value, row, column, out re, out im);

    public static void SetDiagonal(int k, T re, T im, ref QuaternionPlace<T> c)
    {
        c.at[0] = re;
        c.at[3] = k == 0 ? im : -im;
    }

    public static void MultiplyPair(int j, int k, T re, T im, ref QuaternionPlace<T> c)
    {
        var value = c.Value;
        Quaternion<T>.MultiplyPair(j, k, re, im, ref value);
        c.Set(value);
    }

    public static void SwapColumns(T a, T b, int k, ref QuaternionPlace<T> c)
    {
        var value = c.Value;
        Quaternion<T>.SwapColumns(a, b, k, ref value);
        c.Set(value);
    }

    [MethodImpl(Inline)]
    public static void Subgroup(in QuaternionPlace<T> w, int k, out T a0, out T a1, out T a2, out T a3) => (a0, a1, a2, a3) = (w.at[0], w.at[1], w.at[2], w.at[3]);

    public static void MultiplySubgroup(int k, T g0, T g1, T g2, T g3, ref QuaternionPlace<T> u)
    {
        var value = u.Value;
        Quaternion<T>.MultiplySubgroup(k, g0, g1, g2, g3, ref value);
        u.Set(value);
    }

    [MethodImpl(Inline)]
    private void Set(in Quaternion<T> value) => Quaternion<T>.Store(Field, 0, value);
}

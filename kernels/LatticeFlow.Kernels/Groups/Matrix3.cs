using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>An SU(3) link as the address of 18 values, row-major, real before imaginary part: the form for CPUs. Generators are λ_a/2 with Gell-Mann's λ_a in their usual order.</summary>
public readonly unsafe partial struct Matrix3<T> : ILink<Matrix3<T>, T>, IEntries3<Matrix3<T>, T>
    where T : unmanaged, IReal<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private const int Values = 18;
    private readonly T* at;

    private Matrix3(T* at) => this.at = at;

    /// <inheritdoc/>
    public static int Order => 3;

    /// <inheritdoc/>
    public static int Components => Values;

    /// <inheritdoc/>
    public static int Generators => 8;

    /// <inheritdoc/>
    public static int Subgroups => 3;

    /// <inheritdoc/>
    public static int WorkElements => Values;

    /// <inheritdoc/>
    public static int ExponentialSlots => 1;

    [MethodImpl(Inline)]
    public static Matrix3<T> Local(in Reals<T> work, int slot) => new((T*)work.From(slot * Values).Host);

    [MethodImpl(Inline)]
    public static Matrix3<T> Open(in Reals<T> links, int link) => new((T*)links.From(link * Values).Host);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Matrix3<T> OpenShifted(in Reals<T> links, int link, in Table permutations, int shift, in Matrix3<T> local)
    {
        T.CopyShifted(links, link * Values, Values, permutations, shift, new Reals<T> { Host = (long)local.at });
        return local;
    }

    [MethodImpl(Inline)]
    public static void Prefetch(in Reals<T> links, int link) => T.Prefetch(links, link * Values, Values);

    [MethodImpl(Inline)]
    public static void Store(in Reals<T> links, int link, in Matrix3<T> value)
    {
        var place = Open(links, link);
        if (place.at != value.at) Copy(value, ref place);
    }

    public static void SetZero(ref Matrix3<T> c)
    {
        for (int i = 0; i < Values; i++) c.at[i] = T.Of(0);
    }

    public static void SetOne(ref Matrix3<T> c)
    {
        for (int i = 0; i < Values; i++) c.at[i] = T.Of(i % 8 == 0 ? 1.0 : 0.0);
    }

    public static void Copy(in Matrix3<T> a, ref Matrix3<T> c)
    {
        for (int i = 0; i < Values; i++) c.at[i] = a.at[i];
    }

    public static void Adjoint(in Matrix3<T> a, ref Matrix3<T> c)
    {
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                int to = 2 * ((3 * row) + column), from = 2 * ((3 * column) + row);
                c.at[to] = a.at[from];
                c.at[to + 1] = -a.at[from + 1];
            }
        }
    }

    [MethodImpl(Inline)]
    public static void Multiply(in Matrix3<T> a, in Matrix3<T> b, ref Matrix3<T> c) => Products3<T>.Multiply(a.at, b.at, c.at);

    [MethodImpl(Inline)]
    public static void MultiplyAdjoint(in Matrix3<T> a, in Matrix3<T> b, ref Matrix3<T> c) => Products3<T>.MultiplyAdjoint(a.at, b.at, c.at);

    [MethodImpl(Inline)]
    public static void AdjointMultiply(in Matrix3<T> a, in Matrix3<T> b, ref Matrix3<T> c) => Products3<T>.AdjointMultiply(a.at, b.at, c.at);

    [MethodImpl(Inline)]
    public static void AddMultiply(in Matrix3<T> a, in Matrix3<T> b, ref Matrix3<T> c) => Products3<T>.AddMultiply(a.at, b.at, c.at);

    [MethodImpl(Inline)]
    public static void AddMultiplyAdjoint(in Matrix3<T> a, in Matrix3<T> b, ref Matrix3<T> c) => Products3<T>.AddMultiplyAdjoint(a.at, b.at, c.at);

    [MethodImpl(Inline)]
    public static void AddAdjointMultiply(in Matrix3<T> a, in Matrix3<T> b, ref Matrix3<T> c) => Products3<T>.AddAdjointMultiply(a.at, b.at, c.at);

    [MethodImpl(Inline)]
    public static void MultiplyFromLeft(in Matrix3<T> e, ref Matrix3<T> u) => Products3<T>.MultiplyFromLeft(e.at, u.at);

    public static void Scale(T s, ref Matrix3<T> c)
    {
        for (int i = 0; i < Values; i++) c.at[i] *= s;
    }

    public static void AddScaled(T s, in Matrix3<T> a, ref Matrix3<T> c)
    {
        for (int i = 0; i < Values; i++) c.at[i] = T.Fma(s, a.at[i], c.at[i]);
    }

    public static void Trace(in Matrix3<T> a, out T re, out T im)
    {
        re = a.at[0] + a.at[8] + a.at[16];
        im = a.at[1] + a.at[9] + a.at[17];
    }

    public static void TraceMultiplyAdjoint(in Matrix3<T> a, in Matrix3<T> b, out T re, out T im)
    {
        re = T.Of(0);
        im = T.Of(0);
        for (int i = 0; i < Values; i += 2)
        {
            T x = a.at[i], y = a.at[i + 1], p = b.at[i], q = b.at[i + 1];
            re = T.Fma(y, q, T.Fma(x, p, re));
            im = T.Fnma(x, q, T.Fma(y, p, im));
        }
    }
}

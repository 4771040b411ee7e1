using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>An SU(3) link in registers: the form for threads of a GPU, the same numbers as <see cref="Matrix3{T}"/>. Generators are λ_a/2 with Gell-Mann's λ_a in their usual order.</summary>
public partial struct Registers3<T> : ILink<Registers3<T>, T>, IEntries3<Registers3<T>, T>
    where T : unmanaged, IReal<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private const int Values = 18;
    private Row3<T> row0, row1, row2;

    /// <inheritdoc/>
    public static int Order => 3;

    /// <inheritdoc/>
    public static int Components => Values;

    /// <inheritdoc/>
    public static int Generators => 8;

    /// <inheritdoc/>
    public static int Subgroups => 3;

    /// <inheritdoc/>
    public static int WorkElements => 0;

    /// <inheritdoc/>
    public static int ExponentialSlots => 0;

    [MethodImpl(Inline)]
    public static Registers3<T> Local(in Reals<T> work, int slot) => default;

    [MethodImpl(Inline)]
    public static Registers3<T> Open(in Reals<T> links, int link) => new()
    {
        row0 = Row3<T>.Load(links, Values * link),
        row1 = Row3<T>.Load(links, (Values * link) + 6),
        row2 = Row3<T>.Load(links, (Values * link) + 12),
    };

    [MethodImpl(Inline)]
    public static Registers3<T> OpenShifted(in Reals<T> links, int link, in Table permutations, int shift, in Registers3<T> local) => new()
    {
        row0 = Row3<T>.LoadShifted(links, Values * link, permutations, shift),
        row1 = Row3<T>.LoadShifted(links, (Values * link) + 6, permutations, shift),
        row2 = Row3<T>.LoadShifted(links, (Values * link) + 12, permutations, shift),
    };

    [MethodImpl(Inline)]
    public static void Store(in Reals<T> links, int link, in Registers3<T> value)
    {
        value.row0.Store(links, Values * link);
        value.row1.Store(links, (Values * link) + 6);
        value.row2.Store(links, (Values * link) + 12);
    }

    [MethodImpl(Inline)]
    public static void SetZero(ref Registers3<T> c) => c = default;

    [MethodImpl(Inline)]
    public static void SetOne(ref Registers3<T> c)
    {
        c = default;
        c.row0.X0 = c.row1.X1 = c.row2.X2 = T.Of(1);
    }

    [MethodImpl(Inline)]
    public static void Copy(in Registers3<T> a, ref Registers3<T> c) => c = a;

    [MethodImpl(Inline)]
    public static void Adjoint(in Registers3<T> a, ref Registers3<T> c)
    {
        var one = default(Registers3<T>);
        SetOne(ref one);
        AdjointMultiply(a, one, ref c);
    }

    [MethodImpl(Inline)]
    public static void Multiply(in Registers3<T> a, in Registers3<T> b, ref Registers3<T> c)
    {
        c.row0 = Row3<T>.Product(a.row0, b.row0, b.row1, b.row2);
        c.row1 = Row3<T>.Product(a.row1, b.row0, b.row1, b.row2);
        c.row2 = Row3<T>.Product(a.row2, b.row0, b.row1, b.row2);
    }

    [MethodImpl(Inline)]
    public static void MultiplyAdjoint(in Registers3<T> a, in Registers3<T> b, ref Registers3<T> c)
    {
        c = default;
        AddMultiplyAdjoint(a, b, ref c);
    }

    [MethodImpl(Inline)]
    public static void AdjointMultiply(in Registers3<T> a, in Registers3<T> b, ref Registers3<T> c)
    {
        c = default;
        AddAdjointMultiply(a, b, ref c);
    }

    [MethodImpl(Inline)]
    public static void AddMultiply(in Registers3<T> a, in Registers3<T> b, ref Registers3<T> c)
    {
        c.row0 = Row3<T>.AddProduct(a.row0, b.row0, b.row1, b.row2, c.row0);
        c.row1 = Row3<T>.AddProduct(a.row1, b.row0, b.row1, b.row2, c.row1);
        c.row2 = Row3<T>.AddProduct(a.row2, b.row0, b.row1, b.row2, c.row2);
    }

    [MethodImpl(Inline)]
    public static void AddMultiplyAdjoint(in Registers3<T> a, in Registers3<T> b, ref Registers3<T> c)
    {
        c.row0 = Row3<T>.AddProductAdjoint(a.row0, b.row0, b.row1, b.row2, c.row0);
        c.row1 = Row3<T>.AddProductAdjoint(a.row1, b.row0, b.row1, b.row2, c.row1);
        c.row2 = Row3<T>.AddProductAdjoint(a.row2, b.row0, b.row1, b.row2, c.row2);
    }

    // Row by row of both factors, so that a row of b is needed once.
    [MethodImpl(Inline)]
    public static void AddAdjointMultiply(in Registers3<T> a, in Registers3<T> b, ref Registers3<T> c)
    {
        AddOuter(a.row0, b.row0, ref c);
        AddOuter(a.row1, b.row1, ref c);
        AddOuter(a.row2, b.row2, ref c);
    }

    [MethodImpl(Inline)]
    public static void MultiplyFromLeft(in Registers3<T> e, ref Registers3<T> u)
    {
        var old = u;
        Multiply(e, old, ref u);
    }

    [MethodImpl(Inline)]
    public static void Scale(T s, ref Registers3<T> c)
    {
        c.row0 = Row3<T>.Scaled(s, c.row0);
        c.row1 = Row3<T>.Scaled(s, c.row1);
        c.row2 = Row3<T>.Scaled(s, c.row2);
    }

    [MethodImpl(Inline)]
    public static void AddScaled(T s, in Registers3<T> a, ref Registers3<T> c)
    {
        c.row0 = Row3<T>.AddScaled(s, a.row0, c.row0);
        c.row1 = Row3<T>.AddScaled(s, a.row1, c.row1);
        c.row2 = Row3<T>.AddScaled(s, a.row2, c.row2);
    }

    [MethodImpl(Inline)]
    public static void Trace(in Registers3<T> a, out T re, out T im)
    {
        re = a.row0.X0 + a.row1.X1 + a.row2.X2;
        im = a.row0.Y0 + a.row1.Y1 + a.row2.Y2;
    }

    [MethodImpl(Inline)]
    public static void TraceMultiplyAdjoint(in Registers3<T> a, in Registers3<T> b, out T re, out T im)
    {
        re = Row3<T>.DotRe(a.row2, b.row2, Row3<T>.DotRe(a.row1, b.row1, Row3<T>.DotRe(a.row0, b.row0, T.Of(0))));
        im = Row3<T>.DotIm(a.row2, b.row2, Row3<T>.DotIm(a.row1, b.row1, Row3<T>.DotIm(a.row0, b.row0, T.Of(0))));
    }

    // c_ij += a_i* b_j
    [MethodImpl(Inline)]
    private static void AddOuter(in Row3<T> a, in Row3<T> b, ref Registers3<T> c)
    {
        c.row0 = Row3<T>.Add(a.X0, -a.Y0, b, c.row0);
        c.row1 = Row3<T>.Add(a.X1, -a.Y1, b, c.row1);
        c.row2 = Row3<T>.Add(a.X2, -a.Y2, b, c.row2);
    }
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Groups;

public partial struct Registers3<T>
{
    private const double InverseRootThree = 0.57735026918962576451;

    /// <inheritdoc/>
    public static int HaarBlocks => 6;

    [MethodImpl(Inline)]
    public static void AddAlgebra(in Reals<T> algebra, int link, T scale, in Registers3<T> w)
    {
        T half = T.Of(0.5) * scale;
        int p = link * Generators;
        Add(algebra, p, half, w.row0.Y1 + w.row1.Y0);
        Add(algebra, p + 1, half, w.row0.X1 - w.row1.X0);
        Add(algebra, p + 2, half, w.row0.Y0 - w.row1.Y1);
        Add(algebra, p + 3, half, w.row0.Y2 + w.row2.Y0);
        Add(algebra, p + 4, half, w.row0.X2 - w.row2.X0);
        Add(algebra, p + 5, half, w.row1.Y2 + w.row2.Y1);
        Add(algebra, p + 6, half, w.row1.X2 - w.row2.X1);
        Add(algebra, p + 7, half * T.Of(InverseRootThree), w.row0.Y0 + w.row1.Y1 - w.row2.Y2 - w.row2.Y2);
    }

    [MethodImpl(Inline)]
    public static void AddAlgebraReal(in Reals<T> algebra, int link, T scale, in Registers3<T> w)
    {
        T half = T.Of(0.5) * scale;
        int p = link * Generators;
        Add(algebra, p, half, w.row0.X1 + w.row1.X0);
        Add(algebra, p + 1, half, w.row1.Y0 - w.row0.Y1);
        Add(algebra, p + 2, half, w.row0.X0 - w.row1.X1);
        Add(algebra, p + 3, half, w.row0.X2 + w.row2.X0);
        Add(algebra, p + 4, half, w.row2.Y0 - w.row0.Y2);
        Add(algebra, p + 5, half, w.row1.X2 + w.row2.X1);
        Add(algebra, p + 6, half, w.row2.Y1 - w.row1.Y2);
        Add(algebra, p + 7, half * T.Of(InverseRootThree), w.row0.X0 + w.row1.X1 - w.row2.X2 - w.row2.X2);
    }

    [MethodImpl(Inline)]
    public static void FromAlgebra(in Reals<T> algebra, int link, T scale, ref Registers3<T> c)
    {
        T half = T.Of(0.5) * scale;
        var p = algebra.From(link * Generators);
        T split = half * T.Load(p, 2), third = half * T.Of(InverseRootThree) * T.Load(p, 7);
        c = default;
        c.row0.Y0 = third + split;
        c.row1.Y1 = third - split;
        c.row2.Y2 = T.Of(-2) * third;
        c.row0.Y1 = c.row1.Y0 = half * T.Load(p, 0);
        c.row0.Y2 = c.row2.Y0 = half * T.Load(p, 3);
        c.row1.Y2 = c.row2.Y1 = half * T.Load(p, 5);
        c.row0.X1 = half * T.Load(p, 1);
        c.row0.X2 = half * T.Load(p, 4);
        c.row1.X2 = half * T.Load(p, 6);
        c.row1.X0 = -c.row0.X1;
        c.row2.X0 = -c.row0.X2;
        c.row2.X1 = -c.row1.X2;
    }

    [MethodImpl(Inline)]
    public static void Exponential(in Reals<T> algebra, int link, T scale, in Reals<T> work, int slot, ref Registers3<T> e) =>
        Exponential3<Registers3<T>, T>.Write(algebra, link, scale, work, slot, ref e);

    [MethodImpl(Inline)]
    public static void ProjectToAlgebra(in Registers3<T> w, ref Registers3<T> c)
    {
        T half = T.Of(0.5), mean = T.Of(1.0 / 3) * (w.row0.Y0 + w.row1.Y1 + w.row2.Y2);
        T x01 = half * (w.row0.X1 - w.row1.X0), y01 = half * (w.row0.Y1 + w.row1.Y0);
        T x02 = half * (w.row0.X2 - w.row2.X0), y02 = half * (w.row0.Y2 + w.row2.Y0);
        T x12 = half * (w.row1.X2 - w.row2.X1), y12 = half * (w.row1.Y2 + w.row2.Y1);
        T zero = T.Of(0);
        c = new()
        {
            row0 = new() { X0 = zero, Y0 = w.row0.Y0 - mean, X1 = x01, Y1 = y01, X2 = x02, Y2 = y02 },
            row1 = new() { X0 = -x01, Y0 = y01, X1 = zero, Y1 = w.row1.Y1 - mean, X2 = x12, Y2 = y12 },
            row2 = new() { X0 = -x02, Y0 = y02, X1 = -x12, Y1 = y12, X2 = zero, Y2 = w.row2.Y2 - mean },
        };
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Haar<TRandom>(in TRandom random, ref Registers3<T> u)
        where TRandom : struct, IRandomReals<T>
    {
        u.row0 = Normal(random, 0);
        u.row1 = Normal(random, 3);
        Reunitarise(ref u);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Reunitarise(ref Registers3<T> u)
    {
        u.row0 = Row3<T>.Normalised(u.row0);
        T re = Row3<T>.DotRe(u.row1, u.row0, T.Of(0)), im = Row3<T>.DotIm(u.row1, u.row0, T.Of(0));
        u.row1 = Row3<T>.Normalised(Row3<T>.Add(-re, -im, u.row0, u.row1));
        u.row2 = Row3<T>.Cross(u.row0, u.row1);
    }

    /// <inheritdoc/>
    public static void Subgroup(in Registers3<T> w, int k, out T a0, out T a1, out T a2, out T a3)
    {
        if (k == 0) Quaternion(w.row0.X0, w.row0.Y0, w.row0.X1, w.row0.Y1, w.row1.X0, w.row1.Y0, w.row1.X1, w.row1.Y1, out a0, out a1, out a2, out a3);
        else if (k == 1) Quaternion(w.row0.X0, w.row0.Y0, w.row0.X2, w.row0.Y2, w.row2.X0, w.row2.Y0, w.row2.X2, w.row2.Y2, out a0, out a1, out a2, out a3);
        else Quaternion(w.row1.X1, w.row1.Y1, w.row1.X2, w.row1.Y2, w.row2.X1, w.row2.Y1, w.row2.X2, w.row2.Y2, out a0, out a1, out a2, out a3);
    }

    /// <inheritdoc/>
    public static void MultiplySubgroup(int k, T g0, T g1, T g2, T g3, ref Registers3<T> u)
    {
        if (k == 0) Turn(g0, g1, g2, g3, ref u.row0, ref u.row1);
        else if (k == 1) Turn(g0, g1, g2, g3, ref u.row0, ref u.row2);
        else Turn(g0, g1, g2, g3, ref u.row1, ref u.row2);
    }

    [MethodImpl(Inline)]
    static void IEntries3<Registers3<T>, T>.Set(ref Registers3<T> link, int row, int column, T re, T im)
    {
        if (row == 0) Set(ref link.row0, column, re, im);
        else if (row == 1) Set(ref link.row1, column, re, im);
        else Set(ref link.row2, column, re, im);
    }

    [MethodImpl(Inline)]
    private static void Set(ref Row3<T> row, int column, T re, T im)
    {
        if (column == 0)
        {
            row.X0 = re;
            row.Y0 = im;
        }
        else if (column == 1)
        {
            row.X1 = re;
            row.Y1 = im;
        }
        else
        {
            row.X2 = re;
            row.Y2 = im;
        }
    }

    [MethodImpl(Inline)]
    private static void Add(in Reals<T> algebra, int element, T scale, T value) => T.Store(algebra, element, T.Fma(scale, value, T.Load(algebra, element)));

    [MethodImpl(Inline)]
    private static Row3<T> Normal<TRandom>(in TRandom random, int first)
        where TRandom : struct, IRandomReals<T>
    {
        Row3<T> row = default;
        random.Gaussians(first, out row.X0, out row.Y0);
        random.Gaussians(first + 1, out row.X1, out row.Y1);
        random.Gaussians(first + 2, out row.X2, out row.Y2);
        return row;
    }

    // Of the block (a, b; c, d).
    [MethodImpl(Inline)]
    private static void Quaternion(T ax, T ay, T bx, T by, T cx, T cy, T dx, T dy, out T a0, out T a1, out T a2, out T a3)
    {
        T half = T.Of(0.5);
        a0 = half * (ax + dx);
        a1 = half * (by + cy);
        a2 = half * (bx - cx);
        a3 = half * (ay - dy);
    }

    // (g0 + i g3, g2 + i g1; −g2 + i g1, g0 − i g3) times the two rows.
    [MethodImpl(Inline)]
    private static void Turn(T g0, T g1, T g2, T g3, ref Row3<T> p, ref Row3<T> q)
    {
        var old = p;
        p = Row3<T>.Add(g2, g1, q, Row3<T>.Times(g0, g3, p));
        q = Row3<T>.Add(-g2, g1, old, Row3<T>.Times(g0, -g3, q));
    }
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Groups;

/// <content>Eigenvalues.</content>
public partial struct Registers3<T>
{
    private const int MostSweeps = 16;

    public static void Diagonalise(ref Registers3<T> p, ref Registers3<T> v)
    {
        SetOne(ref v);
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            bool turned = Rotate01(ref p, ref v);
            turned |= Rotate02(ref p, ref v);
            turned |= Rotate12(ref p, ref v);
            if (!turned) break;
        }
    }

    [MethodImpl(Inline)]
    public static void Entry(in Registers3<T> a, int row, int column, out T re, out T im)
    {
        Row3<T> r = row == 0 ? a.row0 : row == 1 ? a.row1 : a.row2;
        re = column == 0 ? r.X0 : column == 1 ? r.X1 : r.X2;
        im = column == 0 ? r.Y0 : column == 1 ? r.Y1 : r.Y2;
    }

    [MethodImpl(Inline)]
    public static void SetDiagonal(int k, T re, T im, ref Registers3<T> c)
    {
        if (k == 0) (c.row0.X0, c.row0.Y0) = (re, im);
        else if (k == 1) (c.row1.X1, c.row1.Y1) = (re, im);
        else (c.row2.X2, c.row2.Y2) = (re, im);
    }

    [MethodImpl(Inline)]
    public static void MultiplyPair(int j, int k, T re, T im, ref Registers3<T> c)
    {
        if (k == 1)
        {
            Multiply(re, im, ref c.row0.X1, ref c.row0.Y1);
            Multiply(re, -im, ref c.row1.X0, ref c.row1.Y0);
        }
        else if (j == 0)
        {
            Multiply(re, im, ref c.row0.X2, ref c.row0.Y2);
            Multiply(re, -im, ref c.row2.X0, ref c.row2.Y0);
        }
        else
        {
            Multiply(re, im, ref c.row1.X2, ref c.row1.Y2);
            Multiply(re, -im, ref c.row2.X1, ref c.row2.Y1);
        }
    }

    [MethodImpl(Inline)]
    public static void SwapColumns(T a, T b, int k, ref Registers3<T> c)
    {
        if (k == 0)
        {
            Swap(a, b, ref c.row0.X0, ref c.row0.X1);
            Swap(a, b, ref c.row0.Y0, ref c.row0.Y1);
            Swap(a, b, ref c.row1.X0, ref c.row1.X1);
            Swap(a, b, ref c.row1.Y0, ref c.row1.Y1);
            Swap(a, b, ref c.row2.X0, ref c.row2.X1);
            Swap(a, b, ref c.row2.Y0, ref c.row2.Y1);
        }
        else
        {
            Swap(a, b, ref c.row0.X1, ref c.row0.X2);
            Swap(a, b, ref c.row0.Y1, ref c.row0.Y2);
            Swap(a, b, ref c.row1.X1, ref c.row1.X2);
            Swap(a, b, ref c.row1.Y1, ref c.row1.Y2);
            Swap(a, b, ref c.row2.X1, ref c.row2.X2);
            Swap(a, b, ref c.row2.Y1, ref c.row2.Y2);
        }
    }

    [MethodImpl(Inline)]
    private static bool Rotate01(ref Registers3<T> p, ref Registers3<T> v)
    {
        if (PlaneRotation<T>.IsDiagonal(p.row0.X0, p.row0.Y0, p.row0.X1, p.row0.Y1, p.row1.X0, p.row1.Y0, p.row1.X1, p.row1.Y1)) return false;
        var r = new PlaneRotation<T>(p.row0.X0, p.row0.Y0, p.row0.X1, p.row0.Y1, p.row1.X0, p.row1.Y0, p.row1.X1, p.row1.Y1);
        Columns01(r, ref p);
        Columns01(r, ref v);
        Rows(r, ref p.row0, ref p.row1);
        return true;
    }

    [MethodImpl(Inline)]
    private static bool Rotate02(ref Registers3<T> p, ref Registers3<T> v)
    {
        if (PlaneRotation<T>.IsDiagonal(p.row0.X0, p.row0.Y0, p.row0.X2, p.row0.Y2, p.row2.X0, p.row2.Y0, p.row2.X2, p.row2.Y2)) return false;
        var r = new PlaneRotation<T>(p.row0.X0, p.row0.Y0, p.row0.X2, p.row0.Y2, p.row2.X0, p.row2.Y0, p.row2.X2, p.row2.Y2);
        Columns02(r, ref p);
        Columns02(r, ref v);
        Rows(r, ref p.row0, ref p.row2);
        return true;
    }

    [MethodImpl(Inline)]
    private static bool Rotate12(ref Registers3<T> p, ref Registers3<T> v)
    {
        if (PlaneRotation<T>.IsDiagonal(p.row1.X1, p.row1.Y1, p.row1.X2, p.row1.Y2, p.row2.X1, p.row2.Y1, p.row2.X2, p.row2.Y2)) return false;
        var r = new PlaneRotation<T>(p.row1.X1, p.row1.Y1, p.row1.X2, p.row1.Y2, p.row2.X1, p.row2.Y1, p.row2.X2, p.row2.Y2);
        Columns12(r, ref p);
        Columns12(r, ref v);
        Rows(r, ref p.row1, ref p.row2);
        return true;
    }

    [MethodImpl(Inline)]
    private static void Columns01(in PlaneRotation<T> r, ref Registers3<T> m)
    {
        Column(r, ref m.row0.X0, ref m.row0.Y0, ref m.row0.X1, ref m.row0.Y1);
        Column(r, ref m.row1.X0, ref m.row1.Y0, ref m.row1.X1, ref m.row1.Y1);
        Column(r, ref m.row2.X0, ref m.row2.Y0, ref m.row2.X1, ref m.row2.Y1);
    }

    [MethodImpl(Inline)]
    private static void Columns02(in PlaneRotation<T> r, ref Registers3<T> m)
    {
        Column(r, ref m.row0.X0, ref m.row0.Y0, ref m.row0.X2, ref m.row0.Y2);
        Column(r, ref m.row1.X0, ref m.row1.Y0, ref m.row1.X2, ref m.row1.Y2);
        Column(r, ref m.row2.X0, ref m.row2.Y0, ref m.row2.X2, ref m.row2.Y2);
    }

    [MethodImpl(Inline)]
    private static void Columns12(in PlaneRotation<T> r, ref Registers3<T> m)
    {
        Column(r, ref m.row0.X1, ref m.row0.Y1, ref m.row0.X2, ref m.row0.Y2);
        Column(r, ref m.row1.X1, ref m.row1.Y1, ref m.row1.X2, ref m.row1.Y2);
        Column(r, ref m.row2.X1, ref m.row2.Y1, ref m.row2.X2, ref m.row2.Y2);
    }

    // m R: column i ← c i + s j, column j ← c j − s* i.
    [MethodImpl(Inline)]
    private static void Column(in PlaneRotation<T> r, ref T p, ref T q, ref T u, ref T t)
    {
        T c = r.Cos, x = r.SinRe, y = r.SinIm, p0 = p, q0 = q, u0 = u, t0 = t;
        p = T.Fnma(y, t0, T.Fma(x, u0, c * p0));
        q = T.Fma(y, u0, T.Fma(x, t0, c * q0));
        u = T.Fnma(y, q0, T.Fnma(x, p0, c * u0));
        t = T.Fma(y, p0, T.Fnma(x, q0, c * t0));
    }

    // R† m: row i ← c i + s* j, row j ← c j − s i.
    [MethodImpl(Inline)]
    private static void Rows(in PlaneRotation<T> r, ref Row3<T> a, ref Row3<T> b)
    {
        Row(r, ref a.X0, ref a.Y0, ref b.X0, ref b.Y0);
        Row(r, ref a.X1, ref a.Y1, ref b.X1, ref b.Y1);
        Row(r, ref a.X2, ref a.Y2, ref b.X2, ref b.Y2);
    }

    [MethodImpl(Inline)]
    private static void Row(in PlaneRotation<T> r, ref T p, ref T q, ref T u, ref T t)
    {
        T c = r.Cos, x = r.SinRe, y = r.SinIm, p0 = p, q0 = q, u0 = u, t0 = t;
        p = T.Fma(y, t0, T.Fma(x, u0, c * p0));
        q = T.Fnma(y, u0, T.Fma(x, t0, c * q0));
        u = T.Fma(y, q0, T.Fnma(x, p0, c * u0));
        t = T.Fnma(y, p0, T.Fnma(x, q0, c * t0));
    }

    [MethodImpl(Inline)]
    private static void Multiply(T re, T im, ref T x, ref T y)
    {
        T x0 = x, y0 = y;
        x = T.Fnma(im, y0, re * x0);
        y = T.Fma(im, x0, re * y0);
    }

    [MethodImpl(Inline)]
    private static void Swap(T a, T b, ref T left, ref T right)
    {
        T l = left, r = right;
        left = T.SelectLess(a, b, r, l);
        right = T.SelectLess(a, b, l, r);
    }
}

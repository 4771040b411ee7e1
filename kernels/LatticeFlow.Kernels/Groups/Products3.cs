using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// Products of complex 3×3 matrices in memory: 18 values, row-major, real before imaginary part. Methods that are called and loop over rows and columns: inlined and
/// unrolled, a product takes more registers than a CPU has, and the compiler's patience ends before the registers do.
/// </summary>
internal static unsafe class Products3<T>
    where T : unmanaged, IReal<T>
{
    private const MethodImplOptions Call = MethodImplOptions.NoInlining;
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private const int LargeRegister = 64;

    /// <summary>How a factor enters a product. Constants to the compiler.</summary>
    private interface IFactor
    {
        /// <summary>Values from one row to the next.</summary>
        static abstract int Row { get; }

        /// <summary>Values from one column to the next.</summary>
        static abstract int Column { get; }

        /// <summary>Whether imaginary parts change sign.</summary>
        static abstract bool Conjugate { get; }
    }

    /// <summary>c = a b.</summary>
    [MethodImpl(Call)]
    public static void Multiply(T* a, T* b, T* c) => Product<Plain, Plain>(a, b, c, false);

    /// <summary>c = a b†.</summary>
    [MethodImpl(Call)]
    public static void MultiplyAdjoint(T* a, T* b, T* c) => Product<Plain, Dagger>(a, b, c, false);

    /// <summary>c = a† b.</summary>
    [MethodImpl(Call)]
    public static void AdjointMultiply(T* a, T* b, T* c) => Product<Dagger, Plain>(a, b, c, false);

    /// <summary>c += a b.</summary>
    [MethodImpl(Call)]
    public static void AddMultiply(T* a, T* b, T* c) => Product<Plain, Plain>(a, b, c, true);

    /// <summary>c += a b†.</summary>
    [MethodImpl(Call)]
    public static void AddMultiplyAdjoint(T* a, T* b, T* c) => Product<Plain, Dagger>(a, b, c, true);

    /// <summary>c += a† b.</summary>
    [MethodImpl(Call)]
    public static void AddAdjointMultiply(T* a, T* b, T* c) => Product<Dagger, Plain>(a, b, c, true);

    /// <summary>u = e u, in place, column by column: a column of the result needs no other column of u.</summary>
    [MethodImpl(Call)]
    public static void MultiplyFromLeft(T* e, T* u)
    {
        if (T.Bytes == LargeRegister) WholeProduct<Plain, Plain>(e, u, u, false);
        else ProductByColumns(e, u);
    }

    // A register file of 32 holds the left factor and three sums at once; one of 16 holds a row and one sum.
    [MethodImpl(Inline)]
    private static void Product<TLeft, TRight>(T* a, T* b, T* c, bool add)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor
    {
        if (T.Bytes == LargeRegister) WholeProduct<TLeft, TRight>(a, b, c, add);
        else ProductByRows<TLeft, TRight>(a, b, c, add);
    }

    [MethodImpl(Inline)]
    private static void ProductByRows<TLeft, TRight>(T* a, T* b, T* c, bool add)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor
    {
        for (T* end = c + 18; c != end; a += TLeft.Row)
        {
            T x0 = a[0], y0 = a[1], x1 = a[TLeft.Column], y1 = a[TLeft.Column + 1], x2 = a[2 * TLeft.Column], y2 = a[(2 * TLeft.Column) + 1];
            T* column = b;
            for (T* next = c + 6; c != next; c += 2)
            {
                T p = column[0], q = column[1];
                T re = add ? T.Fma(x0, p, c[0]) : x0 * p, im = add ? FirstIm<TLeft>(x0, y0, p, q, c[1]) : TLeft.Conjugate ? x0 * q : y0 * p;
                re = LastRe<TLeft, TRight>(y0, q, re);
                im = LastIm<TLeft, TRight>(x0, y0, p, q, im);
                p = column[TRight.Row];
                q = column[TRight.Row + 1];
                re = LastRe<TLeft, TRight>(y1, q, T.Fma(x1, p, re));
                im = LastIm<TLeft, TRight>(x1, y1, p, q, FirstIm<TLeft>(x1, y1, p, q, im));
                p = column[2 * TRight.Row];
                q = column[(2 * TRight.Row) + 1];
                c[0] = LastRe<TLeft, TRight>(y2, q, T.Fma(x2, p, re));
                c[1] = LastIm<TLeft, TRight>(x2, y2, p, q, FirstIm<TLeft>(x2, y2, p, q, im));
                column += TRight.Column;
            }
        }
    }

    [MethodImpl(Inline)]
    private static void ProductByColumns(T* e, T* u)
    {
        for (T* end = u + 6; u != end; u += 2)
        {
            T p0 = u[0], q0 = u[1], p1 = u[6], q1 = u[7], p2 = u[12], q2 = u[13];
            T* row = e;
            for (int r = 0; r < 18; r += 6)
            {
                T re = LastRe<Plain, Plain>(row[r + 1], q0, row[r] * p0), im = LastIm<Plain, Plain>(row[r], row[r + 1], p0, q0, row[r + 1] * p0);
                re = LastRe<Plain, Plain>(row[r + 3], q1, T.Fma(row[r + 2], p1, re));
                im = LastIm<Plain, Plain>(row[r + 2], row[r + 3], p1, q1, T.Fma(row[r + 3], p1, im));
                u[r] = LastRe<Plain, Plain>(row[r + 5], q2, T.Fma(row[r + 4], p2, re));
                u[r + 1] = LastIm<Plain, Plain>(row[r + 4], row[r + 5], p2, q2, T.Fma(row[r + 5], p2, im));
            }
        }
    }

    [MethodImpl(Inline)]
    private static void WholeProduct<TLeft, TRight>(T* a, T* b, T* c, bool add)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor
    {
        T x00 = a[0], y00 = a[1], x01 = a[TLeft.Column], y01 = a[TLeft.Column + 1], x02 = a[2 * TLeft.Column], y02 = a[(2 * TLeft.Column) + 1];
        a += TLeft.Row;
        T x10 = a[0], y10 = a[1], x11 = a[TLeft.Column], y11 = a[TLeft.Column + 1], x12 = a[2 * TLeft.Column], y12 = a[(2 * TLeft.Column) + 1];
        a += TLeft.Row;
        T x20 = a[0], y20 = a[1], x21 = a[TLeft.Column], y21 = a[TLeft.Column + 1], x22 = a[2 * TLeft.Column], y22 = a[(2 * TLeft.Column) + 1];
        for (T* end = c + 6; c != end; c += 2)
        {
            T p = b[0], q = b[1];
            T re0 = add ? T.Fma(x00, p, c[0]) : x00 * p, im0 = add ? FirstIm<TLeft>(x00, y00, p, q, c[1]) : TLeft.Conjugate ? x00 * q : y00 * p;
            re0 = LastRe<TLeft, TRight>(y00, q, re0);
            im0 = LastIm<TLeft, TRight>(x00, y00, p, q, im0);
            T re1 = add ? T.Fma(x10, p, c[6]) : x10 * p, im1 = add ? FirstIm<TLeft>(x10, y10, p, q, c[7]) : TLeft.Conjugate ? x10 * q : y10 * p;
            re1 = LastRe<TLeft, TRight>(y10, q, re1);
            im1 = LastIm<TLeft, TRight>(x10, y10, p, q, im1);
            T re2 = add ? T.Fma(x20, p, c[12]) : x20 * p, im2 = add ? FirstIm<TLeft>(x20, y20, p, q, c[13]) : TLeft.Conjugate ? x20 * q : y20 * p;
            re2 = LastRe<TLeft, TRight>(y20, q, re2);
            im2 = LastIm<TLeft, TRight>(x20, y20, p, q, im2);
            p = b[TRight.Row];
            q = b[TRight.Row + 1];
            re0 = LastRe<TLeft, TRight>(y01, q, T.Fma(x01, p, re0));
            im0 = LastIm<TLeft, TRight>(x01, y01, p, q, FirstIm<TLeft>(x01, y01, p, q, im0));
            re1 = LastRe<TLeft, TRight>(y11, q, T.Fma(x11, p, re1));
            im1 = LastIm<TLeft, TRight>(x11, y11, p, q, FirstIm<TLeft>(x11, y11, p, q, im1));
            re2 = LastRe<TLeft, TRight>(y21, q, T.Fma(x21, p, re2));
            im2 = LastIm<TLeft, TRight>(x21, y21, p, q, FirstIm<TLeft>(x21, y21, p, q, im2));
            p = b[2 * TRight.Row];
            q = b[(2 * TRight.Row) + 1];
            re0 = LastRe<TLeft, TRight>(y02, q, T.Fma(x02, p, re0));
            im0 = LastIm<TLeft, TRight>(x02, y02, p, q, FirstIm<TLeft>(x02, y02, p, q, im0));
            re1 = LastRe<TLeft, TRight>(y12, q, T.Fma(x12, p, re1));
            im1 = LastIm<TLeft, TRight>(x12, y12, p, q, FirstIm<TLeft>(x12, y12, p, q, im1));
            re2 = LastRe<TLeft, TRight>(y22, q, T.Fma(x22, p, re2));
            im2 = LastIm<TLeft, TRight>(x22, y22, p, q, FirstIm<TLeft>(x22, y22, p, q, im2));
            c[0] = re0;
            c[1] = im0;
            c[6] = re1;
            c[7] = im1;
            c[12] = re2;
            c[13] = im2;
            b += TRight.Column;
        }
    }

    [MethodImpl(Inline)]
    private static T FirstIm<TLeft>(T x, T y, T p, T q, T sum)
        where TLeft : struct, IFactor => TLeft.Conjugate ? T.Fma(x, q, sum) : T.Fma(y, p, sum);

    [MethodImpl(Inline)]
    private static T LastRe<TLeft, TRight>(T y, T q, T sum)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor => TLeft.Conjugate == TRight.Conjugate ? T.Fnma(y, q, sum) : T.Fma(y, q, sum);

    // Conjugate left and right factors never meet: nobody needs a† b†.
    [MethodImpl(Inline)]
    private static T LastIm<TLeft, TRight>(T x, T y, T p, T q, T sum)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor => TLeft.Conjugate ? T.Fnma(y, p, sum) : TRight.Conjugate ? T.Fnma(x, q, sum) : T.Fma(x, q, sum);

    private readonly struct Plain : IFactor
    {
        public static int Row => 6;

        public static int Column => 2;

        public static bool Conjugate => false;
    }

    private readonly struct Dagger : IFactor
    {
        public static int Row => 2;

        public static int Column => 6;

        public static bool Conjugate => true;
    }
}

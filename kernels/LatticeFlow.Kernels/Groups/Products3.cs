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

    /// <summary>What happens to a product. A constant to the compiler.</summary>
    private interface IResult
    {
        /// <summary>Whether it is added to what was there.</summary>
        static abstract bool IsAdded { get; }
    }

    /// <summary>c = a b.</summary>
    [MethodImpl(Inline)]
    public static void Multiply(T* a, T* b, T* c) => Product<Plain, Plain, Set>(a, b, c);

    /// <summary>c = a b†.</summary>
    [MethodImpl(Inline)]
    public static void MultiplyAdjoint(T* a, T* b, T* c) => Product<Plain, Dagger, Set>(a, b, c);

    /// <summary>c = a† b.</summary>
    [MethodImpl(Inline)]
    public static void AdjointMultiply(T* a, T* b, T* c) => Product<Dagger, Plain, Set>(a, b, c);

    /// <summary>c += a b.</summary>
    [MethodImpl(Inline)]
    public static void AddMultiply(T* a, T* b, T* c) => Product<Plain, Plain, Added>(a, b, c);

    /// <summary>c += a b†.</summary>
    [MethodImpl(Inline)]
    public static void AddMultiplyAdjoint(T* a, T* b, T* c) => Product<Plain, Dagger, Added>(a, b, c);

    /// <summary>c += a† b.</summary>
    [MethodImpl(Inline)]
    public static void AddAdjointMultiply(T* a, T* b, T* c) => Product<Dagger, Plain, Added>(a, b, c);

    /// <summary>u = e u, in place, column by column: a column of the result needs no other column of u.</summary>
    [MethodImpl(Call)]
    public static void MultiplyFromLeft(T* e, T* u)
    {
        if (T.Bytes == LargeRegister) WholeProduct<Plain, Plain>(e, u, u, false);
        else ProductByColumns(e, u);
    }

    // A register file of 32 holds the left factor and three sums at once; one of 16 holds a row of sums.
    [MethodImpl(Inline)]
    private static void Product<TLeft, TRight, TResult>(T* a, T* b, T* c)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor
        where TResult : struct, IResult
    {
        if (T.Bytes == LargeRegister) CallWholeProduct<TLeft, TRight>(a, b, c, TResult.IsAdded);
        else ProductByRows<TLeft, TRight, TResult>(a, b, c);
    }

    [MethodImpl(Call)]
    private static void CallWholeProduct<TLeft, TRight>(T* a, T* b, T* c, bool add)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor => WholeProduct<TLeft, TRight>(a, b, c, add);

    // A row of the result at once: six sums, an entry of a and one of b are ten registers. Two pipes with a latency of four cycles want eight chains; the next row, which waits for nothing, has the others.
    [MethodImpl(Call)]
    private static void ProductByRows<TLeft, TRight, TResult>(T* a, T* b, T* c)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor
        where TResult : struct, IResult
    {
        for (T* end = c + 18; c != end; a += TLeft.Row, c += 6)
        {
            T* s = b, t = b + TRight.Column, u = b + (2 * TRight.Column);
            T x = a[0], y = a[1];
            T re0, im0, re1, im1, re2, im2;
            if (TResult.IsAdded)
            {
                re0 = c[0];
                im0 = c[1];
                re1 = c[2];
                im1 = c[3];
                re2 = c[4];
                im2 = c[5];
                Add<TLeft, TRight>(x, y, s[0], s[1], ref re0, ref im0);
                Add<TLeft, TRight>(x, y, t[0], t[1], ref re1, ref im1);
                Add<TLeft, TRight>(x, y, u[0], u[1], ref re2, ref im2);
            }
            else
            {
                Start<TLeft, TRight>(x, y, s[0], s[1], out re0, out im0);
                Start<TLeft, TRight>(x, y, t[0], t[1], out re1, out im1);
                Start<TLeft, TRight>(x, y, u[0], u[1], out re2, out im2);
            }

            x = a[TLeft.Column];
            y = a[TLeft.Column + 1];
            Add<TLeft, TRight>(x, y, s[TRight.Row], s[TRight.Row + 1], ref re0, ref im0);
            Add<TLeft, TRight>(x, y, t[TRight.Row], t[TRight.Row + 1], ref re1, ref im1);
            Add<TLeft, TRight>(x, y, u[TRight.Row], u[TRight.Row + 1], ref re2, ref im2);
            x = a[2 * TLeft.Column];
            y = a[(2 * TLeft.Column) + 1];
            Add<TLeft, TRight>(x, y, s[2 * TRight.Row], s[(2 * TRight.Row) + 1], ref re0, ref im0);
            Add<TLeft, TRight>(x, y, t[2 * TRight.Row], t[(2 * TRight.Row) + 1], ref re1, ref im1);
            Add<TLeft, TRight>(x, y, u[2 * TRight.Row], u[(2 * TRight.Row) + 1], ref re2, ref im2);
            c[0] = re0;
            c[1] = im0;
            c[2] = re1;
            c[3] = im1;
            c[4] = re2;
            c[5] = im2;
        }
    }

    [MethodImpl(Inline)]
    private static void ProductByColumns(T* e, T* u)
    {
        for (T* end = u + 6; u != end; u += 2)
        {
            T p = u[0], q = u[1];
            Start<Plain, Plain>(e[0], e[1], p, q, out T re0, out T im0);
            Start<Plain, Plain>(e[6], e[7], p, q, out T re1, out T im1);
            Start<Plain, Plain>(e[12], e[13], p, q, out T re2, out T im2);
            p = u[6];
            q = u[7];
            Add<Plain, Plain>(e[2], e[3], p, q, ref re0, ref im0);
            Add<Plain, Plain>(e[8], e[9], p, q, ref re1, ref im1);
            Add<Plain, Plain>(e[14], e[15], p, q, ref re2, ref im2);
            p = u[12];
            q = u[13];
            Add<Plain, Plain>(e[4], e[5], p, q, ref re0, ref im0);
            Add<Plain, Plain>(e[10], e[11], p, q, ref re1, ref im1);
            Add<Plain, Plain>(e[16], e[17], p, q, ref re2, ref im2);
            u[0] = re0;
            u[1] = im0;
            u[6] = re1;
            u[7] = im1;
            u[12] = re2;
            u[13] = im2;
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
    private static void Start<TLeft, TRight>(T x, T y, T p, T q, out T re, out T im)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor
    {
        re = x * p;
        im = TLeft.Conjugate ? x * q : y * p;
        re = LastRe<TLeft, TRight>(y, q, re);
        im = LastIm<TLeft, TRight>(x, y, p, q, im);
    }

    [MethodImpl(Inline)]
    private static void Add<TLeft, TRight>(T x, T y, T p, T q, ref T re, ref T im)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor
    {
        re = T.Fma(x, p, re);
        im = FirstIm<TLeft>(x, y, p, q, im);
        re = LastRe<TLeft, TRight>(y, q, re);
        im = LastIm<TLeft, TRight>(x, y, p, q, im);
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

    private readonly struct Set : IResult
    {
        public static bool IsAdded => false;
    }

    private readonly struct Added : IResult
    {
        public static bool IsAdded => true;
    }
}

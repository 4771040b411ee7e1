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

    /// <summary>u = e u, in place, column by column.</summary>
    [MethodImpl(Call)]
    public static void MultiplyFromLeft(T* e, T* u)
    {
        for (T* end = u + 6; u != end; u += 2)
        {
            T p0 = u[0], q0 = u[1], p1 = u[6], q1 = u[7], p2 = u[12], q2 = u[13];
            T* row = e;
            for (int r = 0; r < 18; r += 6)
            {
                T x = row[r], y = row[r + 1];
                T re = x * p0, im = x * q0;
                re = T.Fnma(y, q0, re);
                im = T.Fma(y, p0, im);
                x = row[r + 2];
                y = row[r + 3];
                re = T.Fma(x, p1, re);
                im = T.Fma(x, q1, im);
                re = T.Fnma(y, q1, re);
                im = T.Fma(y, p1, im);
                x = row[r + 4];
                y = row[r + 5];
                re = T.Fma(x, p2, re);
                im = T.Fma(x, q2, im);
                u[r] = T.Fnma(y, q2, re);
                u[r + 1] = T.Fma(y, p2, im);
            }
        }
    }

    [MethodImpl(Inline)]
    private static void Product<TLeft, TRight>(T* a, T* b, T* c, bool add)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor
    {
        for (T* end = c + 18; c != end; a += TLeft.Row)
        {
            T x0 = a[0], y0 = a[1];
            T x1 = a[TLeft.Column], y1 = a[TLeft.Column + 1];
            T x2 = a[2 * TLeft.Column], y2 = a[(2 * TLeft.Column) + 1];
            T* column = b;
            for (T* next = c + 6; c != next; c += 2)
            {
                T re = default, im = default;
                if (add)
                {
                    re = c[0];
                    im = c[1];
                }

                Add<TLeft, TRight>(x0, y0, column[0], column[1], add, ref re, ref im);
                Add<TLeft, TRight>(x1, y1, column[TRight.Row], column[TRight.Row + 1], true, ref re, ref im);
                Add<TLeft, TRight>(x2, y2, column[2 * TRight.Row], column[(2 * TRight.Row) + 1], true, ref re, ref im);
                c[0] = re;
                c[1] = im;
                column += TRight.Column;
            }
        }
    }

    [MethodImpl(Inline)]
    private static void Add<TLeft, TRight>(T x, T y, T p, T q, bool add, ref T re, ref T im)
        where TLeft : struct, IFactor
        where TRight : struct, IFactor
    {
        re = add ? T.Fma(x, p, re) : x * p;
        re = TLeft.Conjugate == TRight.Conjugate ? T.Fnma(y, q, re) : T.Fma(y, q, re);
        if (TLeft.Conjugate)
        {
            // Conjugate and transposed right factors never meet: nobody needs a† b†.
            im = add ? T.Fma(x, q, im) : x * q;
            im = T.Fnma(y, p, im);
        }
        else
        {
            im = add ? T.Fma(y, p, im) : y * p;
            im = TRight.Conjugate ? T.Fnma(x, q, im) : T.Fma(x, q, im);
        }
    }

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

using System.Runtime.CompilerServices;

namespace LatticeFlow.Kernels.Groups;

/// <content>
/// Products: c_ij = Σ_k a_ik b_kj row by row, with two to four columns of a row in accumulators. All variants are one loop: a† and b† are strides, a conjugated left factor
/// is a sign on its imaginary part, and a b† is the conjugate of conj(a) bᵀ.
/// </content>
public readonly unsafe partial struct MatrixN<TSize, T>
{
    /// <summary>Which product: known when the loop is compiled.</summary>
    private interface IProduct
    {
        /// <summary>Steps in a from row to row and from k to k.</summary>
        static abstract (int Row, int Inner) Left { get; }

        /// <summary>Steps in b from k to k and from column to column.</summary>
        static abstract (int Inner, int Column) Right { get; }

        /// <summary>Whether a is conjugated.</summary>
        static abstract bool ConjugateLeft { get; }

        /// <summary>Whether the sum is conjugated.</summary>
        static abstract bool ConjugateSum { get; }

        /// <summary>Whether the sum is added to c.</summary>
        static abstract bool Accumulate { get; }
    }

    [MethodImpl(Inline)]
    public static void Multiply(in MatrixN<TSize, T> a, in MatrixN<TSize, T> b, ref MatrixN<TSize, T> c) =>
        Product<Plain<Set>>(a.numbers, b.numbers, c.numbers);

    [MethodImpl(Inline)]
    public static void MultiplyAdjoint(in MatrixN<TSize, T> a, in MatrixN<TSize, T> b, ref MatrixN<TSize, T> c) =>
        Product<RightAdjoint<Set>>(a.numbers, b.numbers, c.numbers);

    [MethodImpl(Inline)]
    public static void AdjointMultiply(in MatrixN<TSize, T> a, in MatrixN<TSize, T> b, ref MatrixN<TSize, T> c) =>
        Product<LeftAdjoint<Set>>(a.numbers, b.numbers, c.numbers);

    [MethodImpl(Inline)]
    public static void AddMultiply(in MatrixN<TSize, T> a, in MatrixN<TSize, T> b, ref MatrixN<TSize, T> c) =>
        Product<Plain<Add>>(a.numbers, b.numbers, c.numbers);

    [MethodImpl(Inline)]
    public static void AddMultiplyAdjoint(in MatrixN<TSize, T> a, in MatrixN<TSize, T> b, ref MatrixN<TSize, T> c) =>
        Product<RightAdjoint<Add>>(a.numbers, b.numbers, c.numbers);

    [MethodImpl(Inline)]
    public static void AddAdjointMultiply(in MatrixN<TSize, T> a, in MatrixN<TSize, T> b, ref MatrixN<TSize, T> c) =>
        Product<LeftAdjoint<Add>>(a.numbers, b.numbers, c.numbers);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void MultiplyFromLeft(in MatrixN<TSize, T> e, ref MatrixN<TSize, T> u)
    {
        byte* memory = stackalloc byte[(Components * sizeof(T)) + Alignment];
        var right = Aligned((T*)memory);
        Copy(u.numbers, right);
        Product<Plain<Set>>(e.numbers, right, u.numbers);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Product<TProduct>(T* a, T* b, T* c)
        where TProduct : struct, IProduct
    {
        for (int i = 0; i < TSize.Value; i++)
        {
            var row = a + (i * TProduct.Left.Row);
            var target = c + (i * RowLength);
            if (TSize.Value == 2) Two<TProduct>(row, b, target);
            if (TSize.Value is 3 or 5 or 6) Three<TProduct>(row, b, target);
            if (TSize.Value is 4 or 7 or 8) Four<TProduct>(row, b, target);
            if (TSize.Value == 5) Two<TProduct>(row, b + (3 * TProduct.Right.Column), target + 6);
            if (TSize.Value == 6) Three<TProduct>(row, b + (3 * TProduct.Right.Column), target + 6);
            if (TSize.Value == 7) Three<TProduct>(row, b + (4 * TProduct.Right.Column), target + 8);
            if (TSize.Value == 8) Four<TProduct>(row, b + (4 * TProduct.Right.Column), target + 8);
        }
    }

    [MethodImpl(Inline)]
    private static void Two<TProduct>(T* a, T* b, T* c)
        where TProduct : struct, IProduct
    {
        Begin<TProduct>(c, 0, out var re0, out var im0);
        Begin<TProduct>(c, 1, out var re1, out var im1);
        for (int k = 0; k < TSize.Value; k++)
        {
            T re = a[0], im = TProduct.ConjugateLeft ? -a[1] : a[1];
            AddProduct<TProduct>(re, im, b, 0, ref re0, ref im0);
            AddProduct<TProduct>(re, im, b, 1, ref re1, ref im1);
            a += TProduct.Left.Inner;
            b += TProduct.Right.Inner;
        }

        End<TProduct>(c, 0, re0, im0);
        End<TProduct>(c, 1, re1, im1);
    }

    [MethodImpl(Inline)]
    private static void Three<TProduct>(T* a, T* b, T* c)
        where TProduct : struct, IProduct
    {
        Begin<TProduct>(c, 0, out var re0, out var im0);
        Begin<TProduct>(c, 1, out var re1, out var im1);
        Begin<TProduct>(c, 2, out var re2, out var im2);
        for (int k = 0; k < TSize.Value; k++)
        {
            T re = a[0], im = TProduct.ConjugateLeft ? -a[1] : a[1];
            AddProduct<TProduct>(re, im, b, 0, ref re0, ref im0);
            AddProduct<TProduct>(re, im, b, 1, ref re1, ref im1);
            AddProduct<TProduct>(re, im, b, 2, ref re2, ref im2);
            a += TProduct.Left.Inner;
            b += TProduct.Right.Inner;
        }

        End<TProduct>(c, 0, re0, im0);
        End<TProduct>(c, 1, re1, im1);
        End<TProduct>(c, 2, re2, im2);
    }

    [MethodImpl(Inline)]
    private static void Four<TProduct>(T* a, T* b, T* c)
        where TProduct : struct, IProduct
    {
        Begin<TProduct>(c, 0, out var re0, out var im0);
        Begin<TProduct>(c, 1, out var re1, out var im1);
        Begin<TProduct>(c, 2, out var re2, out var im2);
        Begin<TProduct>(c, 3, out var re3, out var im3);
        for (int k = 0; k < TSize.Value; k++)
        {
            T re = a[0], im = TProduct.ConjugateLeft ? -a[1] : a[1];
            AddProduct<TProduct>(re, im, b, 0, ref re0, ref im0);
            AddProduct<TProduct>(re, im, b, 1, ref re1, ref im1);
            AddProduct<TProduct>(re, im, b, 2, ref re2, ref im2);
            AddProduct<TProduct>(re, im, b, 3, ref re3, ref im3);
            a += TProduct.Left.Inner;
            b += TProduct.Right.Inner;
        }

        End<TProduct>(c, 0, re0, im0);
        End<TProduct>(c, 1, re1, im1);
        End<TProduct>(c, 2, re2, im2);
        End<TProduct>(c, 3, re3, im3);
    }

    [MethodImpl(Inline)]
    private static void Begin<TProduct>(T* c, int column, out T re, out T im)
        where TProduct : struct, IProduct
    {
        re = TProduct.Accumulate ? c[2 * column] : T.Of(0);
        im = !TProduct.Accumulate ? T.Of(0) : TProduct.ConjugateSum ? -c[(2 * column) + 1] : c[(2 * column) + 1];
    }

    [MethodImpl(Inline)]
    private static void AddProduct<TProduct>(T re, T im, T* b, int column, ref T sumRe, ref T sumIm)
        where TProduct : struct, IProduct
    {
        T x = b[column * TProduct.Right.Column], y = b[(column * TProduct.Right.Column) + 1];
        sumRe = T.Fnma(im, y, T.Fma(re, x, sumRe));
        sumIm = T.Fma(im, x, T.Fma(re, y, sumIm));
    }

    [MethodImpl(Inline)]
    private static void End<TProduct>(T* c, int column, T re, T im)
        where TProduct : struct, IProduct
    {
        c[2 * column] = re;
        c[(2 * column) + 1] = TProduct.ConjugateSum ? -im : im;
    }

    private interface ITarget
    {
        static abstract bool Accumulate { get; }
    }

    private readonly struct Set : ITarget
    {
        public static bool Accumulate => false;
    }

    private readonly struct Add : ITarget
    {
        public static bool Accumulate => true;
    }

    private readonly struct Plain<TTarget> : IProduct
        where TTarget : struct, ITarget
    {
        public static (int Row, int Inner) Left => (RowLength, 2);

        public static (int Inner, int Column) Right => (RowLength, 2);

        public static bool ConjugateLeft => false;

        public static bool ConjugateSum => false;

        public static bool Accumulate => TTarget.Accumulate;
    }

    private readonly struct LeftAdjoint<TTarget> : IProduct
        where TTarget : struct, ITarget
    {
        public static (int Row, int Inner) Left => (2, RowLength);

        public static (int Inner, int Column) Right => (RowLength, 2);

        public static bool ConjugateLeft => true;

        public static bool ConjugateSum => false;

        public static bool Accumulate => TTarget.Accumulate;
    }

    private readonly struct RightAdjoint<TTarget> : IProduct
        where TTarget : struct, ITarget
    {
        public static (int Row, int Inner) Left => (RowLength, 2);

        public static (int Inner, int Column) Right => (2, RowLength);

        public static bool ConjugateLeft => true;

        public static bool ConjugateSum => true;

        public static bool Accumulate => TTarget.Accumulate;
    }
}

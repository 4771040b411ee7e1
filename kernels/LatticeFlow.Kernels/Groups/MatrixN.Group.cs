using System.Numerics;
using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Groups;

/// <content>What keeps matrices in SU(N), draws them from it, and SU(2) subgroups.</content>
public readonly unsafe partial struct MatrixN<TSize, T>
{
    /// <summary>One for each entry of the first N − 1 rows.</summary>
    public static int HaarBlocks => TSize.Value * (TSize.Value - 1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Reunitarise(ref MatrixN<TSize, T> u)
    {
        Orthonormalise(u);
        SetLastRow(u);
    }

    /// <summary>
    /// Rows of complex normal numbers, orthonormalised, the last one from the determinant.
    /// </summary>
    /// <remarks>
    /// The first N − 1 rows are Haar's: normal numbers stay such when the matrix is multiplied by any V ∈ SU(N) from the right, Gram–Schmidt with positive norms and the last
    /// row commute with V, so the law of U is that of UV; Haar measure is the only such law. In full: F. Mezzadri, Notices AMS 54 (2007) 592. The rows are orthonormalised
    /// twice, because normal rows may be nearly parallel.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Haar<TRandom>(in TRandom random, ref MatrixN<TSize, T> u)
        where TRandom : struct, IRandomReals<T>
    {
        for (int n = 0; n < HaarBlocks; n++)
        {
            random.Gaussians(n, out var re, out var im);
            SetEntry(u.numbers + (2 * n), re, im);
        }

        Orthonormalise(u);
        Orthonormalise(u);
        SetLastRow(u);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Subgroup(in MatrixN<TSize, T> w, int k, out T a0, out T a1, out T a2, out T a3)
    {
        var (i, j) = Pair(k);
        T* first = w.numbers + Entry(i, i), upper = w.numbers + Entry(i, j), lower = w.numbers + Entry(j, i), last = w.numbers + Entry(j, j);
        var half = T.Of(0.5);
        a0 = half * (first[0] + last[0]);
        a1 = half * (upper[1] + lower[1]);
        a2 = half * (upper[0] - lower[0]);
        a3 = half * (first[1] - last[1]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void MultiplySubgroup(int k, T g0, T g1, T g2, T g3, ref MatrixN<TSize, T> u)
    {
        var (i, j) = Pair(k);
        T* x = u.numbers + Entry(i, 0), y = u.numbers + Entry(j, 0);
        for (int e = 0; e < RowLength; e += 2)
        {
            T xRe = x[e], xIm = x[e + 1], yRe = y[e], yIm = y[e + 1];
            x[e] = T.Fnma(g1, yIm, T.Fma(g2, yRe, T.Fnma(g3, xIm, g0 * xRe)));
            x[e + 1] = T.Fma(g1, yRe, T.Fma(g2, yIm, T.Fma(g3, xRe, g0 * xIm)));
            y[e] = T.Fma(g3, yIm, T.Fma(g0, yRe, T.Fnma(g1, xIm, -(g2 * xRe))));
            y[e + 1] = T.Fnma(g3, yRe, T.Fma(g0, yIm, T.Fnma(g2, xIm, g1 * xRe)));
        }
    }

    private static (int I, int J) Pair(int k)
    {
        int i = 0;
        for (int pairs = TSize.Value - 1; k >= pairs; pairs--, i++) k -= pairs;
        return (i, i + 1 + k);
    }

    /// <summary>Gram–Schmidt (modified) on the first N − 1 rows.</summary>
    private static void Orthonormalise(in MatrixN<TSize, T> u)
    {
        for (int i = 0; i < Order - 1; i++)
        {
            var row = u.numbers + (i * RowLength);
            for (int j = 0; j < i; j++) RemovePart(u.numbers + (j * RowLength), row);
            var square = T.Of(0);
            for (int e = 0; e < RowLength; e++) square = T.Fma(row[e], row[e], square);
            var factor = T.Of(1) / T.Sqrt(square);
            for (int e = 0; e < RowLength; e++) row[e] = factor * row[e];
        }
    }

    /// <summary>row −= (unit†·row) unit.</summary>
    private static void RemovePart(T* unit, T* row)
    {
        T re = T.Of(0), im = T.Of(0);
        for (int e = 0; e < RowLength; e += 2)
        {
            re = T.Fma(unit[e + 1], row[e + 1], T.Fma(unit[e], row[e], re));
            im = T.Fnma(unit[e + 1], row[e], T.Fma(unit[e], row[e + 1], im));
        }

        for (int e = 0; e < RowLength; e += 2)
        {
            row[e] = T.Fma(im, unit[e + 1], T.Fnma(re, unit[e], row[e]));
            row[e + 1] = T.Fnma(im, unit[e], T.Fnma(re, unit[e + 1], row[e + 1]));
        }
    }

    /// <summary>
    /// The last row: of a matrix of determinant 1 with orthonormal rows it is the conjugate of its own cofactors, and these are minors of the rows before. The minors of the
    /// first n rows follow from those of n − 1 by expansion along row n, for every set of n columns: sums of products of numbers ≤ 1, no division, no pivot.
    /// </summary>
    [SkipLocalsInit]
    private static void SetLastRow(in MatrixN<TSize, T> u)
    {
        int all = (1 << TSize.Value) - 1;
        byte* memory = stackalloc byte[((2 << TSize.Value) * sizeof(T)) + Alignment];
        var minors = Aligned((T*)memory);
        SetEntry(minors, T.Of(1), T.Of(0));
        for (int columns = 1; columns < all; columns++)
        {
            var row = u.numbers + ((BitOperations.PopCount((uint)columns) - 1) * RowLength);
            T re = T.Of(0), im = T.Of(0);
            for (int j = 0; j < TSize.Value; j++)
            {
                if ((columns >> j & 1) == 0) continue;
                var minor = minors + (2 * (columns ^ (1 << j)));
                T x = row[2 * j], y = row[(2 * j) + 1];
                if ((BitOperations.PopCount((uint)columns >> (j + 1)) & 1) != 0) (x, y) = (-x, -y);
                re = T.Fnma(y, minor[1], T.Fma(x, minor[0], re));
                im = T.Fma(y, minor[0], T.Fma(x, minor[1], im));
            }

            SetEntry(minors + (2 * columns), re, im);
        }

        var last = u.numbers + ((TSize.Value - 1) * RowLength);
        for (int j = 0; j < TSize.Value; j++)
        {
            var minor = minors + (2 * (all ^ (1 << j)));
            bool odd = ((TSize.Value - 1 - j) & 1) != 0;
            SetEntry(last + (2 * j), odd ? -minor[0] : minor[0], odd ? minor[1] : -minor[1]);
        }
    }
}

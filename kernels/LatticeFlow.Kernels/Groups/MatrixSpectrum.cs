using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Groups;

/// <summary><see cref="ISpectrum{TLink, T}"/> of matrices in memory: 2N² values, row-major, real before imaginary part.</summary>
internal static unsafe class MatrixSpectrum<T>
    where T : unmanaged, IReal<T>
{
    // Cyclic sweeps over a 3×3 matrix converge in three, over an 8×8 one in five to seven.
    private const int MostSweeps = 16;

    /// <summary>p = v† p v diagonal, v unitary.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Diagonalise(T* p, T* v, int n)
    {
        for (int i = 0; i < 2 * n * n; i++) v[i] = T.Of(0);
        for (int i = 0; i < n; i++) v[2 * i * (n + 1)] = T.Of(1);
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            bool done = true;
            for (int i = 0; i < n; i++)
            {
                for (int j = i + 1; j < n; j++) done &= !Rotate(p, v, n, i, j);
            }

            if (done) break;
        }
    }

    /// <summary>See <see cref="ISpectrum{TLink, T}.MultiplyPair"/>.</summary>
    public static void MultiplyPair(T* c, int n, int j, int k, T re, T im)
    {
        T* upper = c + (2 * ((j * n) + k)), lower = c + (2 * ((k * n) + j));
        T x = upper[0], y = upper[1];
        upper[0] = T.Fnma(im, y, re * x);
        upper[1] = T.Fma(im, x, re * y);
        x = lower[0];
        y = lower[1];
        lower[0] = T.Fma(im, y, re * x);
        lower[1] = T.Fnma(im, x, re * y);
    }

    /// <summary>See <see cref="ISpectrum{TLink, T}.SwapColumns"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void SwapColumns(in T a, in T b, T* c, int n, int k)
    {
        for (T* row = c + (2 * k), end = row + (2 * n * n); row != end; row += 2 * n)
        {
            for (int part = 0; part < 2; part++)
            {
                T left = row[part], right = row[part + 2];
                row[part] = T.SelectLess(a, b, right, left);
                row[part + 2] = T.SelectLess(a, b, left, right);
            }
        }
    }

    // Whether there was something to rotate.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Rotate(T* p, T* v, int n, int i, int j)
    {
        int ii = 2 * ((i * n) + i), ij = 2 * ((i * n) + j), ji = 2 * ((j * n) + i), jj = 2 * ((j * n) + j);
        if (PlaneRotation<T>.IsDiagonal(p[ii], p[ii + 1], p[ij], p[ij + 1], p[ji], p[ji + 1], p[jj], p[jj + 1])) return false;
        var rotation = new PlaneRotation<T>(p[ii], p[ii + 1], p[ij], p[ij + 1], p[ji], p[ji + 1], p[jj], p[jj + 1]);
        Columns(p, n, i, j, rotation);
        Columns(v, n, i, j, rotation);
        Rows(p, n, i, j, rotation);
        return true;
    }

    // m R: column i ← c i + s j, column j ← c j − s* i.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Columns(T* m, int n, int i, int j, in PlaneRotation<T> rotation)
    {
        T c = rotation.Cos, x = rotation.SinRe, y = rotation.SinIm;
        T* a = m + (2 * i), b = m + (2 * j);
        for (int row = 0; row < n; row++, a += 2 * n, b += 2 * n)
        {
            T p = a[0], q = a[1], r = b[0], t = b[1];
            a[0] = T.Fnma(y, t, T.Fma(x, r, c * p));
            a[1] = T.Fma(y, r, T.Fma(x, t, c * q));
            b[0] = T.Fnma(y, q, T.Fnma(x, p, c * r));
            b[1] = T.Fma(y, p, T.Fnma(x, q, c * t));
        }
    }

    // R† m: row i ← c i + s* j, row j ← c j − s i.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rows(T* m, int n, int i, int j, in PlaneRotation<T> rotation)
    {
        T c = rotation.Cos, x = rotation.SinRe, y = rotation.SinIm;
        T* a = m + (2 * i * n), b = m + (2 * j * n);
        for (T* end = a + (2 * n); a != end; a += 2, b += 2)
        {
            T p = a[0], q = a[1], r = b[0], t = b[1];
            a[0] = T.Fma(y, t, T.Fma(x, r, c * p));
            a[1] = T.Fnma(y, r, T.Fma(x, t, c * q));
            b[0] = T.Fma(y, q, T.Fnma(x, p, c * r));
            b[1] = T.Fnma(y, p, T.Fnma(x, q, c * t));
        }
    }
}

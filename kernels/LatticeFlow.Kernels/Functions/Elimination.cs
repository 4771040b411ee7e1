using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Functions;

/// <summary>
/// Gaussian elimination of a complex n×n matrix in a field, row-major, real before imaginary part, without exchange of rows: for matrices with a positive definite Hermitian part, such as 1 + K,
/// ‖K‖ &lt; 1, whose pivots cannot vanish (G. H. Golub, C. Van Loan, Linear Algebra Appl. 28 (1979) 85).
/// </summary>
public static class Elimination
{
    /// <summary>ln|det|; the matrix is destroyed.</summary>
    public static T LogDeterminant<T>(in Reals<T> matrix, int n)
        where T : unmanaged, IReal<T>
    {
        T sum = T.Of(0);
        for (int p = 0; p < n; p++)
        {
            var pivot = matrix.From(2 * p * n);
            T x = T.Load(pivot, 2 * p), y = T.Load(pivot, (2 * p) + 1);
            T square = T.Fma(x, x, y * y);
            sum += T.Of(0.5) * Logarithm.Log(square);
            T scale = T.Of(1) / square;
            for (int row = p + 1; row < n; row++)
            {
                var target = matrix.From(2 * row * n);
                T a = T.Load(target, 2 * p), b = T.Load(target, (2 * p) + 1);
                T re = scale * T.Fma(a, x, b * y), im = scale * T.Fnma(a, y, b * x);
                Subtract(re, im, pivot, target, p + 1, n);
            }
        }

        return sum;
    }

    /// <summary>The matrix becomes its inverse, by Gauss and Jordan's elimination in place; returns ln|det|.</summary>
    public static T Invert<T>(in Reals<T> matrix, int n)
        where T : unmanaged, IReal<T>
    {
        T sum = T.Of(0);
        for (int p = 0; p < n; p++)
        {
            var pivot = matrix.From(2 * p * n);
            T x = T.Load(pivot, 2 * p), y = T.Load(pivot, (2 * p) + 1);
            T square = T.Fma(x, x, y * y);
            sum += T.Of(0.5) * Logarithm.Log(square);
            T scale = T.Of(1) / square;
            T u = scale * x, v = -(scale * y);
            T.Store(pivot, 2 * p, T.Of(1));
            T.Store(pivot, (2 * p) + 1, T.Of(0));
            for (int k = 0; k < n; k++)
            {
                T a = T.Load(pivot, 2 * k), b = T.Load(pivot, (2 * k) + 1);
                T.Store(pivot, 2 * k, T.Fnma(v, b, u * a));
                T.Store(pivot, (2 * k) + 1, T.Fma(v, a, u * b));
            }

            for (int row = 0; row < n; row++)
            {
                if (row == p) continue;
                var target = matrix.From(2 * row * n);
                T a = T.Load(target, 2 * p), b = T.Load(target, (2 * p) + 1);
                T.Store(target, 2 * p, T.Of(0));
                T.Store(target, (2 * p) + 1, T.Of(0));
                Subtract(a, b, pivot, target, 0, n);
            }
        }

        return sum;
    }

    // target_k −= (re + i im) pivot_k, k = first … n − 1.
    private static void Subtract<T>(in T re, in T im, in Reals<T> pivot, in Reals<T> target, int first, int n)
        where T : unmanaged, IReal<T>
    {
        for (int k = first; k < n; k++)
        {
            T a = T.Load(pivot, 2 * k), b = T.Load(pivot, (2 * k) + 1);
            T.Store(target, 2 * k, T.Fma(im, b, T.Fnma(re, a, T.Load(target, 2 * k))));
            T.Store(target, (2 * k) + 1, T.Fnma(im, a, T.Fnma(re, b, T.Load(target, (2 * k) + 1))));
        }
    }
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <content>The algebra and the exponential.</content>
public readonly unsafe partial struct MatrixN<TSize, T>
{
    // |x|¹⁷/17! of what a series to the sixteenth power leaves out is 2·10⁻¹⁷ there.
    private const double SeriesRadius = 0.75;

    // Arguments up to 10⁶; a norm that is not a number ends the loop too.
    private const int MostSquarings = 20;

    /// <summary>a, a², a³, a⁴ and the sum.</summary>
    public static int ExponentialSlots => 5;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddAlgebra(in Reals<T> algebra, int link, T scale, in MatrixN<TSize, T> w)
    {
        int a = link * Generators;
        var half = scale * T.Of(0.5);
        var before = w.numbers[1];
        for (int j = 1; j < Order; j++)
        {
            for (int i = 0; i < j; i++, a += 2)
            {
                T* upper = w.numbers + Entry(i, j), lower = w.numbers + Entry(j, i);
                T.Store(algebra, a, T.Fma(half, upper[1] + lower[1], T.Load(algebra, a)));
                T.Store(algebra, a + 1, T.Fma(half, upper[0] - lower[0], T.Load(algebra, a + 1)));
            }

            var diagonal = w.numbers[Entry(j, j) + 1];
            T.Store(algebra, a, T.Fma(scale * T.Of(DiagonalNorm(j)), T.Fnma(T.Of(j), diagonal, before), T.Load(algebra, a)));
            a++;
            before += diagonal;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddAlgebraReal(in Reals<T> algebra, int link, T scale, in MatrixN<TSize, T> w)
    {
        int a = link * Generators;
        var half = scale * T.Of(0.5);
        var before = w.numbers[0];
        for (int j = 1; j < Order; j++)
        {
            for (int i = 0; i < j; i++, a += 2)
            {
                T* upper = w.numbers + Entry(i, j), lower = w.numbers + Entry(j, i);
                T.Store(algebra, a, T.Fma(half, upper[0] + lower[0], T.Load(algebra, a)));
                T.Store(algebra, a + 1, T.Fma(half, lower[1] - upper[1], T.Load(algebra, a + 1)));
            }

            var diagonal = w.numbers[Entry(j, j)];
            T.Store(algebra, a, T.Fma(scale * T.Of(DiagonalNorm(j)), T.Fnma(T.Of(j), diagonal, before), T.Load(algebra, a)));
            a++;
            before += diagonal;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void FromAlgebra(in Reals<T> algebra, int link, T scale, ref MatrixN<TSize, T> c)
    {
        int a = (link + 1) * Generators;
        var half = scale * T.Of(0.5);
        var after = T.Of(0);
        for (int j = Order - 1; j > 0; j--)
        {
            var diagonal = scale * T.Of(DiagonalNorm(j)) * T.Load(algebra, --a);
            SetEntry(c.numbers + Entry(j, j), T.Of(0), T.Fnma(T.Of(j), diagonal, after));
            after += diagonal;
            for (int i = j - 1; i >= 0; i--)
            {
                var antisymmetric = half * T.Load(algebra, --a);
                var symmetric = half * T.Load(algebra, --a);
                SetEntry(c.numbers + Entry(i, j), antisymmetric, symmetric);
                SetEntry(c.numbers + Entry(j, i), -antisymmetric, symmetric);
            }
        }

        SetEntry(c.numbers, T.Of(0), after);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ProjectToAlgebra(in MatrixN<TSize, T> w, ref MatrixN<TSize, T> c)
    {
        Trace(w, out _, out var trace);
        var mean = trace * T.Of(1.0 / Order);
        var half = T.Of(0.5);
        for (int j = 0; j < Order; j++)
        {
            for (int i = 0; i < j; i++)
            {
                T* upper = w.numbers + Entry(i, j), lower = w.numbers + Entry(j, i);
                var re = half * (upper[0] - lower[0]);
                var im = half * (upper[1] + lower[1]);
                SetEntry(c.numbers + Entry(i, j), re, im);
                SetEntry(c.numbers + Entry(j, i), -re, im);
            }

            SetEntry(c.numbers + Entry(j, j), T.Of(0), w.numbers[Entry(j, j) + 1] - mean);
        }
    }

    /// <summary>
    /// The series to the sixteenth power of a/2ˢ, |a/2ˢ| ≤ ¾ in every lane, squared s times. Six products give the series: 1 + a/1! + … = B0 + a⁴(B1 + a⁴(B2 + a⁴(B3 + a⁴/16!)))
    /// with cubic B. What is squared is x = e^a − 1, x → x² + 2x: lanes with small exponents, squared because of other lanes, keep their relative precision.
    /// </summary>
    /// <remarks>Source: M. S. Paterson, L. J. Stockmeyer, SIAM J. Comput. 2 (1973) 60.</remarks>
    public static void Exponential(in Reals<T> algebra, int link, T scale, in Reals<T> work, int slot, ref MatrixN<TSize, T> e)
    {
        var size = Norm(algebra, link, scale);
        int squarings = 0;
        while (squarings < MostSquarings && !T.AllLess(size, T.Of(SeriesRadius)))
        {
            size *= T.Of(0.5);
            scale *= T.Of(0.5);
            squarings++;
        }

        MatrixN<TSize, T> a = Local(work, slot), square = Local(work, slot + 1), cube = Local(work, slot + 2), fourth = Local(work, slot + 3), sum = Local(work, slot + 4);
        FromAlgebra(algebra, link, scale, ref a);
        Multiply(a, a, ref square);
        Multiply(square, a, ref cube);
        Multiply(square, square, ref fourth);
        Copy(fourth, ref sum);
        Scale(T.Of(1.0 / 20922789888000), ref sum);
        AddCubic(1.0 / 479001600, 1.0 / 6227020800, 1.0 / 87178291200, 1.0 / 1307674368000, a, square, cube, sum);
        Multiply(fourth, sum, ref e);
        AddCubic(1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, a, square, cube, e);
        Multiply(fourth, e, ref sum);
        AddCubic(1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, a, square, cube, sum);
        Multiply(fourth, sum, ref e);
        AddCubic(0, 1, 0.5, 1.0 / 6, a, square, cube, e);
        for (int n = 0; n < squarings; n++)
        {
            Copy(e, ref sum);
            Multiply(sum, sum, ref e);
            AddScaled(T.Of(2), sum, ref e);
        }

        for (int i = 0; i < Order; i++) e.numbers[Entry(i, i)] += T.Of(1);
    }

    /// <summary>|scale| √(½ Σ p²), the Frobenius norm of the exponent, which no eigenvalue exceeds.</summary>
    private static T Norm(in Reals<T> algebra, int link, T scale)
    {
        var sum = T.Of(0);
        for (int a = 0; a < Generators; a++)
        {
            var p = scale * T.Load(algebra, (link * Generators) + a);
            sum = T.Fma(p, p, sum);
        }

        return T.Sqrt(T.Of(0.5) * sum);
    }

    /// <summary>c += c0 + c1 a + c2 a² + c3 a³.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddCubic(
        double c0, double c1, double c2, double c3, in MatrixN<TSize, T> a, in MatrixN<TSize, T> square, in MatrixN<TSize, T> cube, in MatrixN<TSize, T> c)
    {
        T f1 = T.Of(c1), f2 = T.Of(c2), f3 = T.Of(c3);
        for (int e = 0; e < Components; e++) c.numbers[e] = T.Fma(f1, a.numbers[e], T.Fma(f2, square.numbers[e], T.Fma(f3, cube.numbers[e], c.numbers[e])));
        for (int i = 0; i < Order; i++) c.numbers[Entry(i, i)] += T.Of(c0);
    }

    // ½ √(2/j(j + 1)).
    private static double DiagonalNorm(int j) => 1 / Math.Sqrt(2.0 * j * (j + 1));

    [MethodImpl(Inline)]
    private static void SetEntry(T* entry, T re, T im)
    {
        entry[0] = re;
        entry[1] = im;
    }
}

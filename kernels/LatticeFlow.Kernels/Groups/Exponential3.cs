using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>A 3×3 link whose entries can be set one by one.</summary>
internal interface IEntries3<TLink, T>
    where TLink : unmanaged
    where T : unmanaged
{
    /// <summary>Sets the entry at a row and column, both constants.</summary>
    static abstract void Set(ref TLink link, int row, int column, T re, T im);
}

/// <summary>exp(i s Σ p_a T_a) of SU(3), T_a = λ_a/2 with Gell-Mann's λ_a: <see cref="Series3{T}"/> where it converges fast, squares of it beyond.</summary>
internal static class Exponential3<TLink, T>
    where TLink : unmanaged, ILink<TLink, T>, IEntries3<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>As <see cref="ILink{TLink, T}.Exponential"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(in Reals<T> algebra, int link, T s, in Reals<T> work, int slot, ref TLink e)
    {
        var p = algebra.From(link * TLink.Generators);
        T limit = T.Of(Series3<T>.LongLimit);
        T c1 = HalfTraceOfSquare(p, s);
        int halvings = 0;
        while (!T.AllLess(c1, limit) && halvings < Series3<T>.MostHalvings)
        {
            c1 *= T.Of(0.25);
            s *= T.Of(0.5);
            halvings++;
        }

        WriteSmall(p, s, c1, ref e);
        if (halvings > 0) Square(halvings, TLink.Local(work, slot), ref e);
    }

    private static void Square(int times, TLink other, ref TLink e)
    {
        for (int n = 0; n < times; n++)
        {
            TLink.Multiply(e, e, ref other);
            TLink.Copy(other, ref e);
        }
    }

    // ½ tr (s Σ p_a T_a)² = s²/4 Σ p_a².
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T HalfTraceOfSquare(in Reals<T> p, T s)
    {
        T even = T.Of(0), odd = T.Of(0);
        for (int a = 0; a < 8; a += 2)
        {
            T x = T.Load(p, a), y = T.Load(p, a + 1);
            even = T.Fma(x, x, even);
            odd = T.Fma(y, y, odd);
        }

        return T.Of(0.25) * s * s * (even + odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteSmall(in Reals<T> p, T s, T c1, ref TLink result)
    {
        // Q = [[d0, a01, a02], [a01*, d1, a12], [a02*, a12*, d2]], a = x + i y.
        T half = T.Of(0.5) * s, d2 = T.Of(-0.57735026918962576451) * s * T.Load(p, 7), split = half * T.Load(p, 2);
        T x01 = half * T.Load(p, 0), x02 = half * T.Load(p, 3), x12 = half * T.Load(p, 5);
        half = -half;
        T y01 = half * T.Load(p, 1), y02 = half * T.Load(p, 4), y12 = half * T.Load(p, 6);
        T d0 = T.Fma(T.Of(-0.5), d2, split), d1 = T.Fnma(T.Of(0.5), d2, -split);

        // Q², using that d0 + d1 = −d2 and so on.
        T n01 = T.Fma(x01, x01, y01 * y01), n02 = T.Fma(x02, x02, y02 * y02), n12 = T.Fma(x12, x12, y12 * y12);
        T z0 = T.Fma(d0, d0, n01 + n02), z1 = T.Fma(d1, d1, n01 + n12), z2 = T.Fma(d2, d2, n02 + n12);
        T re = T.Fnma(y01, y12, x01 * x12), im = T.Fma(x01, y12, y01 * x12);
        T u01 = T.Fnma(d2, x01, T.Fma(x02, x12, y02 * y12)), v01 = T.Fnma(d2, y01, T.Fnma(x02, y12, y02 * x12));
        T u02 = T.Fnma(d1, x02, re), v02 = T.Fnma(d1, y02, im);
        T u12 = T.Fnma(d0, x12, T.Fma(x01, x02, y01 * y02)), v12 = T.Fnma(d0, y12, T.Fnma(y01, x02, x01 * y02));

        // det Q = d0 d1 d2 + 2 Re(a01 a12 a02*) − d0 |a12|² − d1 |a02|² − d2 |a01|².
        T triple = T.Fma(x02, re, y02 * im);
        T c0 = T.Fma(d2, T.Fma(d0, d1, -n01), T.Fnma(d0, n12, T.Fnma(d1, n02, triple + triple)));
        Series3<T>.Coefficients(c0, c1, out var f0Re, out var f0Im, out var f1Re, out var f1Im, out var f2Re, out var f2Im);
        var e = result;
        TLink.Set(ref e, 0, 0, T.Fma(f2Re, z0, T.Fma(f1Re, d0, f0Re)), T.Fma(f2Im, z0, T.Fma(f1Im, d0, f0Im)));
        TLink.Set(ref e, 1, 1, T.Fma(f2Re, z1, T.Fma(f1Re, d1, f0Re)), T.Fma(f2Im, z1, T.Fma(f1Im, d1, f0Im)));
        TLink.Set(ref e, 2, 2, T.Fma(f2Re, z2, T.Fma(f1Re, d2, f0Re)), T.Fma(f2Im, z2, T.Fma(f1Im, d2, f0Im)));
        Pair(f1Re, f1Im, f2Re, f2Im, x01, y01, u01, v01, 0, 1, ref e);
        Pair(f1Re, f1Im, f2Re, f2Im, x02, y02, u02, v02, 0, 2, ref e);
        Pair(f1Re, f1Im, f2Re, f2Im, x12, y12, u12, v12, 1, 2, ref e);
        result = e;
    }

    // f1 (x + i y) + f2 (u + i v) above the diagonal, the same of the conjugates below it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(T f1Re, T f1Im, T f2Re, T f2Im, T x, T y, T u, T v, int row, int column, ref TLink e)
    {
        T re = T.Fma(f2Re, u, f1Re * x), im = T.Fma(f2Im, u, f1Im * x);
        T turnedRe = T.Fma(f2Im, v, f1Im * y), turnedIm = T.Fma(f2Re, v, f1Re * y);
        TLink.Set(ref e, row, column, re - turnedRe, im + turnedIm);
        TLink.Set(ref e, column, row, re + turnedRe, im - turnedIm);
    }
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Groups;

/// <summary>exp(i s Σ p_a T_a) of SU(3) in memory, T_a = λ_a/2 with Gell-Mann's λ_a.</summary>
internal static unsafe class Exponential3<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>e = exp(i s Σ p_a T_a), p eight values; work holds another matrix.</summary>
    public static void Write(T* p, T s, T* work, T* e)
    {
        T limit = T.Of(Series3<T>.LongLimit), half = T.Of(0.5);
        T c1 = HalfTraceOfSquare(p, s);
        int halvings = 0;
        while (!T.AllLess(c1, limit) && halvings < Series3<T>.MostHalvings)
        {
            c1 *= T.Of(0.25);
            s *= half;
            halvings++;
        }

        WriteSmall(p, s, c1, e);
        if (halvings == 0) return;
        for (int n = 0; n < halvings; n++)
        {
            Products3<T>.Multiply(e, e, work);
            for (int i = 0; i < 18; i++) e[i] = work[i];
        }
    }

    // ½ tr (s Σ p_a T_a)² = s²/4 Σ p_a².
    private static T HalfTraceOfSquare(T* p, T s)
    {
        T even = p[0] * p[0], odd = p[1] * p[1];
        for (int a = 2; a < 8; a += 2)
        {
            even = T.Fma(p[a], p[a], even);
            odd = T.Fma(p[a + 1], p[a + 1], odd);
        }

        return T.Of(0.25) * s * s * (even + odd);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteSmall(T* p, T s, T c1, T* e)
    {
        // Q = [[d0, a01, a02], [a01*, d1, a12], [a02*, a12*, d2]], a = x + i y.
        T half = T.Of(0.5) * s;
        T d2 = T.Of(-0.57735026918962576451) * s * p[7];
        T x01 = half * p[0], y01 = -(half * p[1]), x02 = half * p[3], y02 = -(half * p[4]), x12 = half * p[5], y12 = -(half * p[6]);
        T d0 = T.Fma(half, p[2], T.Of(-0.5) * d2), d1 = T.Fnma(half, p[2], T.Of(-0.5) * d2);

        // Q², with d0 + d1 = −d2 and so on.
        T n01 = T.Fma(x01, x01, y01 * y01), n02 = T.Fma(x02, x02, y02 * y02), n12 = T.Fma(x12, x12, y12 * y12);
        T z0 = T.Fma(d0, d0, n01 + n02), z1 = T.Fma(d1, d1, n01 + n12), z2 = T.Fma(d2, d2, n02 + n12);
        T u01 = T.Fnma(d2, x01, T.Fma(x02, x12, y02 * y12)), v01 = T.Fnma(d2, y01, T.Fnma(x02, y12, y02 * x12));
        T u02 = T.Fnma(d1, x02, T.Fnma(y01, y12, x01 * x12)), v02 = T.Fnma(d1, y02, T.Fma(x01, y12, y01 * x12));
        T u12 = T.Fnma(d0, x12, T.Fma(x01, x02, y01 * y02)), v12 = T.Fnma(d0, y12, T.Fnma(y01, x02, x01 * y02));

        // det Q = d2 (Q²)-minors: d0 d1 d2 + 2 Re(a01 a12 a02*) − d0 |a12|² − d1 |a02|² − d2 |a01|².
        T triple = T.Fma(x02, T.Fnma(y01, y12, x01 * x12), y02 * T.Fma(x01, y12, y01 * x12));
        T c0 = T.Fma(d2, T.Fma(d0, d1, -n01), T.Fnma(d0, n12, T.Fnma(d1, n02, triple + triple)));
        Series3<T>.Coefficients(c0, c1, out var f0Re, out var f0Im, out var f1Re, out var f1Im, out var f2Re, out var f2Im);
        Diagonal(f0Re, f0Im, f1Re, f1Im, f2Re, f2Im, d0, z0, e);
        Diagonal(f0Re, f0Im, f1Re, f1Im, f2Re, f2Im, d1, z1, e + 8);
        Diagonal(f0Re, f0Im, f1Re, f1Im, f2Re, f2Im, d2, z2, e + 16);
        Pair(f1Re, f1Im, f2Re, f2Im, x01, y01, u01, v01, e + 2, e + 6);
        Pair(f1Re, f1Im, f2Re, f2Im, x02, y02, u02, v02, e + 4, e + 12);
        Pair(f1Re, f1Im, f2Re, f2Im, x12, y12, u12, v12, e + 10, e + 14);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Diagonal(T f0Re, T f0Im, T f1Re, T f1Im, T f2Re, T f2Im, T d, T z, T* e)
    {
        e[0] = T.Fma(f2Re, z, T.Fma(f1Re, d, f0Re));
        e[1] = T.Fma(f2Im, z, T.Fma(f1Im, d, f0Im));
    }

    // f1 (x + i y) + f2 (u + i v), and the same of the conjugates below the diagonal.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(T f1Re, T f1Im, T f2Re, T f2Im, T x, T y, T u, T v, T* above, T* below)
    {
        T re = T.Fma(f2Re, u, f1Re * x), im = T.Fma(f2Im, u, f1Im * x);
        T turnedRe = T.Fma(f2Im, v, f1Im * y), turnedIm = T.Fma(f2Re, v, f1Re * y);
        above[0] = re - turnedRe;
        above[1] = im + turnedIm;
        below[0] = re + turnedRe;
        below[1] = im - turnedIm;
    }
}

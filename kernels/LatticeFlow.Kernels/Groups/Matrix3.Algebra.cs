using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

public readonly unsafe partial struct Matrix3<T>
{
    private const double InverseRootThree = 0.57735026918962576451;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddAlgebra(in Reals<T> algebra, int link, T scale, in Matrix3<T> w)
    {
        T* p = (T*)algebra.From(link * Generators).Host, m = w.at;
        T half = T.Of(0.5) * scale;
        p[0] = T.Fma(half, m[3] + m[7], p[0]);
        p[1] = T.Fma(half, m[2] - m[6], p[1]);
        p[2] = T.Fma(half, m[1] - m[9], p[2]);
        p[3] = T.Fma(half, m[5] + m[13], p[3]);
        p[4] = T.Fma(half, m[4] - m[12], p[4]);
        p[5] = T.Fma(half, m[11] + m[15], p[5]);
        p[6] = T.Fma(half, m[10] - m[14], p[6]);
        p[7] = T.Fma(half * T.Of(InverseRootThree), m[1] + m[9] - m[17] - m[17], p[7]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddAlgebraReal(in Reals<T> algebra, int link, T scale, in Matrix3<T> w)
    {
        T* p = (T*)algebra.From(link * Generators).Host, m = w.at;
        T half = T.Of(0.5) * scale;
        p[0] = T.Fma(half, m[2] + m[6], p[0]);
        p[1] = T.Fma(half, m[7] - m[3], p[1]);
        p[2] = T.Fma(half, m[0] - m[8], p[2]);
        p[3] = T.Fma(half, m[4] + m[12], p[3]);
        p[4] = T.Fma(half, m[13] - m[5], p[4]);
        p[5] = T.Fma(half, m[10] + m[14], p[5]);
        p[6] = T.Fma(half, m[15] - m[11], p[6]);
        p[7] = T.Fma(half * T.Of(InverseRootThree), m[0] + m[8] - m[16] - m[16], p[7]);
    }

    public static void FromAlgebra(in Reals<T> algebra, int link, T scale, ref Matrix3<T> c)
    {
        T* p = (T*)algebra.From(link * Generators).Host, m = c.at;
        T half = T.Of(0.5) * scale, third = half * T.Of(InverseRootThree) * p[7];
        m[0] = m[8] = m[16] = T.Of(0);
        m[1] = T.Fma(half, p[2], third);
        m[9] = T.Fnma(half, p[2], third);
        m[17] = T.Of(-2) * third;
        m[3] = m[7] = half * p[0];
        m[2] = half * p[1];
        m[6] = -m[2];
        m[5] = m[13] = half * p[3];
        m[4] = half * p[4];
        m[12] = -m[4];
        m[11] = m[15] = half * p[5];
        m[10] = half * p[6];
        m[14] = -m[10];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Exponential(in Reals<T> algebra, int link, T scale, in Reals<T> work, int slot, ref Matrix3<T> e) =>
        Exponential3<Matrix3<T>, T>.Write(algebra, link, scale, work, slot, ref e);

    [MethodImpl(Inline)]
    static void IEntries3<Matrix3<T>, T>.Set(ref Matrix3<T> link, int row, int column, T re, T im)
    {
        T* entry = link.at + (2 * ((3 * row) + column));
        entry[0] = re;
        entry[1] = im;
    }

    public static void ProjectToAlgebra(in Matrix3<T> w, ref Matrix3<T> c)
    {
        T half = T.Of(0.5);
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                int below = 2 * ((3 * row) + column), above = 2 * ((3 * column) + row);
                T re = half * (w.at[below] - w.at[above]), im = half * (w.at[below + 1] + w.at[above + 1]);
                c.at[below] = re;
                c.at[above] = -re;
                c.at[below + 1] = c.at[above + 1] = im;
            }
        }

        T mean = T.Of(1.0 / 3) * (c.at[1] + c.at[9] + c.at[17]);
        for (int i = 0; i < Values; i += 8)
        {
            c.at[i] = T.Of(0);
            c.at[i + 1] -= mean;
        }
    }
}

using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Groups;

public readonly unsafe partial struct Matrix3<T>
{
    /// <inheritdoc/>
    public static int HaarBlocks => 6;

    /// <inheritdoc/>
    public static void Haar<TRandom>(in TRandom random, ref Matrix3<T> u)
        where TRandom : struct, IRandomReals<T>
    {
        for (int k = 0; k < HaarBlocks; k++)
        {
            random.Gaussians(k, out var re, out var im);
            u.at[2 * k] = re;
            u.at[(2 * k) + 1] = im;
        }

        Reunitarise(ref u);
    }

    /// <inheritdoc/>
    public static void Reunitarise(ref Matrix3<T> u)
    {
        T* a = u.at, b = a + 6, c = a + 12;
        Normalise(a);
        T re = T.Of(0), im = T.Of(0);
        for (int i = 0; i < 6; i += 2)
        {
            // a* · b
            re = T.Fma(a[i + 1], b[i + 1], T.Fma(a[i], b[i], re));
            im = T.Fnma(a[i + 1], b[i], T.Fma(a[i], b[i + 1], im));
        }

        for (int i = 0; i < 6; i += 2)
        {
            T x = a[i], y = a[i + 1];
            b[i] = T.Fma(im, y, T.Fnma(re, x, b[i]));
            b[i + 1] = T.Fnma(im, x, T.Fnma(re, y, b[i + 1]));
        }

        Normalise(b);
        Cross(a, b, 2, 4, c);
        Cross(a, b, 4, 0, c + 2);
        Cross(a, b, 0, 2, c + 4);
    }

    /// <inheritdoc/>
    public static void Subgroup(in Matrix3<T> w, int k, out T a0, out T a1, out T a2, out T a3)
    {
        T* m = w.at;
        int i = First(k), j = Second(k), ii = 8 * i, jj = 8 * j, ij = (6 * i) + (2 * j), ji = (6 * j) + (2 * i);
        T half = T.Of(0.5);
        a0 = half * (m[ii] + m[jj]);
        a1 = half * (m[ij + 1] + m[ji + 1]);
        a2 = half * (m[ij] - m[ji]);
        a3 = half * (m[ii + 1] - m[jj + 1]);
    }

    /// <inheritdoc/>
    public static void MultiplySubgroup(int k, T g0, T g1, T g2, T g3, ref Matrix3<T> u)
    {
        T* p = u.at + (6 * First(k)), q = u.at + (6 * Second(k));
        for (int i = 0; i < 6; i += 2)
        {
            // (g0 + i g3, g2 + i g1; −g2 + i g1, g0 − i g3) times the two rows.
            T x = p[i], y = p[i + 1], v = q[i], w = q[i + 1];
            p[i] = T.Fnma(g1, w, T.Fma(g2, v, T.Fnma(g3, y, g0 * x)));
            p[i + 1] = T.Fma(g1, v, T.Fma(g2, w, T.Fma(g3, x, g0 * y)));
            q[i] = T.Fma(g3, w, T.Fnma(g1, y, T.Fnma(g2, x, g0 * v)));
            q[i + 1] = T.Fnma(g3, v, T.Fma(g1, x, T.Fnma(g2, y, g0 * w)));
        }
    }

    private static int First(int k) => k == 2 ? 1 : 0;

    private static int Second(int k) => k == 0 ? 1 : 2;

    private static void Normalise(T* row)
    {
        T square = row[0] * row[0];
        for (int i = 1; i < 6; i++) square = T.Fma(row[i], row[i], square);
        T factor = T.Of(1) / T.Sqrt(square);
        for (int i = 0; i < 6; i++) row[i] *= factor;
    }

    // c = (a_i b_j − a_j b_i)*
    private static void Cross(T* a, T* b, int i, int j, T* c)
    {
        c[0] = T.Fma(a[j + 1], b[i + 1], T.Fnma(a[j], b[i], T.Fnma(a[i + 1], b[j + 1], a[i] * b[j])));
        c[1] = T.Fma(a[j + 1], b[i], T.Fma(a[j], b[i + 1], -T.Fma(a[i], b[j + 1], a[i + 1] * b[j])));
    }
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>Three complex numbers in registers: a row of a 3×3 matrix.</summary>
internal struct Row3<T>
    where T : unmanaged, IReal<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Real and imaginary parts.</summary>
    public T X0, Y0, X1, Y1, X2, Y2;

    /// <summary>Six elements of a field from <paramref name="e"/> on.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> Load(in Reals<T> field, int e) => new()
    {
        X0 = T.Load(field, e),
        Y0 = T.Load(field, e + 1),
        X1 = T.Load(field, e + 2),
        Y1 = T.Load(field, e + 3),
        X2 = T.Load(field, e + 4),
        Y2 = T.Load(field, e + 5),
    };

    /// <summary>Six elements of a field as other lanes hold them.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> LoadShifted(in Reals<T> field, int e, in Table permutations, int shift) => new()
    {
        X0 = T.LoadShifted(field, e, permutations, shift),
        Y0 = T.LoadShifted(field, e + 1, permutations, shift),
        X1 = T.LoadShifted(field, e + 2, permutations, shift),
        Y1 = T.LoadShifted(field, e + 3, permutations, shift),
        X2 = T.LoadShifted(field, e + 4, permutations, shift),
        Y2 = T.LoadShifted(field, e + 5, permutations, shift),
    };

    /// <summary>Writes six elements of a field.</summary>
    [MethodImpl(Inline)]
    public readonly void Store(in Reals<T> field, int e)
    {
        T.Store(field, e, X0);
        T.Store(field, e + 1, Y0);
        T.Store(field, e + 2, X1);
        T.Store(field, e + 3, Y1);
        T.Store(field, e + 4, X2);
        T.Store(field, e + 5, Y2);
    }

    /// <summary>sum + (re + i im) row.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> Add(T re, T im, in Row3<T> row, in Row3<T> sum) => new()
    {
        X0 = T.Fnma(im, row.Y0, T.Fma(re, row.X0, sum.X0)),
        Y0 = T.Fma(im, row.X0, T.Fma(re, row.Y0, sum.Y0)),
        X1 = T.Fnma(im, row.Y1, T.Fma(re, row.X1, sum.X1)),
        Y1 = T.Fma(im, row.X1, T.Fma(re, row.Y1, sum.Y1)),
        X2 = T.Fnma(im, row.Y2, T.Fma(re, row.X2, sum.X2)),
        Y2 = T.Fma(im, row.X2, T.Fma(re, row.Y2, sum.Y2)),
    };

    /// <summary>(re + i im) row.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> Times(T re, T im, in Row3<T> row) => new()
    {
        X0 = T.Fnma(im, row.Y0, re * row.X0),
        Y0 = T.Fma(im, row.X0, re * row.Y0),
        X1 = T.Fnma(im, row.Y1, re * row.X1),
        Y1 = T.Fma(im, row.X1, re * row.Y1),
        X2 = T.Fnma(im, row.Y2, re * row.X2),
        Y2 = T.Fma(im, row.X2, re * row.Y2),
    };

    /// <summary>a b of a row a and a matrix b of three rows, added to a sum.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> AddProduct(in Row3<T> a, in Row3<T> b0, in Row3<T> b1, in Row3<T> b2, in Row3<T> sum) =>
        Add(a.X2, a.Y2, b2, Add(a.X1, a.Y1, b1, Add(a.X0, a.Y0, b0, sum)));

    /// <summary>a b of a row a and a matrix b of three rows.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> Product(in Row3<T> a, in Row3<T> b0, in Row3<T> b1, in Row3<T> b2) =>
        Add(a.X2, a.Y2, b2, Add(a.X1, a.Y1, b1, Times(a.X0, a.Y0, b0)));

    /// <summary>Re Σ a_i b_i*, added to a sum.</summary>
    [MethodImpl(Inline)]
    public static T DotRe(in Row3<T> a, in Row3<T> b, T sum) =>
        T.Fma(a.Y2, b.Y2, T.Fma(a.X2, b.X2, T.Fma(a.Y1, b.Y1, T.Fma(a.X1, b.X1, T.Fma(a.Y0, b.Y0, T.Fma(a.X0, b.X0, sum))))));

    /// <summary>Im Σ a_i b_i*, added to a sum.</summary>
    [MethodImpl(Inline)]
    public static T DotIm(in Row3<T> a, in Row3<T> b, T sum) =>
        T.Fnma(a.X2, b.Y2, T.Fma(a.Y2, b.X2, T.Fnma(a.X1, b.Y1, T.Fma(a.Y1, b.X1, T.Fnma(a.X0, b.Y0, T.Fma(a.Y0, b.X0, sum))))));

    /// <summary>a b† of a row a and a matrix b of three rows, added to a sum.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> AddProductAdjoint(in Row3<T> a, in Row3<T> b0, in Row3<T> b1, in Row3<T> b2, in Row3<T> sum) => new()
    {
        X0 = DotRe(a, b0, sum.X0),
        Y0 = DotIm(a, b0, sum.Y0),
        X1 = DotRe(a, b1, sum.X1),
        Y1 = DotIm(a, b1, sum.Y1),
        X2 = DotRe(a, b2, sum.X2),
        Y2 = DotIm(a, b2, sum.Y2),
    };

    /// <summary>sum + s row.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> AddScaled(T s, in Row3<T> row, in Row3<T> sum) => new()
    {
        X0 = T.Fma(s, row.X0, sum.X0),
        Y0 = T.Fma(s, row.Y0, sum.Y0),
        X1 = T.Fma(s, row.X1, sum.X1),
        Y1 = T.Fma(s, row.Y1, sum.Y1),
        X2 = T.Fma(s, row.X2, sum.X2),
        Y2 = T.Fma(s, row.Y2, sum.Y2),
    };

    /// <summary>sum + (re + i im) in one place.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> Plus(int place, T re, T im, in Row3<T> sum) => new()
    {
        X0 = place == 0 ? sum.X0 + re : sum.X0,
        Y0 = place == 0 ? sum.Y0 + im : sum.Y0,
        X1 = place == 1 ? sum.X1 + re : sum.X1,
        Y1 = place == 1 ? sum.Y1 + im : sum.Y1,
        X2 = place == 2 ? sum.X2 + re : sum.X2,
        Y2 = place == 2 ? sum.Y2 + im : sum.Y2,
    };

    /// <summary>s row.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> Scaled(T s, in Row3<T> row) => new()
    {
        X0 = s * row.X0,
        Y0 = s * row.Y0,
        X1 = s * row.X1,
        Y1 = s * row.Y1,
        X2 = s * row.X2,
        Y2 = s * row.Y2,
    };

    /// <summary>row / |row|.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> Normalised(in Row3<T> row) => Scaled(T.Of(1) / T.Sqrt(DotRe(row, row, T.Of(0))), row);

    /// <summary>(a × b)*.</summary>
    [MethodImpl(Inline)]
    public static Row3<T> Cross(in Row3<T> a, in Row3<T> b) => new()
    {
        X0 = MinorRe(a.X1, a.Y1, b.X2, b.Y2, a.X2, a.Y2, b.X1, b.Y1),
        Y0 = MinorIm(a.X1, a.Y1, b.X2, b.Y2, a.X2, a.Y2, b.X1, b.Y1),
        X1 = MinorRe(a.X2, a.Y2, b.X0, b.Y0, a.X0, a.Y0, b.X2, b.Y2),
        Y1 = MinorIm(a.X2, a.Y2, b.X0, b.Y0, a.X0, a.Y0, b.X2, b.Y2),
        X2 = MinorRe(a.X0, a.Y0, b.X1, b.Y1, a.X1, a.Y1, b.X0, b.Y0),
        Y2 = MinorIm(a.X0, a.Y0, b.X1, b.Y1, a.X1, a.Y1, b.X0, b.Y0),
    };

    // Re (p q − r s)*
    private static T MinorRe(T px, T py, T qx, T qy, T rx, T ry, T sx, T sy) => T.Fma(ry, sy, T.Fnma(rx, sx, T.Fnma(py, qy, px * qx)));

    // Im (p q − r s)*
    private static T MinorIm(T px, T py, T qx, T qy, T rx, T ry, T sx, T sy) => T.Fma(ry, sx, T.Fma(rx, sy, -T.Fma(py, qx, px * qy)));
}

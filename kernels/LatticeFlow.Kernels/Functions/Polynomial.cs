using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Functions;

/// <summary>Horner's rule on lanes: c0 + c1·x + c2·x² + …. Written out for each length, since a kernel has no arrays.</summary>
internal static class Polynomial
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static T At<T>(T x, double c0, double c1, double c2)
        where T : unmanaged, IReal<T>
    {
        var sum = T.Fma(T.Of(c2), x, T.Of(c1));
        return T.Fma(sum, x, T.Of(c0));
    }

    [MethodImpl(Inline)]
    public static T At<T>(T x, double c0, double c1, double c2, double c3)
        where T : unmanaged, IReal<T>
    {
        var sum = T.Fma(T.Of(c3), x, T.Of(c2));
        sum = T.Fma(sum, x, T.Of(c1));
        return T.Fma(sum, x, T.Of(c0));
    }

    [MethodImpl(Inline)]
    public static T At<T>(T x, double c0, double c1, double c2, double c3, double c4)
        where T : unmanaged, IReal<T>
    {
        var sum = T.Fma(T.Of(c4), x, T.Of(c3));
        sum = T.Fma(sum, x, T.Of(c2));
        sum = T.Fma(sum, x, T.Of(c1));
        return T.Fma(sum, x, T.Of(c0));
    }

    [MethodImpl(Inline)]
    public static T At<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5)
        where T : unmanaged, IReal<T>
    {
        var sum = T.Fma(T.Of(c5), x, T.Of(c4));
        sum = T.Fma(sum, x, T.Of(c3));
        sum = T.Fma(sum, x, T.Of(c2));
        sum = T.Fma(sum, x, T.Of(c1));
        return T.Fma(sum, x, T.Of(c0));
    }

    [MethodImpl(Inline)]
    public static T At<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8)
        where T : unmanaged, IReal<T>
    {
        var sum = T.Fma(T.Of(c8), x, T.Of(c7));
        sum = T.Fma(sum, x, T.Of(c6));
        sum = T.Fma(sum, x, T.Of(c5));
        sum = T.Fma(sum, x, T.Of(c4));
        sum = T.Fma(sum, x, T.Of(c3));
        sum = T.Fma(sum, x, T.Of(c2));
        sum = T.Fma(sum, x, T.Of(c1));
        return T.Fma(sum, x, T.Of(c0));
    }

    [MethodImpl(Inline)]
    public static T At<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9)
        where T : unmanaged, IReal<T>
    {
        var sum = T.Fma(T.Of(c9), x, T.Of(c8));
        sum = T.Fma(sum, x, T.Of(c7));
        sum = T.Fma(sum, x, T.Of(c6));
        sum = T.Fma(sum, x, T.Of(c5));
        sum = T.Fma(sum, x, T.Of(c4));
        sum = T.Fma(sum, x, T.Of(c3));
        sum = T.Fma(sum, x, T.Of(c2));
        sum = T.Fma(sum, x, T.Of(c1));
        return T.Fma(sum, x, T.Of(c0));
    }

    [MethodImpl(Inline)]
    public static T At<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9, double c10)
        where T : unmanaged, IReal<T>
    {
        var sum = T.Fma(T.Of(c10), x, T.Of(c9));
        sum = T.Fma(sum, x, T.Of(c8));
        sum = T.Fma(sum, x, T.Of(c7));
        sum = T.Fma(sum, x, T.Of(c6));
        sum = T.Fma(sum, x, T.Of(c5));
        sum = T.Fma(sum, x, T.Of(c4));
        sum = T.Fma(sum, x, T.Of(c3));
        sum = T.Fma(sum, x, T.Of(c2));
        sum = T.Fma(sum, x, T.Of(c1));
        return T.Fma(sum, x, T.Of(c0));
    }

    [MethodImpl(Inline)]
    public static T At<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9, double c10, double c11, double c12)
        where T : unmanaged, IReal<T>
    {
        var sum = T.Fma(T.Of(c12), x, T.Of(c11));
        sum = T.Fma(sum, x, T.Of(c10));
        sum = T.Fma(sum, x, T.Of(c9));
        sum = T.Fma(sum, x, T.Of(c8));
        sum = T.Fma(sum, x, T.Of(c7));
        sum = T.Fma(sum, x, T.Of(c6));
        sum = T.Fma(sum, x, T.Of(c5));
        sum = T.Fma(sum, x, T.Of(c4));
        sum = T.Fma(sum, x, T.Of(c3));
        sum = T.Fma(sum, x, T.Of(c2));
        sum = T.Fma(sum, x, T.Of(c1));
        return T.Fma(sum, x, T.Of(c0));
    }
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Groups;

/// <summary>Products of quaternions in memory, (a0 + i a·σ)(b0 + i b·σ) = a0 b0 − a·b + i (a0 b + b0 a − a×b)·σ: methods that are called, each with all its numbers in registers.</summary>
internal static unsafe class QuaternionProducts<T>
    where T : unmanaged, IReal<T>
{
    private const MethodImplOptions Call = MethodImplOptions.NoInlining;

    /// <summary>c = [c +] a b.</summary>
    [MethodImpl(Call)]
    public static void Multiply(T* a, T* b, T* c, bool add)
    {
        T a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
        T c0 = T.Of(0), c1 = c0, c2 = c0, c3 = c0;
        if (add) (c0, c1, c2, c3) = (c[0], c[1], c[2], c[3]);
        c0 = T.Fma(a0, b0, c0);
        c1 = T.Fma(a0, b1, c1);
        c2 = T.Fma(a0, b2, c2);
        c3 = T.Fma(a0, b3, c3);
        c0 = T.Fnma(a1, b1, c0);
        c1 = T.Fma(a1, b0, c1);
        c2 = T.Fma(a1, b3, c2);
        c3 = T.Fnma(a1, b2, c3);
        c0 = T.Fnma(a2, b2, c0);
        c1 = T.Fnma(a2, b3, c1);
        c2 = T.Fma(a2, b0, c2);
        c3 = T.Fma(a2, b1, c3);
        c[0] = T.Fnma(a3, b3, c0);
        c[1] = T.Fma(a3, b2, c1);
        c[2] = T.Fnma(a3, b1, c2);
        c[3] = T.Fma(a3, b0, c3);
    }

    /// <summary>c = [c +] a b†.</summary>
    [MethodImpl(Call)]
    public static void MultiplyAdjoint(T* a, T* b, T* c, bool add)
    {
        T a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
        T c0 = T.Of(0), c1 = c0, c2 = c0, c3 = c0;
        if (add) (c0, c1, c2, c3) = (c[0], c[1], c[2], c[3]);
        c0 = T.Fma(a0, b0, c0);
        c1 = T.Fnma(a0, b1, c1);
        c2 = T.Fnma(a0, b2, c2);
        c3 = T.Fnma(a0, b3, c3);
        c0 = T.Fma(a1, b1, c0);
        c1 = T.Fma(a1, b0, c1);
        c2 = T.Fnma(a1, b3, c2);
        c3 = T.Fma(a1, b2, c3);
        c0 = T.Fma(a2, b2, c0);
        c1 = T.Fma(a2, b3, c1);
        c2 = T.Fma(a2, b0, c2);
        c3 = T.Fnma(a2, b1, c3);
        c[0] = T.Fma(a3, b3, c0);
        c[1] = T.Fnma(a3, b2, c1);
        c[2] = T.Fma(a3, b1, c2);
        c[3] = T.Fma(a3, b0, c3);
    }

    /// <summary>c = [c +] a† b.</summary>
    [MethodImpl(Call)]
    public static void AdjointMultiply(T* a, T* b, T* c, bool add)
    {
        T a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
        T c0 = T.Of(0), c1 = c0, c2 = c0, c3 = c0;
        if (add) (c0, c1, c2, c3) = (c[0], c[1], c[2], c[3]);
        c0 = T.Fma(a0, b0, c0);
        c1 = T.Fma(a0, b1, c1);
        c2 = T.Fma(a0, b2, c2);
        c3 = T.Fma(a0, b3, c3);
        c0 = T.Fma(a1, b1, c0);
        c1 = T.Fnma(a1, b0, c1);
        c2 = T.Fnma(a1, b3, c2);
        c3 = T.Fma(a1, b2, c3);
        c0 = T.Fma(a2, b2, c0);
        c1 = T.Fma(a2, b3, c1);
        c2 = T.Fnma(a2, b0, c2);
        c3 = T.Fnma(a2, b1, c3);
        c[0] = T.Fma(a3, b3, c0);
        c[1] = T.Fnma(a3, b2, c1);
        c[2] = T.Fma(a3, b1, c2);
        c[3] = T.Fnma(a3, b0, c3);
    }
}

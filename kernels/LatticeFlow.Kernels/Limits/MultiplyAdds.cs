using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Limits;

/// <summary>Nothing but fused multiply-adds in registers: twelve independent chains of <see cref="Length"/>. An item is one such set.</summary>
/// <remarks>
/// Floor: 2 · 12 · length flop an item. Twelve, because eight hide the latency of four cycles on two pipes and fourteen values fit the
/// sixteen registers of AVX2.
/// </remarks>
public struct MultiplyAdds<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>Chains of an item.</summary>
    public const int Chains = 12;

    /// <summary>Two numbers are read, one is written.</summary>
    public Reals<T> Field;

    /// <summary>Multiply-adds of a chain.</summary>
    public int Length;

    /// <inheritdoc/>
    public void Bind(in Place place) => Field = Field.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T x = T.Load(Field, 0), y = T.Load(Field, 1);
        T a = x, b = y, c = x, d = y, e = x, f = y, g = x, h = y, i = x, j = y, k = x, l = y;
        for (int n = 0; n < Length; n++)
        {
            a = T.Fma(a, x, y);
            b = T.Fma(b, x, y);
            c = T.Fma(c, x, y);
            d = T.Fma(d, x, y);
            e = T.Fma(e, x, y);
            f = T.Fma(f, x, y);
            g = T.Fma(g, x, y);
            h = T.Fma(h, x, y);
            i = T.Fma(i, x, y);
            j = T.Fma(j, x, y);
            k = T.Fma(k, x, y);
            l = T.Fma(l, x, y);
        }

        T.Store(Field, 2 + item, a + b + c + d + e + f + g + h + i + j + k + l);
    }
}

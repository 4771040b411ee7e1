using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>Total[Element + item] = Scale · Σ_c Parts[c·Stride + item] over the chunks c, in increasing order. One item a component.</summary>
public struct AddChunks<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>Partial sums, <c>[chunk][component]</c>.</summary>
    public Sums Parts;

    /// <summary>Where the totals go.</summary>
    public Sums Total;

    /// <summary>Chunks of a component.</summary>
    public int Chunks;

    /// <summary>Components of a chunk.</summary>
    public int Stride;

    /// <summary>The element of the total that component 0 goes to.</summary>
    public int Element;

    /// <summary>The factor on every total.</summary>
    public double Scale;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Parts = Parts.At<T>(place);
        Total = Total.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item) => T.SumTo(Total, Element + item, Parts, item, Stride, Chunks, Scale);
}

using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>Adds s Σ_i x_i to a double sum of the replica, in the order of i. One item.</summary>
public struct DensitySum<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly int count;
    private readonly double sign;
    private readonly int element;
    private Reals<T> terms;
    private Sums total;

    /// <summary>The kernel; adds <paramref name="sign"/> times the first <paramref name="count"/> terms to element <paramref name="element"/>.</summary>
    public DensitySum(Reals<T> terms, Sums total, int element, int count, double sign)
    {
        this.terms = terms;
        this.total = total;
        this.element = element;
        this.count = count;
        this.sign = sign;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        terms = terms.At(place);
        total = total.At<T>(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T factor = T.Of(sign);
        for (int i = 0; i < count; i++) T.AddTo(total, element, factor * T.Load(terms, i));
    }
}

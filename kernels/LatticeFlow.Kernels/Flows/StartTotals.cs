using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>log q = 0, S = 0. One item.</summary>
public struct StartTotals<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private Sums totals;

    /// <summary>The kernel of these <see cref="FlowTotals"/>.</summary>
    public StartTotals(Sums totals) => this.totals = totals;

    /// <inheritdoc/>
    public void Bind(in Place place) => totals = totals.At<T>(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T.StoreTo(totals, FlowTotals.LogDensity, T.Of(0));
        T.StoreTo(totals, FlowTotals.Action, T.Of(0));
    }
}

using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>
/// Total[Element + item] = Σ_l Lanes[item] of lane l, in increasing order, the same in every lane: sums over a lattice whose sub-lattices are the lanes.
/// </summary>
public struct AddLanes<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>The sums of each lane; not the field of the totals.</summary>
    public Sums Lanes;

    /// <summary>Where the totals go.</summary>
    public Sums Total;

    /// <summary>The element of the total that item 0 goes to.</summary>
    public int Element;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Lanes = Lanes.At<T>(place);
        Total = Total.At<T>(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T sum = T.Of(0);
        for (int lane = 0; lane < T.Width; lane++) sum += T.LoadLane(Lanes, item, lane);
        T.StoreTo(Total, Element + item, sum);
    }
}

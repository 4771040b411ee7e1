using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>
/// Total[Element + t] = Σ_l Lanes[t mod Slices] of the lanes l that slice t of the whole lattice runs through, in increasing order, the same in every lane: what <see cref="AddLanes{T}"/> is for sums
/// over the lattice. One item a slice of the whole lattice.
/// </summary>
public struct AddSliceLanes<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>The sums of the slices of each lane; not the field of the totals.</summary>
    public Sums Lanes;

    /// <summary>Where the totals go.</summary>
    public Sums Total;

    /// <summary>The element of the total that slice 0 goes to.</summary>
    public int Element;

    /// <summary>Slices of a lane.</summary>
    public int Slices;

    /// <summary>Lanes that a slice runs through: they follow one another, as direction 0 counts slowest.</summary>
    public int LanesOfSlice;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Lanes = Lanes.At<T>(place);
        Total = Total.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int block = item / Slices;
        int slice = item - (block * Slices);
        int first = block * LanesOfSlice;
        T sum = T.Of(0);
        for (int lane = first; lane < first + LanesOfSlice; lane++) sum += T.LoadLane(Lanes, slice, lane);
        T.StoreTo(Total, Element + item, sum);
    }
}

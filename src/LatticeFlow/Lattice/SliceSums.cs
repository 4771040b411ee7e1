using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Lattice;

/// <summary>
/// Sums over the slices x_0 = t of the lattice of each replica, from partial sums of chunks of a slice: over the chunks, and where lanes are sub-lattices over those that the slice runs through. Every lane
/// of a replica has all totals. The order of additions is fixed.
/// </summary>
public sealed class SliceSums<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly LatticeLayout layout;
    private readonly SumField parts;
    private readonly SumField? lanes;

    /// <summary>For one number a slice.</summary>
    public SliceSums(ComputeDevice device, LatticeLayout layout)
    {
        this.layout = layout;
        parts = device.NewSums<T>(layout.Shape, Items);
        if (layout.IsSplit) lanes = device.NewSums<T>(layout.Shape, SlicesOfLane);
    }

    /// <summary>Where kernels write the partial sums, <c>[chunk][slice of a lane]</c>.</summary>
    public SumField Parts => parts;

    /// <summary>Slices of a lane.</summary>
    public int SlicesOfLane => layout.OfLane.Extents[0];

    /// <summary>Sites of a slice of a lane.</summary>
    public int SitesOfSlice => layout.OfLane.Volume / SlicesOfLane;

    /// <summary>Partial sums.</summary>
    public int Items => Chunk.Count(SitesOfSlice) * SlicesOfLane;

    /// <summary>Appends: total[element + t] = the sum over slice t, t = 0 … L_0 − 1.</summary>
    public void AddTotal(KernelProgram program, SumField total, int element = 0)
    {
        program.Add(
            new AddChunks<T>
            {
                Parts = parts.View,
                Total = (lanes ?? total).View,
                Chunks = Chunk.Count(SitesOfSlice),
                Stride = SlicesOfLane,
                Element = lanes is null ? element : 0,
                Scale = 1,
            },
            SlicesOfLane);
        if (lanes is null) return;
        int slices = layout.Lattice.Extents[0];
        program.Add(
            new AddSliceLanes<T> { Lanes = lanes.View, Total = total.View, Element = element, Slices = SlicesOfLane, LanesOfSlice = layout.Lanes * SlicesOfLane / slices },
            slices);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        parts.Dispose();
        lanes?.Dispose();
    }
}

using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Lattice;

/// <summary>
/// Sums over the lattice of each replica, from partial sums of chunks: over the chunks, and where lanes are sub-lattices over these. Every lane of a replica has the
/// total. The order of additions is fixed.
/// </summary>
public sealed class LatticeSums<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly LatticeLayout layout;
    private readonly SumField parts;
    private readonly SumField? lanes;
    private readonly int components;

    /// <summary>For up to <paramref name="elements"/> elements of a lane, summed in chunks to <paramref name="components"/> numbers each.</summary>
    public LatticeSums(ComputeDevice device, LatticeLayout layout, int elements, int components = 1)
    {
        this.layout = layout;
        this.components = components;
        parts = device.NewSums<T>(layout.Shape, components * Chunk.Count(elements));
        if (layout.IsSplit) lanes = device.NewSums<T>(layout.Shape, components);
    }

    /// <summary>Where kernels write the partial sums, <c>[chunk][component]</c>.</summary>
    public SumField Parts => parts;

    /// <summary>Appends: total[element + c] = scale · sum over the lattice of component c, for the chunks of <paramref name="elements"/> elements of a lane.</summary>
    public void AddTotal(KernelProgram program, int elements, SumField total, int element = 0, double scale = 1)
    {
        program.Add(
            new AddChunks<T>
            {
                Parts = parts.View,
                Total = (lanes ?? total).View,
                Chunks = Chunk.Count(elements),
                Stride = components,
                Element = lanes is null ? element : 0,
                Scale = scale,
            },
            components);
        if (lanes is not null) program.Add(new AddLanes<T> { Lanes = lanes.View, Total = total.View, Element = element }, components);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        parts.Dispose();
        lanes?.Dispose();
    }
}

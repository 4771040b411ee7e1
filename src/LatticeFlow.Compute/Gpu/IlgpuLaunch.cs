using ILGPU;
using ILGPU.Runtime;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Compute.Gpu;

/// <summary>One compiled step of a program with its operands.</summary>
internal abstract class IlgpuLaunch
{
    /// <summary>Threads of one launch: their numbers are 32-bit integers, and drivers round them up to whole groups.</summary>
    public const int MostThreads = 1 << 30;

    /// <summary>Queues the step for all tiles.</summary>
    public abstract void Queue(AcceleratorStream stream);
}

/// <inheritdoc/>
internal sealed class IlgpuLaunch<TKernel> : IlgpuLaunch
    where TKernel : struct, IKernel
{
    private readonly Action<AcceleratorStream, Index1D, int, int, TKernel> start;
    private readonly TKernel kernel;
    private readonly int items;
    private readonly int tiles;
    private readonly int tilesAtOnce;

    public IlgpuLaunch(Action<AcceleratorStream, Index1D, int, int, TKernel> start, TKernel kernel, int items, int tiles, int mostThreads)
    {
        if ((long)items * Lane.DeviceWidth > mostThreads)
            throw new ArgumentException($"a launch of {items} items a tile is beyond the {mostThreads / Lane.DeviceWidth} that a GPU runs at once: use a smaller lattice.");
        this.start = start;
        this.kernel = kernel;
        this.items = items;
        this.tiles = tiles;
        tilesAtOnce = mostThreads / (items * Lane.DeviceWidth);
    }

    public override void Queue(AcceleratorStream stream)
    {
        for (int first = 0; first < tiles; first += tilesAtOnce)
        {
            int count = Math.Min(tilesAtOnce, tiles - first);
            start(stream, count * items * Lane.DeviceWidth, items, first, kernel);
        }
    }
}

using LatticeFlow.Kernels;

namespace LatticeFlow.Compute;

/// <summary>
/// A list of kernel launches over the tiles of a batch. The CPU walks it tile by tile, so that a tile stays in cache while all
/// kernels run over it; a GPU walks it kernel by kernel. Built once, run many times, without allocation.
/// </summary>
public sealed class KernelProgram
{
    private readonly List<KernelStep> steps = [];

    /// <summary>An empty program for a batch.</summary>
    public KernelProgram(BatchShape shape) => Shape = shape;

    /// <summary>The batch the program runs over.</summary>
    public BatchShape Shape { get; }

    /// <summary>The launches, in order.</summary>
    public IReadOnlyList<KernelStep> Steps => steps;

    /// <summary>Appends a launch of <paramref name="items"/> items a tile.</summary>
    public void Add<TKernel>(TKernel kernel, int items)
        where TKernel : struct, IKernel
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        if (items > 0) steps.Add(new KernelStep<TKernel>(kernel, items));
    }
}

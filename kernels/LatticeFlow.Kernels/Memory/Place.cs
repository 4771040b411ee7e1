using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Memory;

/// <summary>Which storage a buffer has: one block a tile, one a worker, one a gradient slot, or a single one for all.</summary>
public static class Scope
{
    /// <summary>One block for every tile of replicas.</summary>
    public const int Tile = 0;

    /// <summary>One block for every tile that is worked on at once: does not outlive a pass over a tile.</summary>
    public const int Scratch = 1;

    /// <summary>One block for every gradient slot: a fixed set of tiles adds into it in a fixed order.</summary>
    public const int Slot = 2;

    /// <summary>One block that all tiles read.</summary>
    public const int Shared = 3;

    /// <summary>One block for every worker thread of the CPU, for what does not outlive an item: small matrices. A device holds those in registers, and whatever else an item works in has to be a scratch field with a stretch for every item.</summary>
    public const int Work = 4;
}

/// <summary>Where a kernel works: indices into the blocks of each <see cref="Scope"/>, and the lane (0 on the CPU).</summary>
/// <param name="Tile">The tile of replicas.</param>
/// <param name="Scratch">The scratch block.</param>
/// <param name="Slot">The gradient slot.</param>
/// <param name="Lane">The lane of a device thread; 0 where a lane type spans all lanes of a tile.</param>
/// <param name="Worker">The worker thread of the CPU; 0 on a device.</param>
public readonly record struct Place(int Tile, int Scratch, int Slot, int Lane, int Worker)
{
    /// <summary>The replica of the first lane of <typeparamref name="T"/> here.</summary>
    public int FirstReplica<T>()
        where T : unmanaged, IReal<T> => Tile * T.Width + Lane;

    /// <summary>The index of the block that a buffer of this scope uses here.</summary>
    // One condition after the other, not a switch: on a device the first three are one tile, and its compiler then leaves no branch.
    public int Block(int scope)
    {
        int block = Tile;
        if (scope == Scope.Scratch) block = Scratch;
        if (scope == Scope.Slot) block = Slot;
        if (scope == Scope.Work) block = Worker;
        return scope == Scope.Shared ? 0 : block;
    }
}

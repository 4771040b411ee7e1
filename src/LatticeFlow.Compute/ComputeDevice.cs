using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Compute;

/// <summary>A device that runs kernel programs: the SIMD units of the CPU, or a GPU.</summary>
public abstract class ComputeDevice : IDisposable
{
    /// <summary>What the device is called in reports, as <c>cpu avx512 (2 threads)</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether kernels hold small matrices in registers; else in memory.</summary>
    public abstract bool HoldsLinksInRegisters { get; }

    /// <summary>Whether kernels are compiled by ILGPU.</summary>
    public virtual bool IsGpu => false;

    /// <summary>Calls back with the device's lane types.</summary>
    public abstract TResult Use<TResult>(Precision precision, ILaneUser<TResult> user);

    /// <summary>Runs a program over all its tiles and returns when its results can be read.</summary>
    public abstract void Run(KernelProgram program);

    /// <summary>How a batch is cut for lane type T; <paramref name="slotBytes"/> is the size of one gradient slot, 0 where there is none.</summary>
    public abstract BatchShape Shape<T>(int replicas, long slotBytes = 0)
        where T : unmanaged, IReal<T>;

    /// <summary>A zeroed field of <paramref name="elements"/> numbers a replica, one block a tile, worker or slot.</summary>
    public Field<T> NewField<T>(BatchShape shape, int elements, int scope = Scope.Tile)
        where T : unmanaged, IReal<T>
    {
        int blocks = Blocks(shape, scope);
        int scalar = T.IsDouble ? sizeof(double) : sizeof(float);
        int lanes = scope == Scope.Shared ? 1 : T.Width;
        CheckSize((long)blocks * elements * lanes);
        return new(Allocate((long)blocks * elements * lanes * scalar), elements, scope, blocks);
    }

    /// <summary>A shared array of numbers that kernels read with <see cref="IReal{T}.Uniform"/>.</summary>
    public Field<T> NewShared<T>(int elements)
        where T : unmanaged, IReal<T> => NewField<T>(default, elements, Scope.Shared);

    /// <summary>A zeroed double field of <paramref name="elements"/> numbers a replica, in tiles as wide as those of T.</summary>
    public SumField NewSums<T>(BatchShape shape, int elements)
        where T : unmanaged, IReal<T>
    {
        CheckSize((long)shape.Tiles * elements * T.Width);
        return new(Allocate((long)shape.Tiles * elements * T.Width * sizeof(double)), elements, shape.Tiles, T.Width);
    }

    /// <summary>Zeroed sums over lanes, one block a gradient slot, for <see cref="IReal{T}.AddLanesTo"/>.</summary>
    public SumField NewLaneSums(BatchShape shape, int elements)
    {
        CheckSize((long)shape.Slots * elements * LanesKeptApart);
        return new(Allocate((long)shape.Slots * elements * LanesKeptApart * sizeof(double)), elements, shape.Slots, LanesKeptApart, Scope.Slot);
    }

    /// <summary>A table of integers.</summary>
    public IndexTable NewTable(ReadOnlySpan<int> values)
    {
        var table = new IndexTable(Allocate(Math.Max(1L, values.Length) * sizeof(int)), values.Length);
        table.Write(values);
        return table;
    }

    /// <summary>A table of so many integers, which are made while they are written.</summary>
    public IndexTable NewTable(int length, IEnumerable<int> values)
    {
        var table = new IndexTable(Allocate(Math.Max(1L, length) * sizeof(int)), length);
        table.Fill(values);
        return table;
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Lanes of a lane sum that the device leaves to the host to add up: 1 where registers are summed at once.</summary>
    protected abstract int LanesKeptApart { get; }

    /// <summary>A zeroed block of memory.</summary>
    protected abstract DeviceMemory Allocate(long bytes);

    /// <summary>How many scratch blocks a program over the batch needs.</summary>
    protected abstract int ScratchBlocks(BatchShape shape);

    /// <summary>How many blocks for the work on single items a program needs.</summary>
    protected abstract int WorkBlocks { get; }

    private int Blocks(BatchShape shape, int scope) => scope switch
    {
        Scope.Tile => shape.Tiles,
        Scope.Scratch => ScratchBlocks(shape),
        Scope.Slot => shape.Slots,
        Scope.Work => WorkBlocks,
        _ => 1,
    };

    // Devices index with 32-bit integers.
    private static void CheckSize(long numbers)
    {
        if (numbers > int.MaxValue)
            throw new ArgumentException($"a field of {numbers} numbers is beyond the {int.MaxValue} that one field can hold: use fewer replicas or a smaller lattice.");
    }
}

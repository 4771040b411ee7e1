using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Compute.Cpu;

/// <summary>
/// The CPU, driven with one instruction set: programs are walked tile by tile, tiles are spread over threads. Where there are fewer tiles than threads, as for one large
/// lattice, threads share the items of every step instead.
/// </summary>
internal class CpuDevice<TSingle, TDouble> : ComputeDevice
    where TSingle : unmanaged, IReal<TSingle>
    where TDouble : unmanaged, IReal64<TDouble>
{
    // Enough to feed the cores of one node. Slots are cleared and summed in every step: those of a small network stay in cache together, and
    // only where that leaves too few for the cores do they take more, up to what fits in memory.
    private const int MostSlots = 64;
    private const int WantedSlots = 16;
    private const long CachedSlotMemory = 16L << 20;
    private const long SlotMemory = 1L << 30;
    private readonly WorkerPool pool;
    private readonly string instructionSet;
    private readonly SharedSteps shared = new();
    private KernelProgram? current;
    private int next;

    public CpuDevice(string instructionSet, int threads)
    {
        this.instructionSet = instructionSet;
        pool = new WorkerPool(threads > 0 ? threads : Environment.ProcessorCount, Work);
    }

    public override string Name => $"cpu {instructionSet} ({pool.Workers} thread{(pool.Workers == 1 ? string.Empty : "s")})";

    public override bool HoldsLinksInRegisters => false;

    public override TResult Use<TResult>(Precision precision, ILaneUser<TResult> user) => precision == Precision.Single
        ? user.Use<TSingle, TDouble>(this)
        : user.Use<TDouble, TDouble>(this);

    public override void Run(KernelProgram program)
    {
        current = program;
        next = 0;
        shared.Start(program, pool.Workers);
        pool.Run();
        current = null;
    }

    // The number of slots depends on the problem only, so that sums do not depend on the number of threads.
    public override BatchShape Shape<T>(int replicas, long slotBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        int tiles = (replicas + T.Width - 1) / T.Width;
        return new(replicas, tiles, slotBytes == 0 ? tiles : (int)Math.Min(tiles, Slots(slotBytes)));
    }

    public override void Dispose() => pool.Dispose();

    protected override DeviceMemory Allocate(long bytes) => new HostMemory(bytes);

    protected override int LanesKeptApart => 1;

    // Tiles that are worked on at once: one a worker, or all of them where there are fewer tiles than workers.
    protected override int ScratchBlocks(BatchShape shape) => shape.Slots == shape.Tiles && shape.Tiles > 0 ? Math.Min(shape.Tiles, pool.Workers) : pool.Workers;

    protected override int WorkBlocks => pool.Workers;

    private static long Slots(long slotBytes) =>
        Math.Clamp(Math.Clamp(CachedSlotMemory / slotBytes, WantedSlots, MostSlots), 1, Math.Max(1, SlotMemory / slotBytes));

    private void Work(int worker)
    {
        var program = current!;
        var shape = program.Shape;
        // Tiles that add into one slot must follow one another.
        if (shape.Tiles < pool.Workers && shape.Slots == shape.Tiles)
        {
            shared.Work(worker);
            return;
        }

        for (int slot = Interlocked.Increment(ref next) - 1; slot < shape.Slots; slot = Interlocked.Increment(ref next) - 1)
        {
            for (int tile = slot; tile < shape.Tiles; tile += shape.Slots)
            {
                var place = new Place(tile, worker, slot, 0, worker);
                var steps = program.Steps;
                for (int i = 0; i < steps.Count; i++) steps[i].RunItems(place);
            }
        }
    }
}

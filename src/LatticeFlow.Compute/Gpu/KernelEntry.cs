using ILGPU;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Compute.Gpu;

/// <summary>The one function that every kernel is compiled into for a GPU.</summary>
public static class KernelEntry
{
    /// <summary>The compiler options of every device: all calls are inlined, so that nothing is passed through memory.</summary>
    public static void Configure(Context.Builder builder) => builder.Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive);

    /// <summary>
    /// The work of one thread: 32 consecutive threads are the lanes of one item, consecutive warps the items of one tile, then
    /// the next tile. What lives on the CPU once a worker lives on a GPU once a tile: scratch and slots are tiles.
    /// </summary>
    public static void Run<TKernel>(Index1D thread, int items, int firstTile, TKernel kernel)
        where TKernel : struct, IKernel
    {
        int lane = thread.X & (Lane.DeviceWidth - 1);
        int warp = thread.X / Lane.DeviceWidth;
        int tile = warp / items;
        int item = warp - (tile * items);
        tile += firstTile;
        kernel.Bind(new Place(tile, tile, tile, lane, 0));
        kernel.Execute(item);
    }
}

using ILGPU;

namespace LatticeFlow.Kernels.Memory;

/// <summary>A view of integers that all tiles share: neighbours, site lists, random counters. Read through <see cref="Lanes.IReal{T}.Index"/>.</summary>
public struct Table
{
    /// <summary>The device memory; empty on the CPU.</summary>
    public ArrayView<int> Device;

    /// <summary>The address of the first integer; 0 on a device.</summary>
    public long Host;
}

using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Lattice;

/// <summary>What kernels need of a layout on its device: the meaning of table entries, and the numbers of sites for random streams.</summary>
public sealed class StencilTables : IDisposable
{
    private readonly IndexTable permutations;
    private readonly IndexTable sites;
    private readonly IndexTable laneSites;

    /// <summary>The tables of a layout.</summary>
    public StencilTables(ComputeDevice device, LatticeLayout layout)
    {
        Layout = layout;
        permutations = device.NewTable(layout.Permutations);
        sites = device.NewTable(layout.Sites);
        laneSites = device.NewTable(layout.LaneSites);
    }

    /// <summary>The layout.</summary>
    public LatticeLayout Layout { get; }

    /// <summary>The meaning of table entries.</summary>
    public LaneShifts Shifts => new() { Permutations = permutations.View, Bits = Layout.ShiftBits };

    /// <summary>The random numbers of a chain with this key.</summary>
    public Streams<T> Streams<T>(IndexTable key)
        where T : unmanaged, IReal64<T> => new() { Key = key.View, Sites = sites.View, LaneSites = laneSites.View, Split = Layout.IsSplit ? 1 : 0 };

    /// <inheritdoc/>
    public void Dispose()
    {
        permutations.Dispose();
        sites.Dispose();
        laneSites.Dispose();
    }
}

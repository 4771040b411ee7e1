using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels;

/// <summary>
/// One piece of lattice arithmetic: a struct that holds views of its operands and works on one item (a site, a link, a
/// group of sites) of all lanes of a tile. The same struct is called in a loop by the CPU drivers and once per thread on a GPU.
/// </summary>
/// <remarks>
/// A kernel knows no lattice loop, allocates nothing and never moves data between lanes. Items of one kernel may run in any
/// order and at once, so no item reads what another one writes.
/// </remarks>
public interface IKernel
{
    /// <summary>Points every view of the kernel at the tile (or scratch, or slot) and lane it is to work on.</summary>
    void Bind(in Place place);

    /// <summary>Does the work of one item, 0 ≤ item &lt; the item count of the launch.</summary>
    void Execute(int item);
}

using LatticeFlow.Compute;

namespace LatticeFlow.Benchmarks;

/// <summary>What the floor of a case is made of.</summary>
public enum FloorKind
{
    /// <summary>Floating-point operations, a fused multiply-add being two, against the peak of fused multiply-adds.</summary>
    Arithmetic,

    /// <summary>Bytes that must move, against the triad in the second-level cache, where a tile of fields lives.</summary>
    Traffic,
}

/// <summary>One kernel to be measured on one tile a worker.</summary>
/// <param name="Name">Which kernel, and at what size.</param>
/// <param name="Precision">Of the fields.</param>
/// <param name="Item">What an item is, and where its floor comes from.</param>
/// <param name="Kind">What the floor is made of.</param>
/// <param name="Floor">Flop or bytes of one item in one replica.</param>
/// <param name="Items">Items of the program, times the replicas of a batch.</param>
/// <param name="Program">Runs the kernel.</param>
/// <param name="Preparation">What the program does besides, to be measured alone and subtracted; null where it does nothing else.</param>
/// <param name="Bytes">Bytes of an item that are read or written at least once, where both limits are stated; else 0.</param>
/// <param name="WorkingSet">Bytes of all fields together: which cache they live in.</param>
public sealed record BenchmarkCase(
    string Name, Precision Precision, string Item, FloorKind Kind, double Floor, double Items, KernelProgram Program, KernelProgram? Preparation = null,
    double Bytes = 0, double WorkingSet = 0);

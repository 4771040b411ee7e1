namespace LatticeFlow.Kernels.Memory;

/// <summary>
/// How an entry of a stencil table names a link (or site, or plaquette): entry = number · 2^<see cref="Bits"/> + shift. Where lanes are replicas, Bits is 0 and an
/// entry is a number. Where lanes are sub-lattices, shift is the row of <see cref="Permutations"/> that says in which lane the neighbour of each lane lies.
/// </summary>
public struct LaneShifts
{
    /// <summary>Source lanes, <c>[shift][lane]</c>.</summary>
    public Table Permutations;

    /// <summary>Bits of an entry that hold the shift; 0 where lanes are replicas.</summary>
    public int Bits;

    /// <summary>The number that an entry names.</summary>
    public readonly int Number(int entry) => entry >> Bits;

    /// <summary>The row of the permutations; 0 is the identity.</summary>
    public readonly int Shift(int entry) => entry & ((1 << Bits) - 1);
}

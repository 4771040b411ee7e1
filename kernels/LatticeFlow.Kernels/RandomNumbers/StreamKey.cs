using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.RandomNumbers;

/// <summary>
/// Which random numbers: the seed and the step of a Markov chain (or sample number), read from a <see cref="Table"/> so that a program built once
/// runs with new steps, and the purpose, which belongs to the kernel.
/// </summary>
/// <remarks>
/// Philox key = (seed low, seed high). Philox counter:
/// <code>
/// c0  item: which block of four words of this replica, step and purpose (site · components + component, over blocks)
/// c1  step, low 32 bits
/// c2  replica
/// c3  purpose (8 bits) · 2²⁴ + attempt (16 bits) · 2⁸ + step, bits 32 to 39
/// </code>
/// The fields do not overlap, so two draws share a counter only if all agree: 2³² items, 2⁴⁰ steps, 2³² replicas, 256 purposes and 2¹⁶ attempts of a
/// rejection sampler never collide.
/// </remarks>
/// <param name="SeedLow">The low half of the seed.</param>
/// <param name="SeedHigh">The high half of the seed.</param>
/// <param name="StepLow">The low 32 bits of the step.</param>
/// <param name="StepHigh">Bits 32 to 39 of the step.</param>
/// <param name="FirstReplica">The replica of the first lane of the first tile, when a batch is part of a larger one.</param>
public readonly record struct StreamKey(uint SeedLow, uint SeedHigh, uint StepLow, uint StepHigh, uint FirstReplica)
{
    /// <summary>Integers in the table.</summary>
    public const int Length = 5;

    /// <summary>The largest number of steps.</summary>
    public const long StepLimit = 1L << 40;

    /// <summary>Purposes are 0 … 255.</summary>
    public const int PurposeLimit = 256;

    /// <summary>Attempts are 0 … 65535.</summary>
    public const int AttemptLimit = 1 << 16;

    /// <summary>The key in a table of <see cref="Length"/> integers, in the order of the constructor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StreamKey From<T>(in Table table)
        where T : unmanaged, IReal64<T> =>
        new((uint)T.Index(table, 0), (uint)T.Index(table, 1), (uint)T.Index(table, 2), (uint)T.Index(table, 3), (uint)T.Index(table, 4));

    /// <summary>The four words of an item.</summary>
    /// <param name="replicas">The replica of each lane, from <see cref="Replicas"/>.</param>
    /// <param name="item">Which block of this replica, step and purpose.</param>
    /// <param name="purpose">0 … 255; see <see cref="Purpose"/>.</param>
    /// <param name="attempt">0 … 65535, for rejection samplers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Philox<T> Block<T>(T replicas, int item, int purpose, int attempt = 0)
        where T : unmanaged, IReal64<T> => Block(replicas, T.Word((uint)item), purpose, attempt);

    /// <summary>The same with an item of each lane's own, as words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Philox<T> Block<T>(T replicas, T items, int purpose, int attempt = 0)
        where T : unmanaged, IReal64<T> =>
        Philox<T>.Block(items, T.Word(StepLow), replicas, T.Word(((uint)purpose << 24) | ((uint)attempt << 8) | StepHigh), SeedLow, SeedHigh);

    /// <summary>The replica of each lane at a place, as words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Replicas<T>(in Place place)
        where T : unmanaged, IReal64<T> => T.Consecutive(FirstReplica + (uint)place.FirstReplica<T>());
}

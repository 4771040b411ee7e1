using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Compute.RandomNumbers;

/// <summary>
/// A stream of random numbers for decisions on the host: the Philox blocks of one seed, purpose, step and replica, in order of their
/// items. The n-th pair of a stream equals the n-th pair that a kernel fills into the same replica, step and purpose.
/// </summary>
public sealed class HostRandom
{
    private readonly StreamKey key;
    private readonly int purpose;
    private readonly Double1 replica;
    private int item;
    private bool hasSpare;
    private double spare;

    /// <summary>The stream of a seed, purpose (0 … 255, see <see cref="Purpose"/>), step (below 2⁴⁰) and replica.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The purpose or the step is out of range.</exception>
    public HostRandom(ulong seed, int purpose, long step = 0, uint replica = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(purpose);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(purpose, StreamKey.PurposeLimit);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, StreamKey.StepLimit);
        key = new((uint)seed, (uint)(seed >> 32), (uint)step, (uint)(step >> 32), replica);
        this.purpose = purpose;
        this.replica = Double1.Word(replica);
    }

    /// <summary>The next uniform number in (0, 1): half a block.</summary>
    public double NextUniform()
    {
        if (hasSpare)
        {
            hasSpare = false;
            return spare;
        }

        Distribution.Uniform(NextBlock(), out var first, out var second);
        spare = second.Value;
        hasSpare = true;
        return first.Value;
    }

    /// <summary>The next two normal numbers of mean 0 and variance 1: a block of their own.</summary>
    public (double First, double Second) NextGaussianPair()
    {
        Distribution.Gaussian(NextBlock(), out var first, out var second);
        return (first.Value, second.Value);
    }

    /// <summary>The next uniform integer in [0, <paramref name="limit"/>): ⌊u·limit⌋, biased by less than limit·2⁻⁵².</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public int NextBelow(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)(NextUniform() * limit);
    }

    // Items are 32-bit; a stream that came round would repeat itself.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Philox<Double1> NextBlock()
    {
        var block = key.Block(replica, item, purpose);
        if (++item == 0) throw new InvalidOperationException("a random stream is exhausted after 2^32 blocks: start one of another step or purpose.");
        return block;
    }
}

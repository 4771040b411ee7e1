using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.RandomNumbers;

/// <summary>
/// The random reals that one element of a group is drawn from, block by block: what a group asks of random numbers, so that links themselves need no lanes whose bits are
/// words.
/// </summary>
public interface IRandomReals<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The two uniform angles in (−π, π) of a block.</summary>
    void Angles(int block, out T first, out T second);

    /// <summary>The two normal numbers of mean 0 and variance 1 of a block.</summary>
    void Gaussians(int block, out T first, out T second);
}

/// <summary>The reals of blocks item, item + 1, … of the streams of a chain, for one purpose.</summary>
public readonly struct StreamReals<T> : IRandomReals<T>
    where T : unmanaged, IReal64<T>
{
    private readonly Streams<T> streams;
    private readonly T items;
    private readonly int purpose;

    /// <summary>The reals of <paramref name="items"/>, the number of the first block in each lane as words; <paramref name="purpose"/> is one of <see cref="Purpose"/>.</summary>
    public StreamReals(in Streams<T> streams, T items, int purpose)
    {
        this.streams = streams;
        this.items = items;
        this.purpose = purpose;
    }

    /// <inheritdoc/>
    public void Angles(int block, out T first, out T second) => Distribution.Angle(Block(block), out first, out second);

    /// <inheritdoc/>
    public void Gaussians(int block, out T first, out T second) => Distribution.Gaussian(Block(block), out first, out second);

    private Philox<T> Block(int block) => streams.Block(block == 0 ? items : T.AddWords(items, T.Word((uint)block)), purpose);
}

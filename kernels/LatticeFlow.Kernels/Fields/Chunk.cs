namespace LatticeFlow.Kernels.Fields;

/// <summary>
/// Sums over sites are made in two stages, so that they have one fixed order on every device: an item adds up a chunk of
/// consecutive elements into a partial sum, and <see cref="AddChunks{T}"/> adds up the partial sums.
/// </summary>
public static class Chunk
{
    /// <summary>Elements that one item adds up.</summary>
    public const int Length = 64;

    /// <summary>Chunks, hence items and partial sums, of <paramref name="elements"/> elements.</summary>
    public static int Count(int elements) => (elements + Length - 1) / Length;

    /// <summary>The first element of chunk <paramref name="item"/>.</summary>
    public static int First(int item) => item * Length;

    /// <summary>One past the last element of chunk <paramref name="item"/>.</summary>
    public static int End(int item, int elements)
    {
        int end = (item + 1) * Length;
        return end < elements ? end : elements;
    }
}

using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.RandomNumbers;

/// <summary>
/// Fills a field of the double lane type with uniform angles in (−π, π). Item i writes elements 2i and 2i + 1 from block i, so ⌈elements/2⌉ items fill a field: the numbers of
/// <see cref="FillAngles{T}"/>.
/// </summary>
public struct FillAngleReals<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>The field.</summary>
    public Reals<T> Target;

    /// <summary>The <see cref="StreamKey"/>.</summary>
    public Table Key;

    /// <summary>One of <see cref="RandomNumbers.Purpose"/>.</summary>
    public int Purpose;

    /// <summary>Elements to fill, from the first on.</summary>
    public int Elements;

    private T replicas;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Target = Target.At(place);
        replicas = StreamKey.From<T>(Key).Replicas<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var block = StreamKey.From<T>(Key).Block(replicas, item, Purpose);
        Distribution.Angle(block, out var first, out var second);
        int e = 2 * item;
        T.Store(Target, e, first);
        if (e + 1 < Elements) T.Store(Target, e + 1, second);
    }
}

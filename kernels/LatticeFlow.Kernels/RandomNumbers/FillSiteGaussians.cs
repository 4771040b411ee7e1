using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.RandomNumbers;

/// <summary>
/// What <see cref="FillGaussianReals{T}"/> does for a field with <see cref="ElementsOfSite"/> numbers a site, where lanes are sub-lattices: each lane has the numbers that
/// its sites have on the whole lattice. One item a site.
/// </summary>
public struct FillSiteGaussians<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>The field.</summary>
    public Reals<T> Target;

    /// <summary>The random numbers of the chain.</summary>
    public Streams<T> Streams;

    /// <summary>One of <see cref="RandomNumbers.Purpose"/>.</summary>
    public int Purpose;

    /// <summary>Numbers of a site.</summary>
    public int ElementsOfSite;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Target = Target.At(place);
        Streams = Streams.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int first = item * ElementsOfSite;
        if ((ElementsOfSite & 1) == 0)
        {
            int pairs = ElementsOfSite / 2;
            for (int k = 0; k < pairs; k++)
            {
                Distribution.Gaussian(Streams.Block(Streams.Item(item, pairs, k), Purpose), out var even, out var odd);
                T.Store(Target, first + (2 * k), even);
                T.Store(Target, first + (2 * k) + 1, odd);
            }

            return;
        }

        // With an odd number a site, element e of the whole lattice is the first or the second number of block ⌊e/2⌋, by lane.
        for (int k = 0; k < ElementsOfSite; k++)
        {
            T element = Streams.Item(item, ElementsOfSite, k);
            T half = T.MultiplyWords(element, T.Word(1U << 31));
            Distribution.Gaussian(Streams.Block(T.HighWord(half), Purpose), out var even, out var odd);
            T parity = T.UnitInterval(T.LowWord(half), T.Word(0));
            T.Store(Target, first + k, T.SelectLess(T.Of(0.25), parity, odd, even));
        }
    }
}

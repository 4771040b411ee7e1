using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Groups;

/// <summary>Fills links from Haar measure: how a chain starts hot. One item a link; the numbers depend on seed, step, purpose, replica and link alone.</summary>
public struct HaarLinks<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    /// <summary>Links.</summary>
    public Reals<T> Links;

    /// <summary>The random numbers; link l of the whole lattice uses blocks l · <see cref="ILink{TLink, T}.HaarBlocks"/> and on.</summary>
    public Streams<T> Streams;

    /// <summary>Links of a site.</summary>
    public int Dimensions;

    /// <summary>One of <see cref="RandomNumbers.Purpose"/>.</summary>
    public int Purpose;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Streams = Streams.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var link = TLink.Open(Links, item);
        var blocks = T.LowWord(T.MultiplyWords(Streams.Link(item, Dimensions), T.Word((uint)TLink.HaarBlocks)));
        TLink.Haar(new StreamReals<T>(Streams, blocks, Purpose), ref link);
        TLink.Store(Links, item, link);
    }
}

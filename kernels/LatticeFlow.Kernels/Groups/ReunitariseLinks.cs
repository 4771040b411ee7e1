using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>Every link becomes the group element next to it, see <see cref="ILink{TLink, T}.Reunitarise"/>; angles of U(1) are brought to (−π, π]. One item a link.</summary>
public struct ReunitariseLinks<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Links.</summary>
    public Reals<T> Links;

    /// <inheritdoc/>
    public void Bind(in Place place) => Links = Links.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var link = TLink.Open(Links, item);
        TLink.Reunitarise(ref link);
        TLink.Store(Links, item, link);
    }
}

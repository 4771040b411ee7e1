using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>As <see cref="ReunitariseLinks{TLink, T}"/>, of some links alone. One item a link of the table.</summary>
public struct ReunitariseChosen<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Links.</summary>
    public Reals<T> Links;

    /// <summary>Numbers of the chosen ones.</summary>
    public Table Chosen;

    /// <inheritdoc/>
    public void Bind(in Place place) => Links = Links.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int chosen = T.Index(Chosen, item);
        var link = TLink.Open(Links, chosen);
        TLink.Reunitarise(ref link);
        TLink.Store(Links, chosen, link);
    }
}

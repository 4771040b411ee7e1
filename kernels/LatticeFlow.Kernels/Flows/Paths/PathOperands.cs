using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>Products of frozen links along paths, open or closed, which layers of a flow look at: their values and what is learnt about their derivatives.</summary>
public struct PathOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The links.</summary>
    public Reals<T> Links;

    /// <summary>∂_a L of the links, an algebra field.</summary>
    public Reals<T> Cotangents;

    /// <summary>V of each path, a field of links.</summary>
    public Reals<T> Values;

    /// <summary>∂_a L by V → e^{i s T_a} V of each path, an algebra field.</summary>
    public Reals<T> PathCotangents;

    /// <summary>Where the entries of each path begin, one more than there are paths.</summary>
    public Table Starts;

    /// <summary>Entries: link l, or −1 − l where the link enters daggered; V is their product from left to right.</summary>
    public Table Entries;

    /// <summary>Of the links that occur in paths: the link, where its <see cref="Occurrences"/> begin; a last pair ends the list.</summary>
    public Table Uses;

    /// <summary>Pairs: a path, and which of its entries is the link.</summary>
    public Table Occurrences;

    /// <summary>A work field.</summary>
    public Reals<T> Work;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly PathOperands<T> At(in Place place)
    {
        var bound = this;
        bound.Links = Links.At(place);
        bound.Cotangents = Cotangents.At(place);
        bound.Values = Values.At(place);
        bound.PathCotangents = PathCotangents.At(place);
        bound.Work = Work.At(place);
        return bound;
    }

    /// <summary>product ← product · entry, or · entry† where it is negative; <paramref name="other"/> is a spare matrix that changes places with the product.</summary>
    public readonly void Extend<TLink>(int entry, ref TLink product, ref TLink other)
        where TLink : unmanaged, ILink<TLink, T>
    {
        if (entry >= 0) TLink.Multiply(product, TLink.Open(Links, entry), ref other);
        else TLink.MultiplyAdjoint(product, TLink.Open(Links, -1 - entry), ref other);
        (product, other) = (other, product);
    }
}

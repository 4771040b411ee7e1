using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>Between letters, closed paths of links, and the links: how letters move with their links, and what their gradients are worth to the links.</summary>
public struct LetterOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The links.</summary>
    public Reals<T> Links;

    /// <summary>Y of the links U → e^{i s Y} U, an algebra field.</summary>
    public Reals<T> LinkTangents;

    /// <summary>Y of the letters, an algebra field.</summary>
    public Reals<T> Tangents;

    /// <summary>Gradients G of the letters, an algebra field.</summary>
    public Reals<T> Gradients;

    /// <summary>Derivatives of G along Y, an algebra field.</summary>
    public Reals<T> GradientTangents;

    /// <summary>What each step of a letter is worth to its link, an algebra field with an element an entry.</summary>
    public Reals<T> Steps;

    /// <summary>The derivatives of these.</summary>
    public Reals<T> StepTangents;

    /// <summary>Where the entries of each letter begin, one more than there are letters.</summary>
    public Table Starts;

    /// <summary>Entries: link l, or −1 − l where the link enters daggered.</summary>
    public Table Entries;

    /// <summary>Of each link where its <see cref="Uses"/> begin, one more than there are links.</summary>
    public Table FirstUses;

    /// <summary>The entries in which a link stands.</summary>
    public Table Uses;

    /// <summary>A work field.</summary>
    public Reals<T> Work;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly LetterOperands<T> At(in Place place)
    {
        var bound = this;
        bound.Links = Links.At(place);
        bound.LinkTangents = LinkTangents.At(place);
        bound.Tangents = Tangents.At(place);
        bound.Gradients = Gradients.At(place);
        bound.GradientTangents = GradientTangents.At(place);
        bound.Steps = Steps.At(place);
        bound.StepTangents = StepTangents.At(place);
        bound.Work = Work.At(place);
        return bound;
    }
}

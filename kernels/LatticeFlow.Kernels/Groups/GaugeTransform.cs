using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>U_μ(x) → g(x) U_μ(x) g(x + μ)†. One item a link.</summary>
public struct GaugeTransform<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 3;

    /// <summary>Links.</summary>
    public Reals<T> Links;

    /// <summary>g, a field of one link a site.</summary>
    public Reals<T> Gauge;

    /// <summary>What entries mean, of sites.</summary>
    public LaneShifts Lanes;

    /// <summary>The sites x and x + μ, <c>[link][2]</c>.</summary>
    public Table Ends;

    /// <summary>The work field.</summary>
    public Reals<T> Work;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Gauge = Gauge.At(place);
        Work = Work.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var start = LinkReference.Open(Gauge, Lanes, T.Index(Ends, 2 * item), TLink.Local(Work, 0));
        var end = LinkReference.Open(Gauge, Lanes, T.Index(Ends, (2 * item) + 1), TLink.Local(Work, 1));
        var product = TLink.Local(Work, 2);
        var link = TLink.Open(Links, item);
        TLink.Multiply(start, link, ref product);
        TLink.MultiplyAdjoint(product, end, ref link);
        TLink.Store(Links, item, link);
    }
}

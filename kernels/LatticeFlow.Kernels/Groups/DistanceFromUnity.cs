using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// Distance[item] = |U U† − 1|, the Frobenius norm √Σ|m_ij|², which no entry exceeds: how far rounding has taken links from the group. One item a link.
/// </summary>
public struct DistanceFromUnity<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    /// <summary>Links.</summary>
    public Reals<T> Links;

    /// <summary>The result, one number a link.</summary>
    public Reals<T> Distance;

    /// <summary>The work field.</summary>
    public Reals<T> Work;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Distance = Distance.At(place);
        Work = Work.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        TLink one = TLink.Local(Work, 0), product = TLink.Local(Work, 1);
        var link = TLink.Open(Links, item);
        TLink.SetOne(ref one);
        TLink.MultiplyAdjoint(link, link, ref product);
        TLink.AddScaled(T.Of(-1), one, ref product);
        TLink.TraceMultiplyAdjoint(product, product, out var square, out _);
        T.Store(Distance, item, T.Sqrt(square));
    }
}

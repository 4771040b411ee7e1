using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>Overrelaxation: θ → 2φ − θ about the angle φ that minimises S, which leaves S as it is. The links of one launch share no plaquette.</summary>
/// <remarks>Source: M. Creutz, Phys. Rev. D 36 (1987) 515.</remarks>
public struct HeatBathReflect<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>Link angles.</summary>
    public Reals<T> Links;

    /// <summary>β_p.</summary>
    public AngleCouplings<T> Couplings;

    /// <summary>The links of this launch, one an item.</summary>
    public Table LinksOfLaunch;

    /// <summary>Plaquette and three links of every staple.</summary>
    public Table StaplesOfLinks;

    /// <summary>2(D−1).</summary>
    public int StaplesOfOne;

    /// <summary>What the entries of the tables mean.</summary>
    public LaneShifts Lanes;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Couplings = Couplings.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int link = T.Index(LinksOfLaunch, item);
        AngleStaples.Sum(Links, Lanes, Couplings, StaplesOfLinks, link, StaplesOfOne, out T x, out T y);
        T.Store(Links, link, Angle.Wrap(T.Of(-2) * Arctangent.Atan2(y, x) - T.Load(Links, link)));
    }
}

using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>Overrelaxation of a U(1) link with any staples V: θ → 2φ − θ, φ = −arg V, which leaves Re U V as it is. The links of one launch are in no common loop of the action.</summary>
/// <remarks>Source: M. Creutz, Phys. Rev. D 36 (1987) 515.</remarks>
public struct StapleReflection<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>The links, which are angles, and their staples.</summary>
    public Staples<T> Staples;

    /// <summary>The links of this launch, one an item.</summary>
    public Table LinksOfLaunch;

    /// <inheritdoc/>
    public void Bind(in Place place) => Staples = Staples.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int link = T.Index(LinksOfLaunch, item);
        var sum = Phase<T>.Local(Staples.Work, 0);
        Staples.Sum(link, ref sum);
        Phase<T>.Trace(sum, out T re, out T im);
        T.Store(Staples.Links, link, Angle.Wrap(T.Of(-2) * Arctangent.Atan2(im, re) - T.Load(Staples.Links, link)));
    }
}

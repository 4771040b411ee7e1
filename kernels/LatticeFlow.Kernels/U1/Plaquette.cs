using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>The angle of a U(1) plaquette.</summary>
public static class Plaquette
{
    /// <summary>Links a plaquette.</summary>
    public const int Links = 4;

    /// <summary>θ_a + θ_b − θ_c − θ_d of plaquette p, not reduced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Angle<T>(in Reals<T> links, in LaneShifts lanes, in Table linksOfPlaquettes, int p)
        where T : unmanaged, IReal<T>
    {
        int first = p * Links;
        T forward = LinkReference.Load(links, lanes, T.Index(linksOfPlaquettes, first)) + LinkReference.Load(links, lanes, T.Index(linksOfPlaquettes, first + 1));
        T backward = LinkReference.Load(links, lanes, T.Index(linksOfPlaquettes, first + 2)) + LinkReference.Load(links, lanes, T.Index(linksOfPlaquettes, first + 3));
        return forward - backward;
    }
}

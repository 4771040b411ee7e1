using System.Runtime.CompilerServices;
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
    public static T Angle<T>(in Reals<T> links, in Table linksOfPlaquettes, int p)
        where T : unmanaged, IReal<T>
    {
        int first = p * Links;
        T forward = T.Load(links, T.Index(linksOfPlaquettes, first)) + T.Load(links, T.Index(linksOfPlaquettes, first + 1));
        T backward = T.Load(links, T.Index(linksOfPlaquettes, first + 2)) + T.Load(links, T.Index(linksOfPlaquettes, first + 3));
        return forward - backward;
    }
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>β_p of the plaquettes of a U(1) action: one number a plaquette that all replicas share, or a list of numbers of each replica that every plaquette picks from.</summary>
public struct AngleCouplings<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>β_p, <c>[plaquette]</c>, shared; or the list of each replica.</summary>
    public Reals<T> Numbers;

    /// <summary>1 for a list of each replica.</summary>
    public int OfReplica;

    /// <summary>Where the number of each plaquette is in the list. Read only where there is one.</summary>
    public Table NumberOfPlaquette;

    /// <summary>The same couplings, bound to a place.</summary>
    public readonly AngleCouplings<T> At(in Place place)
    {
        var bound = this;
        bound.Numbers = Numbers.At(place);
        return bound;
    }

    /// <summary>β_p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Of(int plaquette) => OfReplica == 0 ? T.Uniform(Numbers, plaquette) : T.Load(Numbers, T.Index(NumberOfPlaquette, plaquette));
}

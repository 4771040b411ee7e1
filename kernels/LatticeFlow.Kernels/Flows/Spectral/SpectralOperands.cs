using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// The operands of a spectral coupling: each active link U has a frame F, a unitary matrix made of frozen paths, and the eigenphases of P = U F = V e^{iθ} V† are moved, U′ = V e^{iθ′} V† F†.
/// Fields are <c>[active]</c> unless said.
/// </summary>
public struct SpectralOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The links.</summary>
    public Reals<T> Links;

    /// <summary>∂_a L of the links, an algebra field.</summary>
    public Reals<T> Cotangents;

    /// <summary>Pairs: the active link, and its node in the network.</summary>
    public Table Active;

    /// <summary>F, a field of links.</summary>
    public Reals<T> Frames;

    /// <summary>∂_a L by F → F e^{i s T_a}, an algebra field.</summary>
    public Reals<T> FrameCotangents;

    /// <summary>V, a field of links.</summary>
    public Reals<T> Bases;

    /// <summary>The map of the phases.</summary>
    public CellMap<T> Map;

    /// <summary>dL/dθ or dL/dθ′, <c>[active][N]</c>.</summary>
    public Reals<T> PhaseCotangents;

    /// <summary>ln|det|.</summary>
    public Reals<T> LogDets;

    /// <summary>The weight of each replica in L.</summary>
    public Reals<T> ReplicaWeight;

    /// <summary>dL/d ln|det| of a replica of weight 1.</summary>
    public double LogDetCotangent;

    /// <summary>A work field.</summary>
    public Reals<T> Work;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly SpectralOperands<T> At(in Place place)
    {
        var bound = this;
        bound.Links = Links.At(place);
        bound.Cotangents = Cotangents.At(place);
        bound.Frames = Frames.At(place);
        bound.FrameCotangents = FrameCotangents.At(place);
        bound.Bases = Bases.At(place);
        bound.Map = Map.At(place);
        bound.PhaseCotangents = PhaseCotangents.At(place);
        bound.LogDets = LogDets.At(place);
        bound.ReplicaWeight = ReplicaWeight.At(place);
        bound.Work = Work.At(place);
        return bound;
    }
}

using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>Parts[item] = Σ arg P / 2π over one chunk of plaquettes, arg P ∈ (−π, π]. The sum over a two-dimensional torus is an integer.</summary>
public struct ChargeParts<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>Link angles.</summary>
    public Reals<T> Links;

    /// <summary>Links a, b, c, d of every plaquette.</summary>
    public Table LinksOfPlaquettes;

    /// <summary>What the entries of the tables mean.</summary>
    public LaneShifts Lanes;

    /// <summary>One partial sum a chunk.</summary>
    public Sums Parts;

    /// <summary>Plaquettes of a replica.</summary>
    public int Plaquettes;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Parts = Parts.At<T>(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T sum = T.Of(0);
        int end = Chunk.End(item, Plaquettes);
        for (int p = Chunk.First(item); p < end; p++) sum += Angle.Wrap(Plaquette.Angle(Links, Lanes, LinksOfPlaquettes, p));
        T.StoreTo(Parts, item, sum * T.Of(1 / (2 * Math.PI)));
    }
}

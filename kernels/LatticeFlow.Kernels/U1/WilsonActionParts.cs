using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>Parts[item] = −strength · Σ β_p cos θ_p over one chunk of plaquettes, in double.</summary>
public struct WilsonActionParts<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>Link angles.</summary>
    public Reals<T> Links;

    /// <summary>β_p of every plaquette, shared by all replicas.</summary>
    public Reals<T> Couplings;

    /// <summary>Links a, b, c, d of every plaquette.</summary>
    public Table LinksOfPlaquettes;

    /// <summary>What the entries of the tables mean.</summary>
    public LaneShifts Lanes;

    /// <summary>The factor on the action of each replica, one number.</summary>
    public Reals<T> Strength;

    /// <summary>One partial sum a chunk.</summary>
    public Sums Parts;

    /// <summary>Plaquettes of a replica.</summary>
    public int Plaquettes;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Parts = Parts.At<T>(place);
        Strength = Strength.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T sum = T.Of(0);
        int end = Chunk.End(item, Plaquettes);
        for (int p = Chunk.First(item); p < end; p++)
            sum = T.Fnma(T.Uniform(Couplings, p), Trigonometry.Cos(Plaquette.Angle(Links, Lanes, LinksOfPlaquettes, p)), sum);
        T.StoreTo(Parts, item, T.Load(Strength, 0) * sum);
    }
}

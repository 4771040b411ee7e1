using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Scalars;

/// <summary>Parts[item] = strength · Σ_x [Σ_μ (φ(x+μ) − φ(x))² + m² φ(x)² + λ φ(x)⁴] over one chunk of sites x.</summary>
public struct Phi4ActionParts<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>φ.</summary>
    public Reals<T> Field;

    /// <summary>Neighbours of every site: ahead and behind in direction 0, in direction 1, …</summary>
    public Table Neighbours;

    /// <summary>What the entries of the table mean.</summary>
    public LaneShifts Lanes;

    /// <summary>m².</summary>
    public double MassSquared;

    /// <summary>λ.</summary>
    public double Lambda;

    /// <summary>The factor on the action of each replica, one number.</summary>
    public Reals<T> Strength;

    /// <summary>One partial sum a chunk.</summary>
    public Sums Parts;

    /// <summary>Sites of a lane.</summary>
    public int Sites;

    /// <summary>2D.</summary>
    public int NeighboursOfOne;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Field = Field.At(place);
        Strength = Strength.At(place);
        Parts = Parts.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T sum = T.Of(0);
        int end = Chunk.End(item, Sites);
        for (int site = Chunk.First(item); site < end; site++)
        {
            T phi = T.Load(Field, site);
            T squared = phi * phi;
            int first = site * NeighboursOfOne;
            for (int ahead = first; ahead < first + NeighboursOfOne; ahead += 2)
            {
                T difference = LinkReference.Load(Field, Lanes, T.Index(Neighbours, ahead)) - phi;
                sum = T.Fma(difference, difference, sum);
            }

            sum = T.Fma(T.Fma(T.Of(Lambda), squared, T.Of(MassSquared)), squared, sum);
        }

        T.StoreTo(Parts, item, T.Load(Strength, 0) * sum);
    }
}

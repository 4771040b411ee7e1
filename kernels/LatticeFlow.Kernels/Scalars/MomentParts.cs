using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Scalars;

/// <summary>Parts[<see cref="Components"/> · item] = Σ φ and, after it, Σ φ² over one chunk of sites.</summary>
public struct MomentParts<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>Numbers of a chunk.</summary>
    public const int Components = 2;

    /// <summary>φ.</summary>
    public Reals<T> Field;

    /// <summary>The partial sums, <c>[chunk][component]</c>.</summary>
    public Sums Parts;

    /// <summary>Sites of a lane.</summary>
    public int Sites;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Field = Field.At(place);
        Parts = Parts.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T sum = T.Of(0);
        T squares = T.Of(0);
        int end = Chunk.End(item, Sites);
        for (int site = Chunk.First(item); site < end; site++)
        {
            T phi = T.Load(Field, site);
            sum += phi;
            squares = T.Fma(phi, phi, squares);
        }

        T.StoreTo(Parts, Components * item, sum);
        T.StoreTo(Parts, (Components * item) + 1, squares);
    }
}

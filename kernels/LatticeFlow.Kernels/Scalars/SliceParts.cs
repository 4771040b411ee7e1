using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Scalars;

/// <summary>Parts[chunk · Slices + t] = Σ φ(x) over one chunk of the sites with x_0 = t. Item chunk · Slices + t.</summary>
public struct SliceParts<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>φ.</summary>
    public Reals<T> Field;

    /// <summary>The partial sums, <c>[chunk][slice]</c>.</summary>
    public Sums Parts;

    /// <summary>Slices of a lane: its extent in direction 0.</summary>
    public int Slices;

    /// <summary>Sites of a slice, which follow one another.</summary>
    public int SitesOfSlice;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Field = Field.At(place);
        Parts = Parts.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int chunk = item / Slices;
        int slice = (item - (chunk * Slices)) * SitesOfSlice;
        T sum = T.Of(0);
        int end = Chunk.End(chunk, SitesOfSlice);
        for (int site = Chunk.First(chunk); site < end; site++) sum += T.Load(Field, slice + site);
        T.StoreTo(Parts, item, sum);
    }
}

using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Markov;

/// <summary>Parts[item] = Σ ½ p² over one chunk of momenta.</summary>
public struct KineticEnergy<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>Momenta p.</summary>
    public Reals<T> Momenta;

    /// <summary>One partial sum a chunk.</summary>
    public Sums Parts;

    /// <summary>Momenta of a replica.</summary>
    public int Elements;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Momenta = Momenta.At(place);
        Parts = Parts.At<T>(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T sum = T.Of(0);
        int end = Chunk.End(item, Elements);
        for (int i = Chunk.First(item); i < end; i++)
        {
            T p = T.Load(Momenta, i);
            sum = T.Fma(p, p, sum);
        }

        T.StoreTo(Parts, item, T.Of(0.5) * sum);
    }
}

using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Markov;

/// <summary>Parts[item] = Σ F² and Σ F p over one chunk of tangents, in this order. One item a chunk.</summary>
/// <remarks>Floor: 4 flop and 16 bytes a number.</remarks>
public struct IsokineticSums<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>Sums of a chunk.</summary>
    public const int Components = 2;

    /// <summary>The force F.</summary>
    public Reals<T> Force;

    /// <summary>The momenta p.</summary>
    public Reals<T> Momenta;

    /// <summary>Partial sums, <c>[chunk][component]</c>.</summary>
    public Sums Parts;

    /// <summary>Numbers of a tangent of a lane.</summary>
    public int Elements;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Force = Force.At(place);
        Momenta = Momenta.At(place);
        Parts = Parts.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T squares = T.Of(0), products = T.Of(0);
        int end = Chunk.End(item, Elements);
        for (int i = Chunk.First(item); i < end; i++)
        {
            T f = T.Load(Force, i);
            squares = T.Fma(f, f, squares);
            products = T.Fma(f, T.Load(Momenta, i), products);
        }

        T.StoreTo(Parts, item * Components, squares);
        T.StoreTo(Parts, (item * Components) + 1, products);
    }
}

using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>∂L/∂x ← w ∂L/∂x with the weight w of the replica. An item is a number of the cotangents.</summary>
public struct WeighCotangent<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private Reals<T> cotangent;
    private Reals<T> weight;

    /// <summary>The kernel; items = numbers of the cotangents.</summary>
    public WeighCotangent(Reals<T> cotangent, Reals<T> weight)
    {
        this.cotangent = cotangent;
        this.weight = weight;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        cotangent = cotangent.At(place);
        weight = weight.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item) => T.Store(cotangent, item, T.Load(cotangent, item) * T.Load(weight, 0));
}

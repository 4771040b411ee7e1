using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Networks;

/// <summary>
/// Moves a layer's gradient of one tile from lanes into the slot's sums: slot[first + i] += Σ_lanes g_i, g_i ← 0. An item is a parameter of the layer.
/// </summary>
public struct ReduceGradient<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly int first;
    private Reals<T> gradient;
    private Sums slot;

    /// <summary>The kernel; items = parameters of the layer, the first of which is number <paramref name="first"/> of the model.</summary>
    public ReduceGradient(Reals<T> gradient, Sums slot, int first)
    {
        this.gradient = gradient;
        this.slot = slot;
        this.first = first;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        gradient = gradient.At(place);
        slot = slot.At<T>(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T.AddLanesTo(slot, first + item, T.Load(gradient, item));
        T.Store(gradient, item, T.Of(0.0));
    }
}

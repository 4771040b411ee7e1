using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Networks;

/// <summary>
/// Moves a layer's gradient of one tile to where every replica has its own: samples[first + i] += g_i in each lane, g_i ← 0. An item is a parameter of the layer.
/// </summary>
public struct KeepGradient<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly int first;
    private Reals<T> gradient;
    private Sums samples;

    /// <summary>The kernel; items = parameters of the layer, the first of which is number <paramref name="first"/> of the model.</summary>
    public KeepGradient(Reals<T> gradient, Sums samples, int first)
    {
        this.gradient = gradient;
        this.samples = samples;
        this.first = first;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        gradient = gradient.At(place);
        samples = samples.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T.AddTo(samples, first + item, T.Load(gradient, item));
        T.Store(gradient, item, T.Of(0.0));
    }
}

using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Networks;

/// <summary>dL/db(o) += Σ_x dL/dz(x, o), lane by lane. An item is one output channel.</summary>
public struct ConvolutionBiasVjp<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private ConvolutionWeightVjpOperands<T> operands;

    /// <summary>The kernel of the same operands as the weight VJP; items = output channels.</summary>
    public ConvolutionBiasVjp(ConvolutionWeightVjpOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        operands.Cotangent = operands.Cotangent.At(place);
        operands.Gradient = operands.Gradient.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int step = operands.Taps + 1;
        T sum = T.Of(0.0);
        for (int s = operands.FirstSite; s < operands.FirstSite + operands.SiteCount; s++)
            sum += T.Load(operands.Cotangent, T.Index(operands.Sites, s * step) + item);
        int e = operands.BiasOffset + item;
        T.Store(operands.Gradient, e, T.Load(operands.Gradient, e) + sum);
    }
}

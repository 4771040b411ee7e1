using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>φ → φ′ of an active site by its <see cref="AffineMap{T}"/>; keeps ln ∂φ′/∂φ. An item is an active site.</summary>
public struct AffineForward<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private AffineOperands<T> operands;

    /// <summary>The kernel of these operands; items = active sites.</summary>
    public AffineForward(AffineOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int site = T.Index(operands.Active, item);
        operands.Map(site).Forward(T.Load(operands.Values, site), out T image, out T logSlope);
        T.Store(operands.Values, site, image);
        T.Store(operands.LogSlopes, item, logSlope);
    }
}

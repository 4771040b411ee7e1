using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>φ′ → φ of an active site by its <see cref="AffineMap{T}"/>; keeps ln ∂φ′/∂φ at φ. An item is an active site.</summary>
public struct AffineInverse<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private AffineOperands<T> operands;

    /// <summary>The kernel of these operands; items = active sites.</summary>
    public AffineInverse(AffineOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int site = T.Index(operands.Active, item);
        var map = operands.Map(site);
        T x = map.Inverse(T.Load(operands.Values, site));
        map.Forward(x, out _, out T logSlope);
        T.Store(operands.Values, site, x);
        T.Store(operands.LogSlopes, item, logSlope);
    }
}

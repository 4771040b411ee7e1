using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// The backward step of an affine coupling: restores φ of an active site from φ′, and from ∂L/∂φ′ and dL/d ln|det| finds dL/d(network output) and ∂L/∂φ. An item is an active site.
/// </summary>
public struct AffineBackward<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private AffineOperands<T> operands;

    /// <summary>The kernel of these operands; items = active sites.</summary>
    public AffineBackward(AffineOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int site = T.Index(operands.Active, item);
        var map = operands.Map(site);
        T x = map.Inverse(T.Load(operands.Values, site));
        T logDetCotangent = T.Of(operands.LogDetCotangent) * T.Load(operands.ReplicaWeight, 0);
        T.Store(operands.Values, site, x);
        T.Store(operands.Cotangents, site, operands.StoreNetCotangents(map, site, x, T.Load(operands.Cotangents, site), logDetCotangent));
    }
}

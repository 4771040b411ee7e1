using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// The forward step of an affine coupling that also carries G = ∂ log q/∂φ along: G′ = (G − ∂ ln|det|/∂φ) (∂φ′/∂φ)⁻¹, the recursion of Vaitl et al. 2022 (arXiv:2206.09016). An item is an active
/// site; frozen sites are finished by <see cref="AffineFeaturesVjp{T}"/> with sign −.
/// </summary>
/// <remarks>
/// The Jacobian is triangular: G′ = (G − ∂ ln φ′_φ/∂φ)/φ′_φ of an active site; a frozen one then loses what the VJP of (φ′, ln|det|) with cotangents (G′, 1) gives it.
/// </remarks>
public struct AffinePathForward<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private AffineOperands<T> operands;

    /// <summary>The kernel of these operands; items = active sites.</summary>
    public AffinePathForward(AffineOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int site = T.Index(operands.Active, item);
        var map = operands.Map(site);
        T x = T.Load(operands.Values, site);
        map.Forward(x, out T image, out T logSlope);
        map.Slope(x, out T slope, out T derivative);
        T cotangent = (T.Load(operands.Cotangents, site) - derivative) / slope;
        operands.StoreNetCotangents(map, site, x, cotangent, T.Of(1.0));
        T.Store(operands.Values, site, image);
        T.Store(operands.Cotangents, site, cotangent);
        T.Store(operands.LogSlopes, item, logSlope);
    }
}

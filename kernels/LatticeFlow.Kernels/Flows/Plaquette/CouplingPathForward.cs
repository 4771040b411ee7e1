using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// The forward step of a coupling that also carries G = ∂ log q/∂θ along: G′ = (G − ∂ ln h′/∂θ) (∂θ′/∂θ)⁻¹, the recursion of Vaitl et
/// al. 2022 (arXiv:2206.09016). An item is an active plaquette; the links are finished by <see cref="LinkCotangent{T}"/> with sign −.
/// </summary>
/// <remarks>
/// The Jacobian is triangular: G′_a = (G_a − σ d ln h′/dx)/h′ on the active link; a frozen link then loses what the VJP of (θ′, ln h′) with
/// cotangents (G′_a, 1) gives it. The same subtraction, done on the active link, turns G_a into G′_a.
/// </remarks>
public struct CouplingPathForward<T, TTransform> : IKernel
    where T : unmanaged, IReal<T>
    where TTransform : unmanaged, ICircularTransform<T>
{
    private readonly TTransform transform;
    private CouplingOperands<T> operands;

    /// <summary>The kernel of these operands; items = active plaquettes.</summary>
    public CouplingPathForward(CouplingOperands<T> operands, TTransform transform)
    {
        this.operands = operands;
        this.transform = transform;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int p = T.Index(operands.Active, 3 * item);
        int link = T.Index(operands.Active, (3 * item) + 1);
        T sign = T.Of(T.Index(operands.Active, (3 * item) + 2));
        int e = p * operands.NetStride;
        transform.Prepare(operands.Net, e);
        T x = operands.Plaquette(p);
        transform.Forward(operands.Net, e, x, out T shift, out T logSlope);
        transform.Slope(operands.Net, e, x, out T slope, out T derivative);
        T cotangent = T.Fma(sign, T.Load(operands.LinkCotangent, link), -derivative) / slope;
        T result = transform.VectorJacobianProduct(operands.Net, e, operands.NetCotangent, x, cotangent, T.Of(1.0));
        T.Store(operands.PlaquetteCotangent, p, result - cotangent);
        T.Store(operands.Links, link, Angle.Wrap(T.Fma(sign, shift, T.Load(operands.Links, link))));
        T.Store(operands.LogSlopes, item, logSlope);
    }
}

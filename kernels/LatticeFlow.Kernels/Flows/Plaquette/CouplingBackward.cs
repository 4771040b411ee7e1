using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// The backward step of a coupling: restores the active link from its image by h⁻¹, and writes dL/d(network output) and dL/dP, from
/// dL/dθ′ of the active link and dL/d ln h′. An item is an active plaquette.
/// </summary>
/// <remarks>
/// θ′ = θ + σ (h(P) − P): with g = σ dL/dθ′, dL/dx = VJP(g) of h at x = P, every link of P gains ± (dL/dx − g); the active link thus ends
/// at σ dL/dx.
/// </remarks>
public struct CouplingBackward<T, TTransform> : IKernel
    where T : unmanaged, IReal<T>
    where TTransform : unmanaged, ICircularTransform<T>
{
    private readonly TTransform transform;
    private CouplingOperands<T> operands;

    /// <summary>The kernel of these operands; items = active plaquettes.</summary>
    public CouplingBackward(CouplingOperands<T> operands, TTransform transform)
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
        T y = operands.Plaquette(p);
        transform.Inverse(operands.Net, e, y, out T shift);
        T.Store(operands.Links, link, Angle.Wrap(T.Fma(sign, shift, T.Load(operands.Links, link))));
        T cotangent = sign * T.Load(operands.LinkCotangent, link);
        T logSlopeCotangent = T.Of(operands.LogSlopeCotangent) * T.Load(operands.ReplicaWeight, 0);
        T result = transform.VectorJacobianProduct(operands.Net, e, operands.NetCotangent, y + shift, cotangent, logSlopeCotangent);
        T.Store(operands.PlaquetteCotangent, p, result - cotangent);
    }
}

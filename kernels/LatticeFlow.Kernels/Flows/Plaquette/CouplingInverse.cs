using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>θ → θ + σ (h⁻¹(P) − P); keeps ln h′ at the point arrived at. An item is an active plaquette.</summary>
public struct CouplingInverse<T, TTransform> : IKernel
    where T : unmanaged, IReal<T>
    where TTransform : unmanaged, ICircularTransform<T>
{
    private readonly TTransform transform;
    private CouplingOperands<T> operands;

    /// <summary>The kernel of these operands; items = active plaquettes.</summary>
    public CouplingInverse(CouplingOperands<T> operands, TTransform transform)
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
        transform.Forward(operands.Net, e, y + shift, out _, out T logSlope);
        T.Store(operands.Links, link, Angle.Wrap(T.Fma(sign, shift, T.Load(operands.Links, link))));
        T.Store(operands.LogSlopes, item, logSlope);
    }
}

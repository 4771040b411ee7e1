using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// θ → θ + σ (h(P) − P) for the active link of every active plaquette P, σ its sign in P; keeps ln h′. An item is an active
/// plaquette. (Kanwar et al. 2020, arXiv:2003.06413.)
/// </summary>
public struct CouplingForward<T, TTransform> : IKernel
    where T : unmanaged, IReal<T>
    where TTransform : unmanaged, ICircularTransform<T>
{
    private readonly TTransform transform;
    private CouplingOperands<T> operands;

    /// <summary>The kernel of these operands; items = active plaquettes.</summary>
    public CouplingForward(CouplingOperands<T> operands, TTransform transform)
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
        transform.Forward(operands.Net, e, operands.Plaquette(p), out T shift, out T logSlope);
        T.Store(operands.Links, link, Angle.Wrap(T.Fma(sign, shift, T.Load(operands.Links, link))));
        T.Store(operands.LogSlopes, item, logSlope);
    }
}

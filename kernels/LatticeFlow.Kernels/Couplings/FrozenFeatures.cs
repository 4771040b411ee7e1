using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Couplings;

/// <summary>
/// Network input of a U(1) plaquette coupling: (cos P, sin P) of frozen plaquettes, (1, 0) of all others. An item is a plaquette.
/// </summary>
public struct FrozenFeatures<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private CouplingOperands<T> operands;

    /// <summary>The kernel of these operands; items = plaquettes.</summary>
    public FrozenFeatures(CouplingOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T cos = T.Of(1.0), sin = T.Of(0.0);
        if (T.Index(operands.Roles, item) == PlaquetteRole.Frozen) Trigonometry.SinCos(operands.Plaquette(item), out sin, out cos);
        T.Store(operands.Features, 2 * item, cos);
        T.Store(operands.Features, (2 * item) + 1, sin);
    }
}

/// <summary>
/// dL/dP = −sin P · dL/d cos P + cos P · dL/d sin P of frozen plaquettes, 0 of passive ones; those of active ones are left as the
/// coupling wrote them. An item is a plaquette.
/// </summary>
public struct FrozenFeaturesVjp<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private CouplingOperands<T> operands;

    /// <summary>The kernel of these operands; items = plaquettes.</summary>
    public FrozenFeaturesVjp(CouplingOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int role = T.Index(operands.Roles, item);
        if (role == PlaquetteRole.Active) return;
        T result = T.Of(0.0);
        if (role == PlaquetteRole.Frozen)
        {
            int e = item * operands.FeatureCotangentStride;
            T cos = T.Load(operands.Features, 2 * item);
            T sin = T.Load(operands.Features, (2 * item) + 1);
            result = T.Fnma(sin, T.Load(operands.FeatureCotangent, e), cos * T.Load(operands.FeatureCotangent, e + 1));
        }

        T.Store(operands.PlaquetteCotangent, item, result);
    }
}

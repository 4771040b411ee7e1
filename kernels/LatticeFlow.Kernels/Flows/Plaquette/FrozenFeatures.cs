using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// Network input of a U(1) plaquette coupling: (cos P, sin P) of frozen plaquettes, (1, 0) of all others; with rectangles also
/// (cos R, sin R) at active plaquettes, (0, 0) at all others. An item is a plaquette.
/// </summary>
/// <remarks>
/// R = P + P̄, P̄ the passive plaquette on the other side of the active link, is all that the action's terms with that link depend on besides
/// P itself: −β (cos P + cos(R − P)).
/// </remarks>
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
        int e = item * operands.FeatureStride;
        T.Store(operands.Features, e, cos);
        T.Store(operands.Features, e + 1, sin);
        if (operands.FeatureStride != 4) return;
        cos = T.Of(0.0);
        sin = T.Of(0.0);
        if (T.Index(operands.Roles, item) == PlaquetteRole.Active) Trigonometry.SinCos(operands.Rectangle(item), out sin, out cos);
        T.Store(operands.Features, e + 2, cos);
        T.Store(operands.Features, e + 3, sin);
    }
}

/// <summary>
/// dL/dP from dL/d(input): −sin P · dL/d cos P + cos P · dL/d sin P of frozen plaquettes; dL/dR of an active plaquette goes to itself, on top of
/// what the coupling wrote there, and to its passive partner. An item is a plaquette.
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
        T result = T.Of(0.0);
        if (role == PlaquetteRole.Frozen)
        {
            result = AngleCotangent(item, 0);
        }
        else if (operands.FeatureStride == 4)
        {
            result = AngleCotangent(role == PlaquetteRole.Active ? item : T.Index(operands.Partners, item), 2);
        }

        if (role == PlaquetteRole.Active) result += T.Load(operands.PlaquetteCotangent, item);
        T.Store(operands.PlaquetteCotangent, item, result);
    }

    private readonly T AngleCotangent(int plaquette, int channel)
    {
        int e = (plaquette * operands.FeatureStride) + channel;
        int c = (plaquette * operands.FeatureCotangentStride) + channel;
        T cos = T.Load(operands.Features, e), sin = T.Load(operands.Features, e + 1);
        return T.Fnma(sin, T.Load(operands.FeatureCotangent, c), cos * T.Load(operands.FeatureCotangent, c + 1));
    }
}

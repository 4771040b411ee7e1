using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>Network input of an affine coupling: φ(x) of frozen sites, 0 of active ones. An item is a site.</summary>
public struct AffineFeatures<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private AffineOperands<T> operands;

    /// <summary>The kernel of these operands; items = sites.</summary>
    public AffineFeatures(AffineOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item) =>
        T.Store(operands.Features, item * operands.FeatureStride, T.Index(operands.IsActive, item) != 0 ? T.Of(0.0) : T.Load(operands.Values, item));
}

/// <summary>∂L/∂φ of a frozen site += σ dL/d(input), σ = ±1. An item is a frozen site that the network reads.</summary>
public struct AffineFeaturesVjp<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly double sign;
    private AffineOperands<T> operands;

    /// <summary>The kernel of these operands with σ = <paramref name="sign"/>; items = frozen sites that the network reads.</summary>
    public AffineFeaturesVjp(AffineOperands<T> operands, double sign)
    {
        this.operands = operands;
        this.sign = sign;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int site = T.Index(operands.Read, item);
        T cotangent = T.Load(operands.FeatureCotangents, site * operands.FeatureCotangentStride);
        T.Store(operands.Cotangents, site, T.Fma(T.Of(sign), cotangent, T.Load(operands.Cotangents, site)));
    }
}

using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>θ → θ′ or back, and ln|det|. An item is an active link.</summary>
public struct SpectralPhases<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly int inverse;
    private SpectralOperands<T> operands;

    /// <summary>The kernel of these operands; <paramref name="inverse"/> = 1: θ from θ′; items = active links.</summary>
    public SpectralPhases(in SpectralOperands<T> operands, int inverse)
    {
        this.operands = operands;
        this.inverse = inverse;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int node = T.Index(operands.Active, (2 * item) + 1);
        T logDet = inverse != 0 ? operands.Map.Inverse(item, node) : operands.Map.Forward(item, node);
        T.Store(operands.LogDets, item, logDet);
    }
}

/// <summary>U = V e^{iθ} V† F†, of θ′ or of θ. An item is an active link.</summary>
public struct SpectralRebuild<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    private readonly int fromImages;
    private SpectralOperands<T> operands;

    /// <summary>The kernel of these operands; <paramref name="fromImages"/> = 1: of θ′; items = active links.</summary>
    public SpectralRebuild(in SpectralOperands<T> operands, int fromImages)
    {
        this.operands = operands;
        this.fromImages = fromImages;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var diagonal = TLink.Local(operands.Work, 0);
        var product = TLink.Local(operands.Work, 1);
        var phases = (fromImages != 0 ? operands.Map.Images : operands.Map.Phases).From(item * (TLink.Order + 1));
        T shift = T.Load(phases, TLink.Order);
        TLink.SetZero(ref diagonal);
        for (int k = 0; k < TLink.Order; k++)
        {
            Trigonometry.SinCos(T.Load(phases, k) + shift, out T sin, out T cos);
            TLink.SetDiagonal(k, cos, sin, ref diagonal);
        }

        var basis = TLink.Open(operands.Bases, item);
        TLink.Multiply(basis, diagonal, ref product);
        TLink.MultiplyAdjoint(product, basis, ref diagonal);
        int active = T.Index(operands.Active, 2 * item);
        var link = TLink.Open(operands.Links, active);
        TLink.MultiplyAdjoint(diagonal, TLink.Open(operands.Frames, item), ref link);
        TLink.Store(operands.Links, active, link);
    }
}

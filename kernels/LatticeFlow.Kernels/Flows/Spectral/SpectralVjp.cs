using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>dL/dθ of the loop of an active link from ∂_a L of the link. An item is an active link.</summary>
/// <remarks>dL = κ tr(G X), G = Σ ∂_a L T_a, for U → e^{iX} U, which is P → e^{iX} P. In the eigenbasis X_kk = dθ_k, so that dL/dθ_k = κ (V† G V)_kk.</remarks>
public struct SpectralTurn<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    private SpectralOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public SpectralTurn(in SpectralOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var gradient = TLink.Local(operands.Work, 0);
        var product = TLink.Local(operands.Work, 1);
        Turned(operands, item, ref gradient, ref product);
        T norm = T.Of(Algebra.NormOf<TLink, T>());
        for (int k = 0; k < TLink.Order; k++)
        {
            TLink.Entry(gradient, k, k, out _, out T im);
            T.Store(operands.PhaseCotangents, (item * TLink.Order) + k, norm * im);
        }
    }

    /// <summary>gradient = V† i G V of an active link.</summary>
    internal static void Turned(in SpectralOperands<T> operands, int item, ref TLink gradient, ref TLink product)
    {
        var basis = TLink.Open(operands.Bases, item);
        TLink.FromAlgebra(operands.Cotangents, T.Index(operands.Active, 2 * item), T.Of(1), ref gradient);
        TLink.AdjointMultiply(basis, gradient, ref product);
        TLink.Multiply(product, basis, ref gradient);
    }
}

/// <summary>dL/dθ′ → dL/dθ and dL/d(network output), or for a path forwards ∂ log q/∂θ → ∂ log q/∂θ′. An item is an active link.</summary>
public struct SpectralPhasesVjp<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly int path;
    private SpectralOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public SpectralPhasesVjp(in SpectralOperands<T> operands, int path)
    {
        this.operands = operands;
        this.path = path;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int node = T.Index(operands.Active, (2 * item) + 1);
        if (path != 0) operands.Map.PathForward(item, node, operands.PhaseCotangents);
        else operands.Map.Backward(item, node, operands.PhaseCotangents, T.Of(operands.LogDetCotangent) * T.Load(operands.ReplicaWeight, 0));
    }
}

/// <summary>
/// ∂_a L of the active link before the map from that after it (or for a path forwards the other way round), and of the frame, F → F e^{iX}. An item is an active link.
/// </summary>
/// <remarks>
/// In the eigenbasis X′_kk = Σ_m (∂θ′_k/∂θ_m) X_mm and X′_jk = R_jk X_jk with R_jk = e^{i(D′ − D)/2} sin(D′/2)/sin(D/2), D = θ_j − θ_k (the divided difference of a spectral function: Yu. L. Daleckii,
/// S. G. Krein 1965). So G_jk = R*_jk G′_jk off the diagonal; the diagonal is dL/dθ of <see cref="CellMap{T}"/>. |R_jk| comes from the images of the gaps, which the map holds: nothing is divided that
/// vanishes with a gap.
/// The frame: P → P e^{iX} moves e^{iθ} by P X P†, and U′ = P′ F† also by −P′ X P′†: its gradient is P† G P − P′† G′ P′, in the eigenbasis e^{−iD} G_jk − e^{−iD′} G′_jk.
/// </remarks>
public struct SpectralTurnBack<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 3;

    private readonly int path;
    private SpectralOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public SpectralTurnBack(in SpectralOperands<T> operands, int path)
    {
        this.operands = operands;
        this.path = path;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var result = TLink.Local(operands.Work, 0);
        var frame = TLink.Local(operands.Work, 1);
        var product = TLink.Local(operands.Work, 2);

        // What is known stands in `frame`, what is wanted goes to `result`; both in the eigenbasis, times i.
        SpectralTurn<TLink, T>.Turned(operands, item, ref frame, ref product);
        TLink.Copy(frame, ref result);
        T inverseNorm = T.Of(1 / Algebra.NormOf<TLink, T>());
        for (int k = 0; k < TLink.Order; k++) TLink.SetDiagonal(k, T.Of(0), inverseNorm * T.Load(operands.PhaseCotangents, (item * TLink.Order) + k), ref result);
        for (int j = 0; j < TLink.Order; j++)
        {
            for (int k = j + 1; k < TLink.Order; k++)
            {
                operands.Map.Differences(item, j, k, out T half, out T halfImage, out T ratio);
                Trigonometry.SinCos(halfImage - half, out T sin, out T cos);
                T size = path != 0 ? T.Of(1) / ratio : ratio;

                // G = R* G′, or G′ = G/R*.
                TLink.MultiplyPair(j, k, size * cos, path != 0 ? size * sin : -(size * sin), ref result);
            }
        }

        // e^{−iD} G − e^{−iD′} G′ with G before and G′ after the map.
        TLink.Copy(result, ref product);
        Shift(item, ref product, path != 0 ? 1 : 0);
        Shift(item, ref frame, path != 0 ? 0 : 1);
        TLink.Scale(T.Of(-1), ref frame);
        TLink.AddScaled(T.Of(1), product, ref frame);
        if (path != 0) TLink.Scale(T.Of(-1), ref frame);

        var basis = TLink.Open(operands.Bases, item);
        TLink.Multiply(basis, result, ref product);
        TLink.MultiplyAdjoint(product, basis, ref result);
        Write(operands.Cotangents, T.Index(operands.Active, 2 * item), result);
        TLink.Multiply(basis, frame, ref product);
        TLink.MultiplyAdjoint(product, basis, ref frame);
        Write(operands.FrameCotangents, item, frame);
    }

    // c_jk ← e^{−iD_jk} c_jk, of θ or of θ′.
    private readonly void Shift(int item, ref TLink c, int images)
    {
        for (int j = 0; j < TLink.Order; j++)
        {
            for (int k = j + 1; k < TLink.Order; k++)
            {
                operands.Map.Differences(item, j, k, out T half, out T halfImage, out _);
                Trigonometry.SinCos(T.Of(2) * (images != 0 ? halfImage : half), out T sin, out T cos);
                TLink.MultiplyPair(j, k, cos, -sin, ref c);
            }
        }
    }

    private static void Write(in Reals<T> algebra, int element, in TLink gradient)
    {
        for (int a = 0; a < TLink.Generators; a++) T.Store(algebra, (element * TLink.Generators) + a, T.Of(0));
        TLink.AddAlgebra(algebra, element, T.Of(Algebra.NormOf<TLink, T>()), gradient);
    }
}

using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// The frame of an active link: F, the unitary factor of M = Σ_j c_j V_j = F √(M†M), V_j frozen paths from the end of the link to its beginning. One path alone is its own frame.
/// </summary>
public struct FrameOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The paths; those of active link a are PathsOfOne · a, … .</summary>
    public PathOperands<T> Paths;

    /// <summary>Paths of an active link.</summary>
    public int PathsOfOne;

    /// <summary>The constant part of c_j, a shared field.</summary>
    public Reals<T> Weights;

    /// <summary>Network output, <c>[node][NetStride]</c>.</summary>
    public Reals<T> Net;

    /// <summary>dL/d(output), laid out alike.</summary>
    public Reals<T> NetCotangent;

    /// <summary>Numbers of a node.</summary>
    public int NetStride;

    /// <summary>The first output that is added to a c_j; −1: weights are constant.</summary>
    public int FirstOutput;

    /// <summary>Pairs: the active link, and its node in the network.</summary>
    public Table Active;

    /// <summary>F, <c>[active]</c>, a field of links.</summary>
    public Reals<T> Frames;

    /// <summary>∂_a L by F → F e^{i s T_a}, <c>[active]</c>, an algebra field.</summary>
    public Reals<T> FrameCotangents;

    /// <summary>The eigenvectors of M†M, <c>[active]</c>, a field of links.</summary>
    public Reals<T> Bases;

    /// <summary>The singular values of M, <c>[active][N]</c>.</summary>
    public Reals<T> Singular;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly FrameOperands<T> At(in Place place)
    {
        var bound = this;
        bound.Paths = Paths.At(place);
        bound.Net = Net.At(place);
        bound.NetCotangent = NetCotangent.At(place);
        bound.Frames = Frames.At(place);
        bound.FrameCotangents = FrameCotangents.At(place);
        bound.Bases = Bases.At(place);
        bound.Singular = Singular.At(place);
        return bound;
    }

    /// <summary>c_j of an active link.</summary>
    public readonly T Weight(int item, int j)
    {
        T constant = T.Uniform(Weights, j);
        return FirstOutput < 0 ? constant : constant + T.Load(Net, Output(item, j));
    }

    /// <summary>The network output that c_j is made of.</summary>
    public readonly int Output(int item, int j) => (T.Index(Active, (2 * item) + 1) * NetStride) + FirstOutput + j;
}

/// <summary>F, see <see cref="FrameOperands{T}"/>. An item is an active link.</summary>
/// <remarks>
/// M†M = W σ² W† by rotations, F = M W σ⁻¹ W†. Of SU(2) and U(1) sums are multiples of group elements: F = M/|M|. Where a singular value vanishes F is not continuous; it is unitary to rounding while
/// σ_min/σ_max &gt; 10⁻⁸.
/// </remarks>
public struct PolarFrame<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 4;

    private FrameOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public PolarFrame(in FrameOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var sum = TLink.Local(operands.Paths.Work, 0);
        int path = item * operands.PathsOfOne;
        if (operands.PathsOfOne == 1)
        {
            TLink.Copy(TLink.Open(operands.Paths.Values, path), ref sum);
            TLink.Store(operands.Frames, item, sum);
            return;
        }

        TLink.SetZero(ref sum);
        for (int j = 0; j < operands.PathsOfOne; j++) TLink.AddScaled(operands.Weight(item, j), TLink.Open(operands.Paths.Values, path + j), ref sum);
        if (TLink.Order <= 2) Normalise(item, ref sum);
        else Factor(item, ref sum);
        TLink.Store(operands.Frames, item, sum);
    }

    private readonly void Normalise(int item, ref TLink sum)
    {
        TLink.TraceMultiplyAdjoint(sum, sum, out T square, out _);
        T norm = T.Max(T.Of(T.IsDouble ? 1e-150 : 1e-18), T.Sqrt(square * T.Of(1.0 / TLink.Order)));
        for (int k = 0; k < TLink.Order; k++) T.Store(operands.Singular, (item * TLink.Order) + k, norm);
        TLink.Scale(T.Of(1) / norm, ref sum);
    }

    private readonly void Factor(int item, ref TLink sum)
    {
        var square = TLink.Local(operands.Paths.Work, 1);
        var basis = TLink.Local(operands.Paths.Work, 2);
        var product = TLink.Local(operands.Paths.Work, 3);
        TLink.AdjointMultiply(sum, sum, ref square);
        TLink.Diagonalise(ref square, ref basis);
        TLink.Multiply(sum, basis, ref product);
        TLink.SetZero(ref sum);
        for (int k = 0; k < TLink.Order; k++)
        {
            TLink.Entry(square, k, k, out T re, out _);
            T singular = T.Sqrt(T.Max(T.Of(T.IsDouble ? 1e-290 : 1e-35), re));
            T.Store(operands.Singular, (item * TLink.Order) + k, singular);
            TLink.SetDiagonal(k, T.Of(1) / singular, T.Of(0), ref sum);
        }

        TLink.Multiply(product, sum, ref square);
        TLink.MultiplyAdjoint(square, basis, ref sum);
        TLink.Store(operands.Bases, item, basis);
    }
}

/// <summary>∂_a L of the paths and dL/dc_j from ∂_a L of the frame. Adds to the cotangents of the paths. An item is an active link.</summary>
/// <remarks>
/// With dF = F i Y and H = √(M†M): F†dM − dM†F = i(YH + HY), so that in the basis of H Y_jk = −i(F†dM − dM†F)_jk/(σ_j + σ_k). dL = κ tr(G Y) = 2κ Im tr(Q F† dM), Q_jk = G_jk/(σ_j + σ_k). A path,
/// dM = c_j i X V_j, thus gains 2κ c_j Re tr(T_a V_j Q F†), its weight 2κ Im tr(Q F† V_j).
/// </remarks>
public struct PolarFrameVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 3;

    private FrameOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public PolarFrameVjp(in FrameOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        // i G, then i Q F†.
        var gradient = TLink.Local(operands.Paths.Work, 0);
        var product = TLink.Local(operands.Paths.Work, 1);
        var other = TLink.Local(operands.Paths.Work, 2);
        double norm = Algebra.NormOf<TLink, T>();
        int path = item * operands.PathsOfOne;
        TLink.FromAlgebra(operands.FrameCotangents, item, T.Of(1), ref gradient);
        if (operands.PathsOfOne == 1)
        {
            TLink.Multiply(TLink.Open(operands.Frames, item), gradient, ref product);
            TLink.MultiplyAdjoint(product, TLink.Open(operands.Frames, item), ref other);
            TLink.AddAlgebra(operands.Paths.PathCotangents, path, T.Of(norm), other);
            return;
        }

        if (TLink.Order <= 2) TLink.Scale(T.Of(0.5) / T.Load(operands.Singular, item * TLink.Order), ref gradient);
        else Divide(item, ref gradient, ref product);
        TLink.MultiplyAdjoint(gradient, TLink.Open(operands.Frames, item), ref product);
        for (int j = 0; j < operands.PathsOfOne; j++)
        {
            TLink.Multiply(TLink.Open(operands.Paths.Values, path + j), product, ref other);
            TLink.AddAlgebra(operands.Paths.PathCotangents, path + j, T.Of(2 * norm) * operands.Weight(item, j), other);
            if (operands.FirstOutput < 0) continue;
            TLink.Trace(other, out T re, out _);
            T.Store(operands.NetCotangent, operands.Output(item, j), T.Of(-2 * norm) * re);
        }
    }

    private readonly void Divide(int item, ref TLink gradient, ref TLink product)
    {
        var basis = TLink.Open(operands.Bases, item);
        var singular = operands.Singular.From(item * TLink.Order);
        TLink.AdjointMultiply(basis, gradient, ref product);
        TLink.Multiply(product, basis, ref gradient);
        for (int j = 0; j < TLink.Order; j++)
        {
            T sigma = T.Load(singular, j);
            TLink.Entry(gradient, j, j, out _, out T im);
            TLink.SetDiagonal(j, T.Of(0), im / (sigma + sigma), ref gradient);
            for (int k = j + 1; k < TLink.Order; k++) TLink.MultiplyPair(j, k, T.Of(1) / (sigma + T.Load(singular, k)), T.Of(0), ref gradient);
        }

        TLink.Multiply(basis, gradient, ref product);
        TLink.MultiplyAdjoint(product, basis, ref gradient);
    }
}

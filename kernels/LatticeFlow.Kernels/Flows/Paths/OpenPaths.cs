using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>V = the product of the links of a path. An item is a path.</summary>
public struct OpenPaths<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    private PathOperands<T> operands;

    /// <summary>The kernel of these operands; items = paths.</summary>
    public OpenPaths(in PathOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var product = TLink.Local(operands.Work, 0);
        var other = TLink.Local(operands.Work, 1);
        TLink.SetOne(ref product);
        int end = T.Index(operands.Starts, item + 1);
        for (int k = T.Index(operands.Starts, item); k < end; k++) operands.Extend(T.Index(operands.Entries, k), ref product, ref other);
        TLink.Store(operands.Values, item, product);
    }
}

/// <summary>
/// ∂_a L of a link += sign · Σ over the paths that hold it of ∂_b L of the path, turned to where the link stands. An item is a link that occurs in paths.
/// </summary>
/// <remarks>
/// Let G = ∂_b L T_b of V = A U B. U → e^{iX} U gives V → e^{iY} V with Y = A X A†, so that the link gains A† G A; V = A U† B gives Y = −A U† X U A†, so that it gains −(A U†)† G (A U†).
/// </remarks>
public struct OpenPathsVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 3;

    private readonly double sign;
    private PathOperands<T> operands;

    /// <summary>The kernel of these operands; items = links that occur in paths.</summary>
    public OpenPathsVjp(in PathOperands<T> operands, double sign)
    {
        this.operands = operands;
        this.sign = sign;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int link = T.Index(operands.Uses, 2 * item), first = T.Index(operands.Uses, (2 * item) + 1), end = T.Index(operands.Uses, (2 * item) + 3);
        for (int k = first; k < end; k++) Add(link, T.Index(operands.Occurrences, 2 * k), T.Index(operands.Occurrences, (2 * k) + 1));
    }

    private readonly void Add(int link, int path, int place)
    {
        var product = TLink.Local(operands.Work, 0);
        var other = TLink.Local(operands.Work, 1);
        var gradient = TLink.Local(operands.Work, 2);
        TLink.SetOne(ref product);
        int start = T.Index(operands.Starts, path), entry = T.Index(operands.Entries, start + place);
        for (int k = 0; k < place; k++) operands.Extend(T.Index(operands.Entries, start + k), ref product, ref other);
        if (entry < 0) operands.Extend(entry, ref product, ref other);
        TLink.FromAlgebra(operands.PathCotangents, path, T.Of(1), ref gradient);
        TLink.AdjointMultiply(product, gradient, ref other);
        TLink.Multiply(other, product, ref gradient);
        TLink.AddAlgebra(operands.Cotangents, link, T.Of((entry < 0 ? -sign : sign) * Algebra.NormOf<TLink, T>()), gradient);
    }
}

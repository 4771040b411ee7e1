using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>∂_a L of the staples and their links, and dL/dc of single plaquettes, from Y with dL = Re tr(Y dM), see <see cref="StapleSums{TLink, T}"/>; adds to both. An item is an active link.</summary>
/// <remarks>A path with dL = Re tr(Z dV) gains −Im tr(T_a V Z). What stands in the place of a link, X_i, is held fixed: that it depends on it is the work of <see cref="StapleInsertedVjp{TLink, T}"/>.</remarks>
public struct StapleSumsVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 5;

    private StapleOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public StapleSumsVjp(in StapleOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        for (int j = 0; j < operands.Staples; j++) Add(item, j);
    }

    private readonly TLink Path(int path) => TLink.Open(operands.Paths.Values, path);

    private readonly void Add(int item, int j)
    {
        var work = operands.Paths.Work;
        TLink first = TLink.Local(work, 0), second = TLink.Local(work, 1), third = TLink.Local(work, 2);
        TLink product = TLink.Local(work, 3), other = TLink.Local(work, 4);
        T re = operands.Coefficient(item, StapleTerms.Plaquette), im = T.Of(0);
        StapleSums<TLink, T>.Insert(operands, item, j, 0, ref first, ref product, ref other, ref re, ref im);
        StapleSums<TLink, T>.Insert(operands, item, j, 1, ref second, ref product, ref other, ref re, ref im);
        StapleSums<TLink, T>.Insert(operands, item, j, 2, ref third, ref product, ref other, ref re, ref im);
        var y = TLink.OpenMatrix(operands.SumCotangents, item);
        var cotangents = operands.Paths.PathCotangents;
        int staple = operands.Staple(item, j), link = operands.LinkOf(item, j, 0);
        TLink.Multiply(Path(staple), y, ref product);
        TLink.AddAlgebra(cotangents, staple, -re, product);
        if (operands.Terms.HasImaginary) TLink.AddAlgebraReal(cotangents, staple, -im, product);
        TLink.Trace(product, out T zRe, out _);
        operands.AddToCoefficient(item, StapleTerms.Plaquette, zRe);

        // The links of the staple where they go before or after what was inserted.
        TLink.Multiply(second, Path(link + 2), ref product);
        TLink.AddMultiply(Path(link + 1), third, ref product);
        TLink.Multiply(product, y, ref other);
        AddTo(link, other, ref product);
        TLink.Multiply(Path(link + 2), y, ref product);
        TLink.Multiply(product, first, ref other);
        TLink.Multiply(third, y, ref product);
        TLink.AddMultiply(product, Path(link), ref other);
        AddTo(link + 1, other, ref product);
        TLink.Multiply(first, Path(link + 1), ref product);
        TLink.AddMultiply(Path(link), second, ref product);
        TLink.Multiply(y, product, ref other);
        AddTo(link + 2, other, ref product);
    }

    // A path with dL = Re tr(z dV).
    private readonly void AddTo(int path, in TLink z, ref TLink product)
    {
        TLink.Multiply(Path(path), z, ref product);
        TLink.AddAlgebra(operands.Paths.PathCotangents, path, T.Of(-1), product);
    }
}

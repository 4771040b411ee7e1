using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>∂_a L of the staples and their links, and dL/dc of single plaquettes, from Y with dL = Re tr(Y dM), see <see cref="StapleSums{TLink, T}"/>; adds to both. An item is an active link.</summary>
/// <remarks>A path with dL = Re tr(Z dV) gains −Im tr(T_a V Z). What stands in the place of a link, X_i, is held fixed: what it depends on is the work of
/// <see cref="StapleNeighboursVjp{TLink, T}"/>, <see cref="StapleBacktracksVjp{TLink, T}"/> and <see cref="StapleTracesVjp{TLink, T}"/>.</remarks>
public struct StapleSumsVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    private StapleOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public StapleSumsVjp(in StapleOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        TLink sum = TLink.Local(operands.Paths.Work, 0), product = TLink.Local(operands.Paths.Work, 1);
        var values = operands.Paths.Values;
        var cotangents = operands.Paths.PathCotangents;
        for (int j = 0; j < operands.Staples; j++)
        {
            StapleSums<TLink, T>.CoefficientOf(operands, item, j, out T re, out T im);
            int staple = operands.Staple(item, j);
            TLink.Multiply(TLink.Open(values, staple), TLink.OpenMatrix(operands.SumCotangents, item), ref product);
            TLink.AddAlgebra(cotangents, staple, -re, product);
            if (operands.Terms.HasImaginary) TLink.AddAlgebraReal(cotangents, staple, -im, product);
            TLink.Trace(product, out T zRe, out _);
            operands.AddToCoefficient(item, operands.PlaquetteTerm(item, j), zRe);
        }

        // The links of the staple where they go before or after what was inserted: what follows one, Y, and what goes before it.
        for (int place = 0; place < (operands.Neighbours == 0 ? 0 : operands.LinksOfOne); place++)
        {
            int j = place / StapleOperands<T>.LinksOfStaple, i = place % StapleOperands<T>.LinksOfStaple, own = operands.LinkOf(item, 0, place);
            TLink.SetZero(ref sum);
            for (int other = 0; other < operands.LinksOfOne; other++)
            {
                if (other / StapleOperands<T>.LinksOfStaple != j || other == place) continue;
                TLink.Multiply(Factor(item, other, i + 1), Factor(item, other, i + 2), ref product);
                TLink.AddMultiply(product, Factor(item, other, i + 3), ref sum);
            }

            TLink.Multiply(TLink.Open(values, own), sum, ref product);
            TLink.AddAlgebra(cotangents, own, T.Of(-1), product);
        }
    }

    private readonly TLink Factor(int item, int place, int i) => StapleSums<TLink, T>.Factor(operands, item, place, i % (StapleOperands<T>.LinksOfStaple + 1));
}

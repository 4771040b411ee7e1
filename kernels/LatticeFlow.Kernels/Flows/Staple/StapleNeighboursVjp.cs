using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>∂_a L of the paths Q beside the links of staples where they are inserted in place of these, c_R Q, and dL/dc_R, from Y with dL = Re tr(Y dM), see <see cref="StapleSums{TLink, T}"/>; adds to both. An item is an active link.</summary>
/// <remarks>
/// A path with dL = Re tr(Z dV) gains −Im tr(T_a V Z). With B_i what follows link i of V_j, times Y, times what goes before it: dL = Re tr(B_i dX_i), so that Q has Z = c_R B.
/// Leaves L B_i in the place of X_ji, which nothing needs any more.
/// </remarks>
public struct StapleNeighboursVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    private StapleOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public StapleNeighboursVjp(in StapleOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        TLink b = TLink.Local(operands.Paths.Work, 0), product = TLink.Local(operands.Paths.Work, 1);
        for (int place = 0; place < operands.LinksOfOne; place++)
        {
            After(operands, item, place, ref product, ref b);
            TLink.Multiply(TLink.Open(operands.Paths.Values, operands.LinkOf(item, 0, place)), b, ref product);
            TLink.StoreMatrix(operands.Insertions, operands.Place(item, 0, place), product);
            int path = operands.NeighbourOf(item, 0, place);
            for (int k = 0; k < operands.Neighbours; k++)
            {
                int term = (k == 0 ? operands.Terms.Planar : operands.Terms.Chair) + StapleTerms.Rectangle;
                TLink.Multiply(TLink.Open(operands.Paths.Values, path + k), b, ref product);
                TLink.AddAlgebra(operands.Paths.PathCotangents, path + k, -operands.Coefficient(item, term), product);
                TLink.Trace(product, out T re, out _);
                operands.AddToCoefficient(item, term, re);
            }
        }
    }

    /// <summary>B: the links of a staple after one, Y, and those before it. Uses <paramref name="product"/>.</summary>
    internal static void After(in StapleOperands<T> operands, int item, int place, ref TLink product, ref TLink b)
    {
        int j = place / StapleOperands<T>.LinksOfStaple, i = place % StapleOperands<T>.LinksOfStaple;
        TLink.Multiply(Factor(operands, item, j, i + 1), Factor(operands, item, j, i + 2), ref product);
        TLink.Multiply(product, Factor(operands, item, j, i + 3), ref b);
    }

    // The links of a staple and Y in a circle.
    private static TLink Factor(in StapleOperands<T> operands, int item, int j, int place)
    {
        int i = place % (StapleOperands<T>.LinksOfStaple + 1);
        return i == StapleOperands<T>.LinksOfStaple ? TLink.OpenMatrix(operands.SumCotangents, item) : TLink.Open(operands.Paths.Values, operands.LinkOf(item, j, i));
    }
}

using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// X_ji = Σ_class c_R Q + c_E L Q† L, what stands in the place of a link L of a staple V_j where two plaquettes share it, and the coefficients that traces of L Q† give V_j; Q also stands for the sum of
/// paths of one class. An item is a link of a staple of an active link.
/// </summary>
public struct StapleInsertions<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 3;

    private StapleOperands<T> operands;

    /// <summary>The kernel of these operands; items = 3 · staples · active links.</summary>
    public StapleInsertions(in StapleOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var work = operands.Paths.Work;
        TLink inserted = TLink.Local(work, 0), neighbour = TLink.Local(work, 1), other = TLink.Local(work, 2);
        int one = item / operands.LinksOfOne, place = item % operands.LinksOfOne;
        int path = operands.NeighbourOf(one, 0, place);
        var link = TLink.Open(operands.Paths.Values, operands.LinkOf(one, 0, place));
        T re = T.Of(0), im = T.Of(0);
        TLink.SetZero(ref inserted);
        for (int planes = 0; planes < (operands.Neighbours > 1 ? 2 : 1); planes++)
        {
            int first = planes == 0 ? operands.Terms.Planar : operands.Terms.Chair;
            SumOf(operands, path + planes, planes == 0 ? 1 : operands.Neighbours - 1, ref neighbour);
            TLink.AddScaled(operands.Coefficient(one, first + StapleTerms.Rectangle), neighbour, ref inserted);
            TLink.MultiplyAdjoint(link, neighbour, ref other);
            if (operands.Terms.HasTraces)
            {
                TLink.Trace(other, out T x, out T y);
                re = T.Fma(operands.Coefficient(one, first + StapleTerms.NeighbourReal), x, re);
                if (operands.Terms.HasImaginary) im = T.Fma(operands.Coefficient(one, first + StapleTerms.NeighbourImaginary), y, im);
            }

            TLink.Scale(operands.Coefficient(one, first + StapleTerms.Double), ref other);
            TLink.AddMultiply(other, link, ref inserted);
        }

        TLink.StoreMatrix(operands.Insertions, item, inserted);
        T.Store(operands.Traces, 2 * item, re);
        T.Store(operands.Traces, (2 * item) + 1, im);
    }

    /// <summary>The sum of the paths of one class beside a link, their first path and their number.</summary>
    internal static void SumOf(in StapleOperands<T> operands, int path, int count, ref TLink sum)
    {
        TLink.Copy(TLink.Open(operands.Paths.Values, path), ref sum);
        for (int k = 1; k < count; k++) TLink.AddScaled(T.Of(1), TLink.Open(operands.Paths.Values, path + k), ref sum);
    }
}

using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// M = Σ_j [(c_P + Σ_L (c_T Re t + i c_T′ Im t)) V_j + Σ_L V_j[L → c_R Q + c_E L Q† L]], what the links linear in the active one multiply it with; Q also stands for the sum of paths of one class. An
/// item is an active link.
/// </summary>
public struct StapleSums<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 5;

    private StapleOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public StapleSums(in StapleOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var sum = TLink.Local(operands.Paths.Work, 0);
        TLink.SetZero(ref sum);
        for (int j = 0; j < operands.Staples; j++) AddStaple(item, j, ref sum);
        TLink.StoreMatrix(operands.Sums, item, sum);
    }

    /// <summary>The sum of the paths of one class beside a link, their first path and their number.</summary>
    internal static void SumOf(in StapleOperands<T> operands, int path, int count, ref TLink sum)
    {
        TLink.Copy(TLink.Open(operands.Paths.Values, path), ref sum);
        for (int k = 1; k < count; k++) TLink.AddScaled(T.Of(1), TLink.Open(operands.Paths.Values, path + k), ref sum);
    }

    /// <summary>inserted = Σ_class c_R Q + c_E L Q† L; re and im += the coefficients that traces of L Q† give W_j. Uses <paramref name="neighbour"/> and <paramref name="other"/>.</summary>
    internal static void Insert(in StapleOperands<T> operands, int item, int j, int i, ref TLink inserted, ref TLink neighbour, ref TLink other, ref T re, ref T im)
    {
        var link = TLink.Open(operands.Paths.Values, operands.LinkOf(item, j, i));
        int path = operands.NeighbourOf(item, j, i);
        TLink.SetZero(ref inserted);
        for (int planes = 0; planes < (operands.Neighbours > 1 ? 2 : 1); planes++)
        {
            int first = planes == 0 ? operands.Terms.Planar : operands.Terms.Chair;
            SumOf(operands, path + planes, planes == 0 ? 1 : operands.Neighbours - 1, ref neighbour);
            TLink.AddScaled(operands.Coefficient(item, first + StapleTerms.Rectangle), neighbour, ref inserted);
            TLink.MultiplyAdjoint(link, neighbour, ref other);
            if (operands.Terms.HasTraces)
            {
                TLink.Trace(other, out T x, out T y);
                re = T.Fma(operands.Coefficient(item, first + StapleTerms.NeighbourReal), x, re);
                if (operands.Terms.HasImaginary) im = T.Fma(operands.Coefficient(item, first + StapleTerms.NeighbourImaginary), y, im);
            }

            TLink.Scale(operands.Coefficient(item, first + StapleTerms.Double), ref other);
            TLink.AddMultiply(other, link, ref inserted);
        }
    }

    private readonly void AddStaple(int item, int j, ref TLink sum)
    {
        var inserted = TLink.Local(operands.Paths.Work, 1);
        var neighbour = TLink.Local(operands.Paths.Work, 2);
        var product = TLink.Local(operands.Paths.Work, 3);
        T re = operands.Coefficient(item, StapleTerms.Plaquette), im = T.Of(0);
        for (int i = 0; i < 3; i++)
        {
            Insert(operands, item, j, i, ref inserted, ref neighbour, ref product, ref re, ref im);
            if (i == 0)
            {
                TLink.Multiply(inserted, TLink.Open(operands.Paths.Values, operands.LinkOf(item, j, 1)), ref product);
                TLink.AddMultiply(product, TLink.Open(operands.Paths.Values, operands.LinkOf(item, j, 2)), ref sum);
            }
            else
            {
                TLink.Multiply(TLink.Open(operands.Paths.Values, operands.LinkOf(item, j, 0)), i == 1 ? inserted : TLink.Open(operands.Paths.Values, operands.LinkOf(item, j, 1)), ref product);
                TLink.AddMultiply(product, i == 2 ? inserted : TLink.Open(operands.Paths.Values, operands.LinkOf(item, j, 2)), ref sum);
            }
        }

        TLink.AddScaledComplex(re, im, TLink.Open(operands.Paths.Values, operands.Staple(item, j)), ref sum);
    }
}

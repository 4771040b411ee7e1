using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// M = Σ_j [(c_P + Σ_L (c_T Re t + i c_T′ Im t)) V_j + Σ_L V_j[L → c_R Q + c_E L Q† L]], what the links linear in the active one multiply it with, of what <see cref="StapleInsertions{TLink, T}"/>
/// made. An item is an active link.
/// </summary>
public struct StapleSums<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

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
        var product = TLink.Local(operands.Paths.Work, 1);
        for (int place = 0; place < (operands.Neighbours == 0 ? 0 : operands.LinksOfOne); place++)
        {
            TLink.Multiply(Factor(operands, item, place, 0), Factor(operands, item, place, 1), ref product);
            TLink.AddMultiply(product, Factor(operands, item, place, 2), ref sum);
        }

        for (int j = 0; j < operands.Staples; j++)
        {
            CoefficientOf(operands, item, j, out T re, out T im);
            TLink.AddScaledComplex(re, im, TLink.Open(operands.Paths.Values, operands.Staple(item, j)), ref sum);
        }

        TLink.StoreMatrix(operands.Sums, item, sum);
    }

    /// <summary>The complex coefficient of V_j: c_P and those of traces.</summary>
    internal static void CoefficientOf(in StapleOperands<T> operands, int item, int j, out T re, out T im)
    {
        re = operands.Coefficient(item, operands.PlaquetteTerm(item, j));
        im = T.Of(0);
        for (int i = 0; i < (operands.Neighbours == 0 ? 0 : StapleOperands<T>.LinksOfStaple); i++)
        {
            int place = operands.Place(item, j, i);
            re += T.Load(operands.Traces, 2 * place);
            im += T.Load(operands.Traces, (2 * place) + 1);
        }
    }

    /// <summary>Link i of the staple that link <paramref name="place"/> of all belongs to, or what is inserted where this is the link; i = 3: Y.</summary>
    internal static TLink Factor(in StapleOperands<T> operands, int item, int place, int i)
    {
        int j = place / StapleOperands<T>.LinksOfStaple;
        if (i == StapleOperands<T>.LinksOfStaple) return TLink.OpenMatrix(operands.SumCotangents, item);
        return operands.Place(0, j, i) == place ? TLink.OpenMatrix(operands.Insertions, operands.Place(item, j, i)) : TLink.Open(operands.Paths.Values, operands.LinkOf(item, j, i));
    }
}

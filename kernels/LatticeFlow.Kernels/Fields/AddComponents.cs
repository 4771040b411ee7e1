using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>Total[Element] = Σ_k λ_k S_k with the coefficients λ of each replica, k = 0 … Count − 1 in this order, in double. One item.</summary>
/// <remarks>Floor: 2 Count multiply-adds and 3 Count numbers a replica, nothing beside the sums that S_k come from.</remarks>
public struct AddComponents<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>S_k, and behind them room for the products.</summary>
    public Sums Components;

    /// <summary>How many.</summary>
    public int Count;

    /// <summary>λ_k of each replica.</summary>
    public Reals<T> Coefficients;

    /// <summary>Where the sum goes.</summary>
    public Sums Total;

    /// <summary>The element of the total.</summary>
    public int Element;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Components = Components.At<T>(place);
        Coefficients = Coefficients.At(place);
        Total = Total.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        for (int k = 0; k < Count; k++)
        {
            T.SumTo(Components, Count + k, Components, k, 1, 1, 1);
            T.ScaleBy(Components, Count + k, T.Load(Coefficients, k));
        }

        T.SumTo(Total, Element, Components, Count, 1, Count, 1);
    }
}

using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>Total[Element] = strength · Σ_i Terms[First + Stride · i], i = 0 … Count − 1. One item.</summary>
public struct WeighSum<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>What is summed.</summary>
    public Sums Terms;

    /// <summary>The first of them.</summary>
    public int First;

    /// <summary>How many.</summary>
    public int Count;

    /// <summary>From one to the next.</summary>
    public int Stride;

    /// <summary>Where the sum goes.</summary>
    public Sums Total;

    /// <summary>The element of the total.</summary>
    public int Element;

    /// <summary>The factor of each replica, one number.</summary>
    public Reals<T> Strength;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Terms = Terms.At<T>(place);
        Total = Total.At<T>(place);
        Strength = Strength.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T.SumTo(Total, Element, Terms, First, Stride, Count, 1);
        T.ScaleBy(Total, Element, T.Load(Strength, 0));
    }
}

using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>Action[Element] = s S + s log q, of which log q = −ln|det| is the sum of the layers: the action that a flow leaves for its prior. One item.</summary>
public struct AddFlowed<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>s S and −ln|det|, see <see cref="FlowTotals"/>; log q is multiplied with s.</summary>
    public Sums Totals;

    /// <summary>Where the sum goes.</summary>
    public Sums Action;

    /// <summary>Which element of it.</summary>
    public int Element;

    /// <summary>s, one number.</summary>
    public Reals<T> Strength;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Totals = Totals.At<T>(place);
        Action = Action.At<T>(place);
        Strength = Strength.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T.ScaleBy(Totals, FlowTotals.LogDensity, T.Load(Strength, 0));
        T.SumTo(Action, Element, Totals, FlowTotals.LogDensity, FlowTotals.Action - FlowTotals.LogDensity, FlowTotals.Count, 1);
    }
}

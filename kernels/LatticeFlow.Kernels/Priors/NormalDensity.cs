using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Priors;

/// <summary>log q += −Σ_i [½ x_i² + ½ ln 2π] over the numbers of a configuration, summed in double in the order of i. One item.</summary>
public struct NormalDensity<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>x, <c>[number]</c>.</summary>
    public Reals<T> Values;

    /// <summary>Log q, see <see cref="FlowTotals"/>.</summary>
    public Sums Totals;

    /// <summary>Numbers of a configuration.</summary>
    public int Numbers;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Values = Values.At(place);
        Totals = Totals.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T factor = T.Of(-0.5);
        for (int i = 0; i < Numbers; i++)
        {
            T x = T.Load(Values, i);
            T.AddTo(Totals, FlowTotals.LogDensity, factor * x * x);
        }

        // In two parts, so that nothing of the constant is lost in float.
        double constant = -HalfLogTwoPi * Numbers, rounded = (float)constant;
        T.AddTo(Totals, FlowTotals.LogDensity, T.Of(rounded));
        T.AddTo(Totals, FlowTotals.LogDensity, T.Of(constant - rounded));
    }
}

/// <summary>∂ log r/∂x = −x, added to the cotangents. An item is a number.</summary>
public struct NormalGradient<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>x, <c>[number]</c>.</summary>
    public Reals<T> Values;

    /// <summary>∂ log q/∂x, <c>[number]</c>.</summary>
    public Reals<T> Cotangents;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Values = Values.At(place);
        Cotangents = Cotangents.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item) => T.Store(Cotangents, item, T.Load(Cotangents, item) - T.Load(Values, item));
}

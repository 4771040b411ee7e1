using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>Starts a pass of a flow: the numbers of a configuration from a double field, angles wrapped; log-density and action zero. An item is a number.</summary>
public struct StartFlow<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>The numbers, double.</summary>
    public Sums Configurations;

    /// <summary>Log q and S, see <see cref="FlowTotals"/>.</summary>
    public Sums Totals;

    /// <summary>Where the numbers go.</summary>
    public Reals<T> Values;

    /// <summary>1 where numbers are angles, else 0.</summary>
    public int Angles;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Configurations = Configurations.At<T>(place);
        Totals = Totals.At<T>(place);
        Values = Values.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T value = T.LoadFrom(Configurations, item);
        T.Store(Values, item, Angles != 0 ? Angle.Wrap(value) : value);
        if (item != 0) return;
        T.StoreTo(Totals, FlowTotals.LogDensity, T.Of(0.0));
        T.StoreTo(Totals, FlowTotals.Action, T.Of(0.0));
    }
}

/// <summary>The double sums a flow keeps for every replica.</summary>
public static class FlowTotals
{
    /// <summary>log q.</summary>
    public const int LogDensity = 0;

    /// <summary>S.</summary>
    public const int Action = 1;

    /// <summary>How many.</summary>
    public const int Count = 2;
}

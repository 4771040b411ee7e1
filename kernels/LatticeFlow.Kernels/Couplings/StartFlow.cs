using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Couplings;

/// <summary>
/// Starts a pass of a flow: links θ_l from a double field of angles, wrapped; log-density, action and dL/dθ zero.
/// An item is a link.
/// </summary>
public struct StartFlow<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private Sums angles;
    private Sums totals;
    private Reals<T> links;
    private Reals<T> cotangent;

    /// <summary>The kernel; <paramref name="totals"/> holds log q and S; items = links.</summary>
    public StartFlow(Sums angles, Sums totals, Reals<T> links, Reals<T> cotangent)
    {
        this.angles = angles;
        this.totals = totals;
        this.links = links;
        this.cotangent = cotangent;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        angles = angles.At<T>(place);
        totals = totals.At<T>(place);
        links = links.At(place);
        cotangent = cotangent.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T.Store(links, item, Angle.Wrap(T.LoadFrom(angles, item)));
        T.Store(cotangent, item, T.Of(0.0));
        if (item != 0) return;
        T.StoreTo(totals, FlowTotals.LogDensity, T.Of(0.0));
        T.StoreTo(totals, FlowTotals.Action, T.Of(0.0));
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

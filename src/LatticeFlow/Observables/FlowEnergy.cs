using System.Globalization;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;
using LatticeFlow.Smearing;

namespace LatticeFlow.Observables;

/// <summary>
/// E(t_k) of <see cref="CloverEnergy"/> along the <see cref="GradientFlow"/>, at t_k = 0.1 k, k = 1 … 10 T. What the scales t0 and w0 are made of: they are functions of mean values and belong to the analysis.
/// </summary>
public sealed class FlowEnergy : ILinkObservable
{
    /// <summary>From one t_k to the next.</summary>
    public const double Spacing = 0.1;

    /// <summary>The least T.</summary>
    public const double LeastTime = 0.4;

    /// <summary>Up to flow time T, a multiple of 0.1. Beyond √(8T) = L/2 the flow has smoothed over the whole lattice.</summary>
    /// <exception cref="ArgumentException">T is below 0.4 or no multiple of 0.1.</exception>
    public FlowEnergy(double time)
    {
        int count = (int)Math.Round(time / Spacing);
        if (!(time >= LeastTime - 1e-9) || !(Math.Abs((count * Spacing) - time) < 1e-9)) throw new ArgumentException($"flow energies up to t = {time}: the time is a multiple of {Spacing} and at least {LeastTime}.", nameof(time));
        Name = string.Create(CultureInfo.InvariantCulture, $"flow_energy_{Math.Round(time, 1)}");
        Shape = [count];
        SmearingSteps = [.. Enumerable.Range(1, count).Select(k => FlowTimes.Named.StepsTo(k * Spacing))];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Shape { get; }

    /// <inheritdoc/>
    public LinkSmearing? Smearing => GradientFlow.Named;

    /// <inheritdoc/>
    public IReadOnlyList<int> SmearingSteps { get; }

    /// <inheritdoc/>
    public IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T> => CloverSteps.Energy<T>(device, stencil, group);
}

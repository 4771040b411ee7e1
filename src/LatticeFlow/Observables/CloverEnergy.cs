using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>
/// E = mean over the sites of ¼ F^a_μν F^a_μν, summed over all μ, ν, with the field strength of the clover: F_μν = (1/8i)(C − C†) − trace, C the sum of the four plaquettes of the plane at a site. Lattice
/// units; the coupling is in the field. U(1): ¼ F_μν F_μν.
/// </summary>
/// <remarks>Source: M. Lüscher, arXiv:1006.4518, eq. (2.1) and its "symmetric" definition.</remarks>
public sealed class CloverEnergy : ILinkObservable
{
    /// <inheritdoc/>
    public string Name => "clover_energy";

    /// <inheritdoc/>
    public IReadOnlyList<int> Shape => [];

    /// <inheritdoc/>
    public IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T> => CloverSteps.Energy<T>(device, stencil, group);
}

using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>
/// Q = (1/32π²) Σ_x ε_μνρσ tr F_μν(x) F_ρσ(x), ε_0123 = 1, of SU(N) in four dimensions, with the field strength of <see cref="CloverEnergy"/>. It is near an integer for smooth links only: measure it after
/// some gradient flow.
/// </summary>
/// <remarks>Source: P. Di Vecchia, K. Fabricius, G. C. Rossi, G. Veneziano, Nucl. Phys. B 192 (1981) 392.</remarks>
public sealed class CloverCharge : ILinkObservable
{
    /// <summary>Q.</summary>
    /// <exception cref="NotSupportedException">The lattice is not four-dimensional.</exception>
    public CloverCharge(LatticeGeometry lattice)
    {
        if (lattice.Dimensions != 4) throw new NotSupportedException($"observable '{Name}': F F-dual is defined in four dimensions; the lattice is {lattice}.");
    }

    /// <inheritdoc/>
    public string Name => "clover_charge";

    /// <inheritdoc/>
    public IReadOnlyList<int> Shape => [];

    /// <inheritdoc/>
    public IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T> => group == GaugeGroup.U1
            ? throw new NotSupportedException($"observable '{Name}': smooth U1 fields have no instantons in four dimensions; it is for SU2 … SU8.")
            : CloverSteps.Charge<T>(device, stencil, group);
}

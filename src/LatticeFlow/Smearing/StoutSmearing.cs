using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Smearing;

/// <summary>
/// Stout links: U → e^{iQ} U, iQ = −ρ P_TA(U V), V the sum of the paths that close plaquettes around U and P_TA(w) = (w − w†)/2 − trace (U(1): no trace is removed). It is a step of Euler's method for the gradient flow, of length ρ.
/// </summary>
/// <remarks>Source: C. Morningstar, M. Peardon, Phys. Rev. D 69 (2004) 054501, eqs. (1) to (3) with the same ρ in all planes that are smeared in.</remarks>
/// <param name="Rho">ρ.</param>
/// <param name="Directions">Which links.</param>
public sealed record StoutSmearing(double Rho, SmearedDirections Directions = SmearedDirections.All) : LinkSmearing(Directions)
{
    /// <summary>ρ of the observables that have names: below the 1/8 at which four dimensions become unstable.</summary>
    public const double NamedRho = 0.1;

    private static readonly FlowStage[] Stages = [new(1, 1)];

    /// <inheritdoc/>
    public override string Suffix(int steps) => Suffix("stout", steps);

    /// <inheritdoc/>
    public override ISmearingSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group, Field<T> links)
    {
        if (!double.IsFinite(Rho)) throw new ArgumentException($"stout smearing with rho = {Rho}: rho is a number.");
        return ForceSmearing.Bind(device, stencil, group, links, Couplings(stencil.Layout.Lattice, ForceSmearing.UnitCoupling(group)), Stages, _ => Rho);
    }
}

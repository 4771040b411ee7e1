using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Smearing;

/// <summary>
/// The gradient flow of Wilson's action, dV/dt = −g0² {∂ S_W(V)} V = i F V: F the force of S = −2 Σ_p Re tr P (U(1): −Σ_p cos θ_P), so that A_μ obeys ∂_t A_μ = D_ν G_νμ and a plane wave of small
/// amplitude decays with e^{−p̂² t}, p̂_μ = 2 sin(p_μ/2). t is in units of the lattice spacing squared and smooths over a radius of √(8t) in four dimensions.
/// </summary>
/// <remarks>Source: M. Lüscher, arXiv:1006.4518, eq. (1.4), and the third-order Runge–Kutta method of its appendix C, whose error falls with the third power of the step.</remarks>
/// <param name="Times">Where the steps end.</param>
public sealed record GradientFlow(FlowTimes Times) : LinkSmearing(SmearedDirections.All)
{
    // W1 = e^{Z0/4} W0, W2 = e^{8/9 Z1 − 17/36 Z0} W1, V = e^{3/4 Z2 − 8/9 Z1 + 17/36 Z0} W2, with A = F0, F0 − 32/17 F1, F0 − 32/17 F1 + 27/17 F2 kept in one field.
    private static readonly FlowStage[] Stages = [new(1, 1.0 / 4), new(-32.0 / 17, -17.0 / 36), new(27.0 / 17, 17.0 / 36)];

    /// <summary>The flow of the observables that have names.</summary>
    public static GradientFlow Named { get; } = new(FlowTimes.Named);

    /// <inheritdoc/>
    public override string Suffix(int steps) => Suffix("flow", Times.After(steps));

    /// <inheritdoc/>
    public override ISmearingSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group, Field<T> links) =>
        ForceSmearing.Bind(device, stencil, group, links, Couplings(stencil.Layout.Lattice, ForceSmearing.UnitCoupling(group)), Stages, Times.Step);
}

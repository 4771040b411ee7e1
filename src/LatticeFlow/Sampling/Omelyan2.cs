namespace LatticeFlow.Sampling;

/// <summary>
/// Second-order minimum-norm integrator: kick λ, drift ½, kick 1 − 2λ, drift ½, kick λ. ΔH = O(ε²) with a coefficient about ten times smaller
/// than that of leapfrog, for two forces a step.
/// </summary>
/// <remarks>Source: I. P. Omelyan, I. M. Mryglod, R. Folk, Comput. Phys. Commun. 151 (2003) 272; λ as in T. Takaishi, P. de Forcrand, Phys. Rev. E 73 (2006) 036706.</remarks>
public sealed class Omelyan2 : IIntegrator
{
    /// <summary>The λ of minimal error norm.</summary>
    public const double Lambda = 0.1931833275037836;

    /// <inheritdoc/>
    public string Name => "omelyan2";

    /// <inheritdoc/>
    public int ForcesOfStep => 2;

    /// <inheritdoc/>
    public IReadOnlyList<IntegratorPart> Trajectory(int steps) => Integrators.Repeat(
        [
            new(IntegratorUpdate.Kick, Lambda),
            new(IntegratorUpdate.Drift, 0.5),
            new(IntegratorUpdate.Kick, 1 - (2 * Lambda)),
            new(IntegratorUpdate.Drift, 0.5),
            new(IntegratorUpdate.Kick, Lambda),
        ],
        steps);
}

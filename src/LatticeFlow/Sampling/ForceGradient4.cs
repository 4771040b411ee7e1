namespace LatticeFlow.Sampling;

/// <summary>
/// Fourth-order force-gradient integrator: kick 1/6, drift 1/2, kick 2/3 with the force at displaced links, drift 1/2, kick 1/6. ΔH = O(ε⁴) for three forces a step.
/// </summary>
/// <remarks>
/// With F_a = −∂_a S the exact middle update is p_a += ⅔ ε F_a + (ε³/72) ∂_a(F_b F_b). Now ∂_a(F_b F_b) = 2 F_b ∂_a F_b = 2 F_b ∂_b F_a, since F_b [∂_a, ∂_b] S ∝ f_abc F_b F_c = 0, so it is
/// ⅔ ε (F_a + (ε²/24) F_b ∂_b F_a) = ⅔ ε F_a(U') + O(ε⁵) with U' = exp(i (ε²/24) F(U)) U. The update adds a function of the links alone to the momenta and leaves the links: a
/// shear, which keeps the volume exactly and is undone exactly by its negative. So trajectories are reversible and area-preserving to rounding and Metropolis is exact. F(U'(U)) is
/// no gradient beyond O(ε⁵), so the map is not symplectic there: nothing but the conservation of a shadow Hamiltonian over very long trajectories rests on that.
/// Source: I. P. Omelyan, I. M. Mryglod, R. Folk, Comput. Phys. Commun. 151 (2003) 272; M. A. Clark, B. Joó, A. D. Kennedy, P. J. Silva, Phys. Rev. D 84 (2011) 071502;
/// displaced links: H. Yin, R. D. Mawhinney, PoS LATTICE2011 (2011) 051, arXiv:1111.5059.
/// </remarks>
public sealed class ForceGradient4 : IIntegrator
{
    /// <inheritdoc/>
    public string Name => "force_gradient4";

    /// <inheritdoc/>
    public int ForcesOfStep => 3;

    /// <inheritdoc/>
    public IReadOnlyList<IntegratorPart> Trajectory(int steps) => Integrators.Repeat(
        [
            new(IntegratorUpdate.Kick, 1.0 / 6),
            new(IntegratorUpdate.Drift, 0.5),
            new(IntegratorUpdate.DisplacedKick, 2.0 / 3, 1.0 / 24),
            new(IntegratorUpdate.Drift, 0.5),
            new(IntegratorUpdate.Kick, 1.0 / 6),
        ],
        steps);
}

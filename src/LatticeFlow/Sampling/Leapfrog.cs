namespace LatticeFlow.Sampling;

/// <summary>Kick ½, drift 1, kick ½. ΔH = O(ε²) over a trajectory.</summary>
/// <remarks>Source: S. Duane, A. D. Kennedy, B. J. Pendleton, D. Roweth, Phys. Lett. B 195 (1987) 216.</remarks>
public sealed class Leapfrog : IIntegrator
{
    /// <inheritdoc/>
    public string Name => "leapfrog";

    /// <inheritdoc/>
    public int ForcesOfStep => 1;

    /// <inheritdoc/>
    public IReadOnlyList<IntegratorPart> Trajectory(int steps) =>
        Integrators.Repeat([new(IntegratorUpdate.Kick, 0.5), new(IntegratorUpdate.Drift, 1), new(IntegratorUpdate.Kick, 0.5)], steps);
}

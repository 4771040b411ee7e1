using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// Microcanonical Monte Carlo with a Metropolis step: momenta of a fixed length √d in a random direction, a trajectory of isokinetic dynamics dU/dt = i P U, dp/dt = (1 − p pᵀ/d) F d/(d − 1), and acceptance with min(1, exp(−W)),
/// W = ΔS + (d − 1) Σ ln z over the kicks (<see cref="Kernels.Markov.IsokineticTurn{T}"/>), d the number of momenta.
/// </summary>
/// <remarks>
/// A drift keeps Haar measure times the uniform measure of the sphere; a kick leaves U and maps the sphere onto itself with the Jacobian z^{−(d−1)}; with −p in place of p each is its own reverse, so that a palindrome of them is a reversible
/// map with the Jacobian e^{−(d−1) Σ ln z}: min(1, e^{−ΔS} · Jacobian) leaves exp(−S) invariant at any step size. Time is that of Hamiltonian Monte Carlo: p² = d instead of d on average. Sources: J. Robnik, G. B. De Luca, E. Silverstein,
/// U. Seljak, JMLR 24 (2023) 311, arXiv:2212.08549; J. Robnik, R. Cohn, U. Seljak, arXiv:2503.01707.
/// </remarks>
public sealed class MicrocanonicalMonteCarlo : ITransition
{
    /// <summary>With the integrator, lengths and steps of a trajectory of one time scale.</summary>
    /// <exception cref="ArgumentException">There are several time scales, or the integrator displaces the field in its kicks.</exception>
    public MicrocanonicalMonteCarlo(HamiltonianMonteCarlo dynamics)
    {
        if (dynamics.Levels is not [{ Parts.Count: 0 }]) throw new ArgumentException("inner_scales: kicks by parts of the action do not commute on a sphere: there is one time scale.", nameof(dynamics));
        if (dynamics.Integrator.Trajectory(1).Any(part => part.Update == IntegratorUpdate.DisplacedKick))
            throw new ArgumentException($"integrator = {dynamics.Integrator.Name}: its force gradient is that of Hamilton's equations; isokinetic dynamics has {new Leapfrog().Name} and {new Omelyan2().Name}.", nameof(dynamics));
        Dynamics = dynamics;
    }

    /// <inheritdoc/>
    public string Name => "mchmc";

    /// <summary>Integrator, lengths and steps of trajectories.</summary>
    public HamiltonianMonteCarlo Dynamics { get; }

    /// <summary>The factor (d − 1) of the energy change is taken times this; 1 but in tests of the tests.</summary>
    internal double FaultyFactor { get; init; } = 1;

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T> => new MicrocanonicalRun<T>(this, state);
}

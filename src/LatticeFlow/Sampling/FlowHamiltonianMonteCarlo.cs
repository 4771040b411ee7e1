using LatticeFlow.Flows;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// Hamiltonian Monte Carlo in the coordinates of a flow, U = f(z): momenta p with weight exp(−½p²), a trajectory of H = ½ Σ p² + S(f(z)) − ln|det ∂f/∂z| in z, and acceptance with min(1, exp(−ΔH)).
/// Leaves e^{−S} of U invariant for every f, whatever it was trained to.
/// </summary>
/// <remarks>
/// z has the weight e^{−S(f(z))} |det ∂f/∂z| by Haar measure dz, which is e^{−S(U)} dU. The prior r of the flow is no part of H: it is what z is distributed as where the flow is perfect. Layers give the
/// exact derivative of their log-determinants, and everything is in double, so that trajectories are as exact as those of <see cref="HamiltonianMonteCarlo"/>. z is part of the saved state; after another
/// transition has moved U, z = f⁻¹(U). Source: M. Lüscher, Commun. Math. Phys. 293 (2010) 899, section 2.
/// </remarks>
public sealed class FlowHamiltonianMonteCarlo : ITransition
{
    /// <summary>Trajectories of one time scale in the coordinates of a flow.</summary>
    /// <exception cref="ArgumentException">There are several time scales.</exception>
    public FlowHamiltonianMonteCarlo(HamiltonianMonteCarlo dynamics, FlowModel flow)
    {
        if (dynamics.Levels is not [{ Parts.Count: 0 }])
            throw new ArgumentException("inner_scales: in the coordinates of a flow there is one time scale, because the force of every part of the action takes a pass of the whole flow.", nameof(dynamics));
        Dynamics = dynamics;
        Flow = flow;
    }

    /// <inheritdoc/>
    public string Name => "flow-hmc";

    /// <summary>Integrator, lengths and steps of the trajectories.</summary>
    public HamiltonianMonteCarlo Dynamics { get; }

    /// <summary>f.</summary>
    public FlowModel Flow { get; }

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T> => new FlowHamiltonianRun<T>(this, state);
}

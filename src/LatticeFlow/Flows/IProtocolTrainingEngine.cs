namespace LatticeFlow.Flows;

/// <summary>
/// Training of a stochastic flow: trajectories of a protocol with D_t = S_t(f_t(U)) − S_{t−1}(U) − ln|det ∂f_t/∂U| the work of step t, ln w = −Σ_t D_t. Gradients are those of each D_t by the parameters of its own map f_t, at the
/// configuration U that the step finds. What the Markov update makes of f_t(U), and with it later steps, is not differentiated.
/// </summary>
/// <remarks>
/// With p_{t−1} the distribution that step t finds, ⟨D_t⟩ + ln(Z_t/Z_{t−1}) is the Kullback–Leibler divergence of f_t(p_{t−1}) from e^{−S_t}/Z_t where the updates before have found their equilibrium, and its gradient is
/// the mean of these. Where it is 0 the update changes nothing, so that what is left out vanishes as well: the stationary point is the best map of each layer (M. Matthews, M. Arbel, D. Rezende, A. Doucet 2022,
/// arXiv:2201.13117, train layer by layer for the same reason).
/// </remarks>
public interface IProtocolTrainingEngine : ITrainingEngine
{
    /// <summary>n.</summary>
    int Steps { get; }

    /// <summary>One batch of trajectories: D_t, <c>[step][replica]</c>, and dD_t/dparameters, <c>[step][replica][parameter]</c>.</summary>
    void StepGradients(ulong seed, long step, Span<double> gradients, Span<double> work, Span<double> logDensity, Span<double> action);

    /// <summary>D_t of the same trajectories, with the same random numbers, at other parameters.</summary>
    void StepWork(ulong seed, long step, Span<double> work);
}

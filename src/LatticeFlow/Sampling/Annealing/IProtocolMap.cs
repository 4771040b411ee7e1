using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// A deterministic map of configurations that a protocol makes with each change of the action, before the Markov update: a step from S_{t−1} to S_t then does the work
/// S_t(f_t(U)) − S_{t−1}(U) − ln|det ∂f_t/∂U|, which is small where f_t carries exp(−S_{t−1}) to exp(−S_t).
/// </summary>
/// <remarks>Source: H. Wu, J. Köhler, F. Noé, NeurIPS 2020 (stochastic normalizing flows); M. Caselle, E. Cellini, A. Nada, M. Panero, JHEP 07 (2022) 015.</remarks>
public interface IProtocolMap
{
    /// <summary>The map of the replicas of a state, whose lanes are replicas.</summary>
    /// <exception cref="NotSupportedException">The action or the lattice of the state does not allow it; the message says why.</exception>
    IProtocolMapRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T>;
}

/// <summary>A map at work on one state. S is that with the coefficients that the state has; of the new configurations the state knows it, or finds it when it is asked for.</summary>
public interface IProtocolMapRun : IDisposable
{
    /// <summary>U → f(U) of all replicas, f that of the change of the action from time <paramref name="from"/> to the later time <paramref name="to"/>; S(f(U)) − S(U) and ln|det ∂f/∂U| of each.</summary>
    void Forward(double from, double to, Span<double> changes, Span<double> logDeterminants);

    /// <summary>U → f⁻¹(U) of all replicas, f that of the change from <paramref name="from"/> to the later time <paramref name="to"/>; S(f⁻¹(U)) − S(U) and ln|det ∂f⁻¹/∂U| of each: minus that of f at the result.</summary>
    void Inverse(double from, double to, Span<double> changes, Span<double> logDeterminants);
}

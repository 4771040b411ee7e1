namespace LatticeFlow.Flows;

/// <summary>Which unbiased estimator of the gradient of the reverse Kullback–Leibler divergence E_q[log q + S] is used.</summary>
public enum GradientEstimator
{
    /// <summary>Reparametrised: d/dφ of log q_φ(f_φ(z)) + S(f_φ(z)).</summary>
    Plain,

    /// <summary>
    /// The path gradient (Roeder et al. 2017; Vaitl et al. 2022): the same without ∂ log q_φ/∂φ at fixed configuration, which averages to zero;
    /// its variance vanishes where q is the target.
    /// </summary>
    Path,
}

/// <summary>A flow on a device, for batches of one size. Arrays of configurations are <c>[replica][link]</c>, angles in (−π, π].</summary>
public interface IFlowEngine : IDisposable
{
    /// <summary>Replicas of a batch.</summary>
    int Replicas { get; }

    /// <summary>Links of a configuration.</summary>
    int Links { get; }

    /// <summary>Bytes of device memory that the batch takes: fields and scratch. Does not depend on the number of layers.</summary>
    long WorkingBytes { get; }

    /// <summary>Bytes of the gradient slots: parameters times slots.</summary>
    long GradientBytes { get; }

    /// <summary>Takes the model's parameters.</summary>
    void Load(ReadOnlySpan<double> parameters);

    /// <summary>
    /// Draws a batch from the flow: the samples <paramref name="first"/>, <paramref name="first"/> + 1, … of a seed, whatever the batch size.
    /// </summary>
    void Sample(ulong seed, long first, Span<double> links, Span<double> logDensity);

    /// <summary>θ = f(z) and log q(θ).</summary>
    void Forward(ReadOnlySpan<double> prior, Span<double> links, Span<double> logDensity);

    /// <summary>z = f⁻¹(θ) and log q(θ).</summary>
    void Inverse(ReadOnlySpan<double> links, Span<double> prior, Span<double> logDensity);

    /// <summary>
    /// One batch of training: draws it, and gives the gradient of its mean of log q + S by the parameters, with log q and S = −β Σ cos θ_P of
    /// every replica.
    /// </summary>
    void Gradient(ulong seed, long step, double beta, GradientEstimator estimator, Span<double> gradient, Span<double> logDensity, Span<double> action);

    /// <summary>The same for given prior configurations.</summary>
    void Gradient(ReadOnlySpan<double> prior, double beta, GradientEstimator estimator, Span<double> gradient, Span<double> logDensity, Span<double> action);
}

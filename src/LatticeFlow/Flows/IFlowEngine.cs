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

    /// <summary>
    /// The covariance of the score and log q + S (R. Ranganath et al. 2014; L. Richter et al. 2020, arXiv:2010.10436: half the gradient of the variance of ln w): the mean over the batch of
    /// (log q + S − their mean) ∂ log q_φ/∂φ at fixed configuration. No derivative goes through the samples, so that layers whose composition is chaotic or jumps do not blow it up; its variance, too,
    /// vanishes where q is the target.
    /// </summary>
    Score,
}

/// <summary>A flow on a device, for batches of one size. Arrays of configurations are <c>[replica][number]</c>: angles in (−π, π], the components of links, or φ.</summary>
public interface IFlowEngine : IModelEngine
{
    /// <summary>Numbers of a configuration.</summary>
    int Numbers { get; }

    /// <summary>Bytes of device memory that the batch takes: fields and scratch. Does not depend on the number of layers but for <see cref="KeptBytes"/>.</summary>
    long WorkingBytes { get; }

    /// <summary>Of these, what layers keep because finding it again would cost too much.</summary>
    long KeptBytes { get; }

    /// <summary>Bytes of the gradient slots: parameters times slots.</summary>
    long GradientBytes { get; }

    /// <summary>
    /// Draws a batch from the flow: the samples <paramref name="first"/>, <paramref name="first"/> + 1, … of a seed, for every batch size the same up to rounding. Links are elements of their group in
    /// double, whatever precision the flow is in.
    /// </summary>
    void Sample(ulong seed, long first, Span<double> configurations, Span<double> logDensity);

    /// <summary>U = f(z) and log q(U).</summary>
    void Forward(ReadOnlySpan<double> prior, Span<double> configurations, Span<double> logDensity);

    /// <summary>z = f⁻¹(U) and log q(U).</summary>
    void Inverse(ReadOnlySpan<double> configurations, Span<double> prior, Span<double> logDensity);
}

/// <summary>A flow on a device that is trained towards an action, for batches of one size.</summary>
public interface IFlowTrainingEngine : IFlowEngine, ITrainingEngine
{
    /// <summary>As <see cref="ITrainingEngine.Gradient"/>, for given prior configurations.</summary>
    void Gradient(ReadOnlySpan<double> prior, double strength, GradientEstimator estimator, Span<double> gradient, Span<double> logDensity, Span<double> action);

    /// <summary>The gradient of the mean of −log q over given <paramref name="configurations"/> by the parameters, and log q of each: of the forward Kullback–Leibler divergence where they are of the target.</summary>
    void ForwardGradient(ReadOnlySpan<double> configurations, Span<double> gradient, Span<double> logDensity);
}

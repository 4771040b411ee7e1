using LatticeFlow.Storage;

namespace LatticeFlow.Flows;

/// <summary>A model with parameters on a device, for batches of one size.</summary>
public interface IModelEngine : IDisposable
{
    /// <summary>Replicas of a batch.</summary>
    int Replicas { get; }

    /// <summary>Takes the model's parameters.</summary>
    void Load(ReadOnlySpan<double> parameters);
}

/// <summary>What training asks of a model: batches with their weights, and gradients of these. A replica has ln w = −s S − log q, s the strength of the action.</summary>
public interface ITrainingEngine : IModelEngine
{
    /// <summary>
    /// One batch of training: draws it, and gives the gradient of its mean of log q + s S by the parameters, with log q and s S of every replica;
    /// s is the <paramref name="strength"/>.
    /// </summary>
    void Gradient(ulong seed, long step, double strength, GradientEstimator estimator, Span<double> gradient, Span<double> logDensity, Span<double> action);

    /// <summary>
    /// One batch, and the derivative of log q + s S of every replica by the parameters, <c>[replica][parameter]</c>: at fixed prior configurations, or of <see cref="GradientEstimator.Score"/> at fixed
    /// configurations. For engines with gradients of <see cref="GradientKind.Samples"/>.
    /// </summary>
    void Gradients(ulong seed, long step, double strength, GradientEstimator estimator, Span<double> gradients, Span<double> logDensity, Span<double> action);

    /// <summary>log q and s S of every replica of the batch that <see cref="Gradient"/> or <see cref="Gradients"/> of the same step draws.</summary>
    void Evaluate(ulong seed, long step, double strength, Span<double> logDensity, Span<double> action);

    /// <summary>Puts what the next batch depends on beside seed and step into a checkpoint's sections: nothing, where batches are drawn from these.</summary>
    void Save(StateSections sections)
    {
        // Seed and step say all.
    }

    /// <summary>Goes on where <see cref="Save"/> was called.</summary>
    void Restore(StateSections sections)
    {
        // Seed and step say all.
    }
}

using LatticeFlow.Flows;
using LatticeFlow.Storage;

namespace LatticeFlow.Training;

/// <summary>How a training step changes the parameters of a flow. Its state is all that the next step depends on.</summary>
public interface IOptimizer
{
    /// <summary>The gradients that its engine has to give.</summary>
    GradientKind Gradients { get; }

    /// <summary>
    /// One step: draws the batch, fills in its log-densities and actions at the old parameters, changes the parameters and loads them into the engine. A step whose gradient is not finite changes nothing.
    /// Allocates nothing.
    /// </summary>
    OptimizerStep Step(TrainingBatch batch, Span<double> parameters);

    /// <summary>Puts its state into a checkpoint's sections.</summary>
    void Save(StateSections sections);

    /// <summary>Takes its state from there.</summary>
    void Restore(StateSections sections);
}

/// <summary>What an optimizer made of one batch.</summary>
/// <param name="GradientNorm">|g| of the mean gradient, before clipping; not finite: the step was skipped.</param>
/// <param name="GradientNoise">Standard deviation of that mean by its batch, |·| of all components; NaN where it is not known yet.</param>
public readonly record struct OptimizerStep(double GradientNorm, double GradientNoise);

/// <summary>The batch of one training step.</summary>
/// <param name="engine">The flow on its device.</param>
/// <param name="options">Seed and estimator.</param>
public sealed class TrainingBatch(IFlowTrainingEngine engine, TrainingOptions options)
{
    /// <summary>The flow on its device.</summary>
    public IFlowTrainingEngine Engine => engine;

    /// <summary>What a trainer does.</summary>
    public TrainingOptions Options => options;

    /// <summary>The step, counted from 0; with the seed it fixes the batch.</summary>
    public long Step { get; set; }

    /// <summary>s, the factor on the action.</summary>
    public double Strength { get; set; }

    /// <summary>η.</summary>
    public double LearningRate { get; set; }

    /// <summary>log q of every replica.</summary>
    public double[] LogDensity { get; } = new double[engine.Replicas];

    /// <summary>s S of every replica.</summary>
    public double[] Action { get; } = new double[engine.Replicas];
}

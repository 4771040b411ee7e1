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

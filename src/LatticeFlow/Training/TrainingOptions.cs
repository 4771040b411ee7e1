using LatticeFlow.Flows;

namespace LatticeFlow.Training;

/// <summary>What a <see cref="Trainer"/> does in each step.</summary>
public sealed record TrainingOptions
{
    /// <summary>Seed of the batches.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The learning rate.</summary>
    public required LearningRate LearningRate { get; init; }

    /// <summary>Which gradient.</summary>
    public GradientEstimator Estimator { get; init; } = GradientEstimator.Path;

    /// <summary>What is minimised; all but <see cref="TrainingObjective.Reverse"/> want <see cref="Target"/>.</summary>
    public TrainingObjective Objective { get; init; } = TrainingObjective.Reverse;

    /// <summary>Of <see cref="TrainingObjective.Mixed"/>: the weight of the forward divergence, between 0 and 1.</summary>
    public double ForwardShare { get; init; } = 0.5;

    /// <summary>Where configurations of the target come from.</summary>
    public ITargetSource? Target { get; init; }

    /// <summary>The largest norm of the gradient; 0: any.</summary>
    public double GradientClip { get; init; }

    /// <summary>s of the first step, where the strength of the action rises: steps train towards e^{−s S}.</summary>
    public double StrengthStart { get; init; } = 1;

    /// <summary>Steps within which s rises linearly to 1; 0: not.</summary>
    public int StrengthSteps { get; init; }

    /// <summary>Makes the optimizer, for so many parameters and replicas.</summary>
    public Func<int, int, IOptimizer> Optimizer { get; init; } = (parameters, _) => new Adam(parameters);

    /// <summary>d of the exponential moving average of parameters, a ← d a + (1 − d) φ after every step: the flow that is kept; 0: that of the last step.</summary>
    public double Average { get; init; }

    /// <summary>s of step t.</summary>
    public double StrengthAt(long t) => t >= StrengthSteps ? 1 : StrengthStart + ((1 - StrengthStart) * t / StrengthSteps);
}

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

    /// <summary>The largest norm of the gradient; 0: any.</summary>
    public double GradientClip { get; init; }

    /// <summary>s of the first step, where the strength of the action rises: steps train towards e^{−s S}.</summary>
    public double StrengthStart { get; init; } = 1;

    /// <summary>Steps within which s rises linearly to 1; 0: not.</summary>
    public int StrengthSteps { get; init; }

    /// <summary>Adam's β₁.</summary>
    public double AdamBeta1 { get; init; } = 0.9;

    /// <summary>Adam's β₂.</summary>
    public double AdamBeta2 { get; init; } = 0.999;

    /// <summary>Adam's ε.</summary>
    public double AdamEpsilon { get; init; } = 1e-8;

    /// <summary>s of step t.</summary>
    public double StrengthAt(long t) => t >= StrengthSteps ? 1 : StrengthStart + ((1 - StrengthStart) * t / StrengthSteps);
}

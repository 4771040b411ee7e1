using LatticeFlow.Costs;

namespace LatticeFlow.Reports;

/// <summary>What the sampling of an ensemble took, over all lives of its run: work and wall time with the thermalization, and energy where the machine tells.</summary>
/// <param name="Work">Elements by kind and floating-point operations, those of measurements not counted.</param>
/// <param name="Seconds">Wall time, measuring and storing included.</param>
/// <param name="ThermalizationSeconds">The part of it before the first stored configuration.</param>
/// <param name="Joules">Of the processors, whoever used them; null where it was not measured in every life.</param>
public sealed record SamplingCost(Work Work, double Seconds, double ThermalizationSeconds, double? Joules)
{
    /// <summary>Wall time of all trainings of the flow that the sampler uses; 0 without one.</summary>
    public double TrainingSeconds { get; init; }
}

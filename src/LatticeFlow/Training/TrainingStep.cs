namespace LatticeFlow.Training;

/// <summary>What one step of training saw, in its own batch and at its own strength.</summary>
/// <param name="Step">The step, counted from 0.</param>
/// <param name="Strength">s, the factor on the action.</param>
/// <param name="LearningRate">η.</param>
/// <param name="Loss">Mean of log q + s S; its lowest value is −ln Z of s S.</param>
/// <param name="TargetLoss">Mean of −S − log q over configurations of the target, at least ln Z; NaN where none were drawn. With the forward objective it is the loss.</param>
/// <param name="EffectiveSampleSize">ESS of the batch, in (0, 1]: biased upwards, because a batch seldom holds the rare large weights.</param>
/// <param name="LogWeightVariance">Variance of log w = −s S − log q.</param>
/// <param name="GradientNorm">Norm of the gradient before clipping.</param>
/// <param name="GradientNoise">Standard deviation of the gradient of such a batch; NaN where it is not known yet.</param>
/// <param name="Skipped">Whether the gradient was not finite, so that no update was made.</param>
public readonly record struct TrainingStep(
    long Step, double Strength, double LearningRate, double Loss, double TargetLoss, double EffectiveSampleSize, double LogWeightVariance, double GradientNorm, double GradientNoise, bool Skipped);

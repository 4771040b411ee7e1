namespace LatticeFlow.Training;

/// <summary>How the learning rate goes down.</summary>
public enum LearningRateKind
{
    /// <summary>η.</summary>
    Constant,

    /// <summary>η (f + (1 − f)(1 + cos(π t/T))/2), f the final share.</summary>
    Cosine,

    /// <summary>η · factor^⌊t/every⌋.</summary>
    Step,
}

/// <summary>The learning rate of each step, with a linear warm-up from 0 in the first steps.</summary>
/// <param name="Base">η.</param>
/// <param name="Kind">How it goes down.</param>
/// <param name="Steps">T, the steps of the whole training.</param>
/// <param name="Warmup">Steps of the warm-up.</param>
/// <param name="Final">f, for <see cref="LearningRateKind.Cosine"/>.</param>
/// <param name="Every">For <see cref="LearningRateKind.Step"/>.</param>
/// <param name="Factor">For <see cref="LearningRateKind.Step"/>.</param>
public sealed record LearningRate(
    double Base, LearningRateKind Kind = LearningRateKind.Constant, int Steps = 1, int Warmup = 0, double Final = 0.01, int Every = 1000, double Factor = 0.5)
{
    /// <summary>The learning rate of step t, counted from 0.</summary>
    public double At(long t)
    {
        double rate = Kind switch
        {
            LearningRateKind.Cosine => Base * (Final + ((1 - Final) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1.0, (double)t / Steps))))),
            LearningRateKind.Step => Base * Math.Pow(Factor, t / Every),
            _ => Base,
        };
        return t < Warmup ? rate * (t + 1) / (Warmup + 1) : rate;
    }
}

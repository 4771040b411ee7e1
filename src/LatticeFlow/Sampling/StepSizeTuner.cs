namespace LatticeFlow.Sampling;

/// <summary>
/// Stochastic approximation of the step size at which the mean acceptance has a wanted value: ln ε += γ_k (a_k − target), γ_k = 2 (k + 1)^−0.7.
/// Deterministic, given the acceptances.
/// </summary>
/// <remarks>Source: H. Robbins, S. Monro, Ann. Math. Stat. 22 (1951) 400. The number of steps is what the step size makes of the trajectory length, rounded up.</remarks>
internal sealed class StepSizeTuner
{
    /// <summary>Steps before the first update.</summary>
    public const int FirstSteps = 10;

    /// <summary>Numbers of <see cref="Save"/>.</summary>
    public const int SavedLength = 2;

    private const double Gain = 2;
    private const double Decay = -0.7;
    private readonly double length;
    private readonly double target;
    private double logStepSize;
    private long updates;

    public StepSizeTuner(double length, double target)
    {
        this.length = length;
        this.target = target;
        logStepSize = Math.Log(length / FirstSteps);
    }

    /// <summary>Steps of a trajectory.</summary>
    public int Steps => Math.Clamp((int)Math.Ceiling((length / Math.Exp(logStepSize)) - 1e-9), 1, HamiltonianMonteCarlo.MostSteps);

    /// <summary>Takes in the mean of min(1, exp(−ΔH)) over the replicas of one trajectory; a ΔH that is not a number counts as rejected.</summary>
    public void Update(ReadOnlySpan<double> deltaH)
    {
        double acceptance = 0;
        foreach (double delta in deltaH) acceptance += double.IsNaN(delta) ? 0 : Math.Min(1, Math.Exp(-delta));
        acceptance /= deltaH.Length;
        logStepSize += Gain * Math.Pow(++updates, Decay) * (acceptance - target);
        logStepSize = Math.Clamp(logStepSize, Math.Log(length / HamiltonianMonteCarlo.MostSteps), Math.Log(length));
    }

    public void Save(Span<double> target)
    {
        target[0] = logStepSize;
        target[1] = updates;
    }

    public void Restore(ReadOnlySpan<double> source)
    {
        logStepSize = source[0];
        updates = (long)source[1];
    }
}

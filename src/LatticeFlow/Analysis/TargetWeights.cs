namespace LatticeFlow.Analysis;

/// <summary>
/// What configurations of the target p tell about a flow q, from ln w = −S − ln q of theirs: how far the flow is from where the target is, which its own proposals cannot show.
/// </summary>
public sealed record TargetWeights
{
    /// <summary>Where p/q is above this, a flow proposes once in so many what the target asks for: a chain of usual length never sees it, or never leaves it.</summary>
    public const double Missed = 1000;

    /// <summary>Probabilities of <see cref="Quantiles"/>.</summary>
    public static readonly IReadOnlyList<double> Levels = [0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999];

    /// <summary>1/⟨p/q⟩_p: the effective sample size, from this side.</summary>
    public required double EffectiveSampleSize { get; init; }

    public required double EffectiveSampleSizeError { get; init; }

    public required long Configurations { get; init; }

    /// <summary>ln Z: the exact one where it is known, else −ln⟨1/w⟩_p.</summary>
    public required double LogZ { get; init; }

    /// <summary>Forward Kullback–Leibler divergence ⟨ln p/q⟩_p ≥ 0.</summary>
    public required double Divergence { get; init; }

    public required double DivergenceError { get; init; }

    /// <summary>Of ln p/q under p, at <see cref="Levels"/>.</summary>
    public required IReadOnlyList<double> Quantiles { get; init; }

    public required double LargestLogRatio { get; init; }

    /// <summary>Share of the target where p/q &gt; <see cref="Missed"/>.</summary>
    public required double MissedMass { get; init; }

    /// <summary>Of log w of every replica, <c>[replica][configuration]</c>, in Monte Carlo order. Throws <see cref="ArgumentException"/> on none, or on one that is not finite.</summary>
    public static TargetWeights Analyze(IReadOnlyList<double[]> logWeights, double? exactLogZ)
    {
        ChainWeights size = ChainWeights.Analyze(logWeights);
        double logZ = exactLogZ ?? LogMeanInverse(logWeights);
        double[] ratios = [.. logWeights.SelectMany(replica => replica).Select(x => x - logZ).Order()];
        GammaResult divergence = GammaMethod.Analyze([.. logWeights.Where(replica => replica.Length > 0)]);
        double threshold = Math.Log(Missed);
        return new TargetWeights
        {
            EffectiveSampleSize = size.EffectiveSampleSize,
            EffectiveSampleSizeError = size.Error,
            Configurations = size.Configurations,
            LogZ = logZ,
            Divergence = divergence.Mean - logZ,
            DivergenceError = divergence.Error,
            Quantiles = [.. Levels.Select(level => ratios[(int)Math.Min(ratios.Length - 1, level * ratios.Length)])],
            LargestLogRatio = ratios[^1],
            MissedMass = ratios.Count(x => x > threshold) / (double)ratios.Length,
        };
    }

    // 1/Z = ⟨1/w⟩_p.
    private static double LogMeanInverse(IReadOnlyList<double[]> logWeights)
    {
        double smallest = logWeights.Min(replica => replica.DefaultIfEmpty(double.PositiveInfinity).Min());
        double sum = logWeights.Sum(replica => replica.Sum(x => Math.Exp(smallest - x)));
        return smallest - Math.Log(sum / logWeights.Sum(replica => (double)replica.Length));
    }
}

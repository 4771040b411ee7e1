using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>From fresh log-weights of a flow to its block of the analysis.</summary>
public static class FlowAnalysis
{
    /// <summary>With fewer samples the rare large weights are missed and the effective sample size comes out too high.</summary>
    public const int FewestSamples = 65_536;

    /// <summary>Below this many effective samples no figure of the flow is reliable.</summary>
    public const double FewestEffectiveSamples = 100;

    /// <summary>
    /// <paramref name="logWeights"/> are −S − log q of independent draws, <paramref name="uniform"/> gives numbers in [0, 1) for the Metropolis chain through them;
    /// the lattice has so many <paramref name="sites"/>, and a configuration takes at least <paramref name="flops"/>.
    /// Throws <see cref="ArgumentException"/> on no weights, NaN or +∞.
    /// </summary>
    public static FlowDocument Analyze(double[] logWeights, Func<double> uniform, ExactResults exact, long sites, long parameters, double flops, double? trainingSeconds)
    {
        ArgumentNullException.ThrowIfNull(exact);
        LogWeights weights = LogWeights.Analyze(logWeights);
        IndependenceChain chain = IndependenceChain.Run(logWeights, uniform);
        double? pull = EnsembleAnalysis.Pull(weights.LogZ, weights.LogZError, exact.LogPartitionFunction);
        var warnings = new List<string>(weights.Warnings);
        double effective = weights.EffectiveSampleSize * weights.Count;
        if (weights.Count < FewestSamples)
            warnings.Add($"WARNING: {weights.Count} samples are fewer than {FewestSamples}: the effective sample size comes out too high.");
        if (effective < FewestEffectiveSamples)
            warnings.Add(FormattableString.Invariant($"WARNING: {weights.Count} samples are worth {effective:F1} independent ones: errors of ESS and ln Z are not to be trusted."));
        if (Math.Abs(pull ?? 0) > EnsembleAnalysis.LargestPull)
            warnings.Add(FormattableString.Invariant($"WARNING: ln Z is {Math.Abs(pull!.Value):F1} sigma from the exact result: the flow misses a part of the configurations or its density is wrong."));
        return new FlowDocument
        {
            Samples = weights.Count,
            EffectiveSampleSize = weights.EffectiveSampleSize,
            EffectiveSampleSizeError = weights.EffectiveSampleSizeError,
            EffectiveSampleSizePerSiteLog = -Math.Log(weights.EffectiveSampleSize) / sites,
            EffectiveSampleSizePerSiteLogError = weights.EffectiveSampleSizeError / weights.EffectiveSampleSize / sites,
            LogZ = weights.LogZ,
            LogZError = weights.LogZError,
            LogZExact = exact.LogPartitionFunction,
            LogZPull = pull,
            RelativeErrorOfZ = weights.RelativeErrorOfZ,
            Acceptance = chain.AcceptanceRate,
            AcceptanceStationary = weights.StationaryAcceptance,
            LongestRejection = chain.LongestRejectionRun,
            VarianceOfLogWeight = weights.VarianceOfLogWeight,
            LargestShare = weights.LargestShare,
            Parameters = parameters,
            FlopsPerConfiguration = flops,
            TrainingSeconds = trainingSeconds,
            Warnings = warnings,
        };
    }
}

using LatticeFlow.Analysis;
using LatticeFlow.Flows;

namespace LatticeFlow.Reports;

/// <summary>From fresh log-weights of a flow to its block of the analysis.</summary>
public static class FlowAnalysis
{
    /// <summary>With fewer samples the rare large weights are missed and the effective sample size comes out too high.</summary>
    public const int FewestSamples = 65_536;

    /// <summary>Below this many effective samples no figure of the flow is reliable.</summary>
    public const double FewestEffectiveSamples = 100;

    /// <summary>
    /// <paramref name="logWeights"/> are −S − log q of independent draws, <paramref name="uniform"/> gives numbers in [0, 1) for the Metropolis chain through them; <paramref name="targets"/> are configurations
    /// of the target from elsewhere. Throws <see cref="ArgumentException"/> on no weights, NaN or +∞.
    /// </summary>
    public static FlowDocument Analyze(double[] logWeights, Func<double> uniform, ExactResults exact, FlowFacts facts, IReadOnlyList<TargetSample>? targets = null)
    {
        ArgumentNullException.ThrowIfNull(exact);
        ArgumentNullException.ThrowIfNull(facts);
        LogWeights weights = LogWeights.Analyze(logWeights);
        IndependenceChain chain = IndependenceChain.Run(logWeights, uniform);
        double logZError = Math.Sqrt((weights.LogZError * weights.LogZError) + (facts.Integration?.BoundOfLogZ * facts.Integration?.BoundOfLogZ ?? 0));
        double? pull = EnsembleAnalysis.Pull(weights.LogZ, logZError, exact.LogPartitionFunction);
        var warnings = new List<string>(weights.Warnings);
        double effective = weights.EffectiveSampleSize * weights.Count;
        if (weights.Count < FewestSamples)
            warnings.Add($"WARNING: {weights.Count} samples are fewer than {FewestSamples}: the effective sample size comes out too high.");
        if (effective < FewestEffectiveSamples)
            warnings.Add(FormattableString.Invariant($"WARNING: {weights.Count} samples are worth {effective:F1} independent ones: errors of ESS and ln Z are not to be trusted."));
        if (ParetoTail.Shape(logWeights) is >= ParetoTail.LargestShape and var shape && ParetoTail.Share(logWeights) <= FlowVerdict.LeastTailShare)
            warnings.Add(FormattableString.Invariant($"WARNING: the largest weights fall off with Pareto k = {shape:F2}, but carry {ParetoTail.Share(logWeights):P1} of all squares: ESS hardly depends on them."));
        if (Math.Abs(pull ?? 0) > EnsembleAnalysis.LargestPull)
            warnings.Add(FormattableString.Invariant($"WARNING: ln Z is {Math.Abs(pull!.Value):F1} sigma from the exact result: the flow misses a part of the configurations or its density is wrong."));
        FlowTargetDocument? target = FlowTargetAnalysis.Of(targets ?? [], exact.LogPartitionFunction, logWeights.Max());
        double logZ = exact.LogPartitionFunction ?? weights.LogZ;
        var document = new FlowDocument
        {
            Target = target,
            ParetoK = ParetoTail.Shape(logWeights),
            TailShare = ParetoTail.Share(logWeights),
            ChunkRatio = ChunkRatio(logWeights, weights.EffectiveSampleSize),
            ReverseDivergence = logZ - logWeights.Average(),
            Samples = weights.Count,
            EffectiveSampleSize = weights.EffectiveSampleSize,
            EffectiveSampleSizeError = weights.EffectiveSampleSizeError,
            EffectiveSampleSizePerSiteLog = -Math.Log(weights.EffectiveSampleSize) / facts.Sites,
            EffectiveSampleSizePerSiteLogError = weights.EffectiveSampleSizeError / weights.EffectiveSampleSize / facts.Sites,
            LogZ = weights.LogZ,
            LogZError = logZError,
            LogZExact = exact.LogPartitionFunction,
            LogZPull = pull,
            RelativeErrorOfZ = weights.RelativeErrorOfZ,
            Acceptance = chain.AcceptanceRate,
            AcceptanceStationary = weights.StationaryAcceptance,
            LongestRejection = chain.LongestRejectionRun,
            VarianceOfLogWeight = weights.VarianceOfLogWeight,
            LargestShare = weights.LargestShare,
            Parameters = facts.Parameters,
            FlopsPerConfiguration = facts.Flops,
            TrainingSeconds = facts.TrainingSeconds,
            IntegrationMean = facts.Integration?.Mean,
            IntegrationDeviation = facts.Integration?.Deviation,
            Warnings = warnings,
        };
        IReadOnlyList<string> reasons = FlowVerdict.Reasons(document);
        return document with { Verdict = reasons.Count == 0 ? FlowVerdict.Passed : FlowVerdict.Failed, VerdictReasons = reasons };
    }

    private static double? ChunkRatio(double[] logWeights, double whole)
    {
        int length = logWeights.Length / FlowVerdict.Chunks;
        if (length == 0) return null;
        double[] sizes = [.. Enumerable.Range(0, FlowVerdict.Chunks).Select(chunk => LogWeights.Size(logWeights.AsSpan(chunk * length, length))).Order()];
        return (sizes[(FlowVerdict.Chunks / 2) - 1] + sizes[FlowVerdict.Chunks / 2]) / 2 / whole;
    }
}

/// <summary>What is known of a flow without a sample.</summary>
/// <param name="Sites">Sites of the lattice.</param>
/// <param name="Parameters">Parameters of the model.</param>
/// <param name="Flops">That a configuration takes at least.</param>
/// <param name="TrainingSeconds">Of all trainings; null where none is on record.</param>
/// <param name="Integration">What half the step of differential equations changes; null where densities are exact.</param>
public sealed record FlowFacts(long Sites, long Parameters, double Flops, double? TrainingSeconds, IntegrationError? Integration = null);

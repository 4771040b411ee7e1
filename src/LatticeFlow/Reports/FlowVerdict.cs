using LatticeFlow.Analysis;
using LatticeFlow.Flows;

namespace LatticeFlow.Reports;

/// <summary>
/// Whether the figures of a flow, and a chain of its proposals alone, can be believed. Each reason is a sign that the flow misses part of the target: fresh samples do not contain it, and so cannot show it.
/// </summary>
public static class FlowVerdict
{
    /// <summary>No sign of it.</summary>
    public const string Passed = "passed";

    /// <summary>There is one: see the reasons.</summary>
    public const string Failed = "failed";

    /// <summary>Distance of ln Z from the exact value in its errors; chance reaches it once in 1.7 million.</summary>
    public const double LargestPull = 5;

    /// <summary>Distance of both effective sample sizes in their errors, once both say ...</summary>
    public const double LargestDisagreement = 4;

    /// <summary>... that they differ by more than this factor.</summary>
    public const double LargestRatio = 1.1;

    /// <summary>A tail without a variance counts where it has more than this share of Σ w²: of nearly even weights the largest can have any shape, and nothing depends on them.</summary>
    public const double LeastTailShare = 0.1;

    /// <summary>Parts that fresh samples are cut into.</summary>
    public const int Chunks = 16;

    /// <summary>The effective sample size of parts over that of the whole: where it grows as samples get fewer, it is not the limit of many.</summary>
    public const double LargestChunkRatio = 1.5;

    /// <summary>Largest L² a/((2 − a) n) of the longest rejection L in n proposals, a the acceptance: then that one stretch adds as much to the variance of a mean as all others.</summary>
    public const double LargestRejectionShare = 1;

    /// <summary>One sentence for each sign; none: passed.</summary>
    public static IReadOnlyList<string> Reasons(FlowDocument flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        List<string> reasons = [];
        if (flow.ParetoK >= ParetoTail.LargestShape && flow.TailShare > LeastTailShare)
            reasons.Add(FormattableString.Invariant($"the largest weights fall off with Pareto k = {flow.ParetoK:F2} (limit {ParetoTail.LargestShape}): their variance, and so the effective sample size, has no finite estimate"));
        if (flow.ChunkRatio > LargestChunkRatio)
            reasons.Add(FormattableString.Invariant($"a {Chunks}th of the samples shows {flow.ChunkRatio:F2} times the effective sample size of all (limit {LargestChunkRatio}): it goes down as samples are added"));
        double share = (double)flow.LongestRejection * flow.LongestRejection * flow.AcceptanceStationary / (2 - flow.AcceptanceStationary) / flow.Samples;
        if (share > LargestRejectionShare)
            reasons.Add(FormattableString.Invariant($"one sample is kept against {flow.LongestRejection} proposals in a row of {flow.Samples}: it stands for a region that is hardly proposed"));
        if (flow.IntegrationDeviation is { } deviation && !(deviation <= IntegrationError.LargestDeviation))
            reasons.Add(FormattableString.Invariant($"half the step of the continuous flow changes ln w by {deviation:G2} from sample to sample (limit {IntegrationError.LargestDeviation}): its density is not that of its samples. Give more steps, flow.layers count"));
        if (Math.Abs(flow.LogZPull ?? 0) > LargestPull)
            reasons.Add(FormattableString.Invariant($"ln Z is {Math.Abs(flow.LogZPull!.Value):F1} sigma from the exact result"));
        if (flow.Target is { } target && Disagree(flow, target))
        {
            reasons.Add($"on configurations of the target ({target.Source}) the effective sample size is {ValueWithError.Format(target.EffectiveSampleSize, target.EffectiveSampleSizeError)}, and "
                + $"{ValueWithError.Format(flow.EffectiveSampleSize, flow.EffectiveSampleSizeError)} on its own proposals"
                + FormattableString.Invariant($"; {100 * target.MissedMass:G2} % of the target is proposed less than a thousandth as often as it should be"));
        }

        return reasons;
    }

    // An error can be as wrong as its value where the tail is heavy, so that a factor of two is enough without it.
    private static bool Disagree(FlowDocument flow, FlowTargetDocument target)
    {
        double ratio = flow.EffectiveSampleSize / target.EffectiveSampleSize;
        if (ratio > 2) return true;
        double error = Math.Sqrt(Square(flow.EffectiveSampleSizeError) + Square(target.EffectiveSampleSizeError));
        return ratio > LargestRatio && !(flow.EffectiveSampleSize - target.EffectiveSampleSize < LargestDisagreement * error);
    }

    private static double Square(double x) => double.IsFinite(x) ? x * x : 0;
}

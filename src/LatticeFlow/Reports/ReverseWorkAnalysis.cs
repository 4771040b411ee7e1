using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>What trajectories in both directions say of each other.</summary>
internal static class ReverseWorkAnalysis
{
    private const double LargestPull = 5;
    private const double LeastOverlap = 10;

    /// <summary>Of the works of the rows, <c>[replica][row]</c>; null where one is not finite. <paramref name="exact"/> is ln(Z/Z_0), where it is known.</summary>
    public static ReverseWorkDocument? Of(IReadOnlyList<double[]> work, IReadOnlyList<double[]> reverseWork, double? exact, ErrorAnalysis errors, List<string> warnings)
    {
        if (work.Concat(reverseWork).Any(replica => !replica.All(double.IsFinite))) return null;
        var both = new BennettAcceptanceRatio(work, reverseWork);
        double least = reverseWork.Min(replica => replica.Min());
        IReadOnlyList<double[]> weights = EnsembleAnalysis.Map(reverseWork, w => Math.Exp(least - w));
        GammaResult ratio = errors.Of("work", [weights], means => Math.Log(means[0])), weight = errors.Of("work", weights), mean = errors.Of("work", reverseWork);
        GammaResult residual = errors.Of("work", both.Residuals), slope = errors.Of("work", both.SlopeResiduals);
        double count = work.Sum(replica => (double)replica.Length), logRatio = least - ratio.Mean, error = residual.Error / both.Curvature;
        double crooks = 1 + (slope.Mean / both.SlopeCurvature), crooksError = slope.Error / both.SlopeCurvature;
        double? pull = EnsembleAnalysis.Pull(crooks, crooksError, 1);
        if (both.Overlap * count / (2 * residual.TauInt) < LeastOverlap)
            warnings.Add(FormattableString.Invariant($"WARNING: the work of both directions overlaps by {both.Overlap:G2} only: ln Z/Z_0 of both rests on a few of {count} trajectories. More steps help."));
        else if (Math.Abs(pull ?? 0) > LargestPull)
            warnings.Add(FormattableString.Invariant($"WARNING: p(W)/p_R(-W) goes with exp(b W), b = {crooks:F3} is {pull:F1} errors from 1, which it is by the relation of Crooks: a chain at one of the ends is not in equilibrium, or too short."));
        return new ReverseWorkDocument
        {
            MeanWork = mean.Mean,
            MeanWorkError = mean.Error,
            LogRatio = logRatio,
            LogRatioError = ratio.Error,
            LogRatioPull = EnsembleAnalysis.Pull(logRatio, ratio.Error, exact),
            BothLogRatio = both.LogRatio,
            BothLogRatioError = error,
            BothLogRatioPull = EnsembleAnalysis.Pull(both.LogRatio, error, exact),
            Overlap = both.Overlap,
            CrooksSlope = crooks,
            CrooksSlopeError = crooksError,
            CrooksPull = pull,
            TauInt = weight.TauInt,
        };
    }
}

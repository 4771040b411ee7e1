using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>What the weights of trajectories say of them: ln w = −W, W the work done along the path.</summary>
internal static class WorkAnalysis
{
    // Of Gaussian ln w of variance v the relative variance of w is e^v − 1: ⟨w⟩ is made of values that are so rare.
    private const double TrajectoriesToJudge = 100;

    /// <summary>Weights of an ensemble, with errors that know the autocorrelation of the chains that trajectories start from. <paramref name="reverseWork"/> is that of trajectories that run backwards, where there are such; <paramref name="exact"/> is ln(Z_n/Z_0), where it is known.</summary>
    public static WorkDocument Of(RowWeights weights, IReadOnlyList<double[]>? reverseWork, double? exact, ErrorAnalysis errors, List<string> warnings)
    {
        IReadOnlyList<double[]> relative = weights.Relative, log = weights.Log;
        long count = log.Sum(replica => (long)replica.Length);
        double[][] squares = EnsembleAnalysis.Map(relative, w => w * w);
        double[] all = [.. log.SelectMany(replica => replica)];
        bool vanishes = all.Any(double.IsNegativeInfinity);
        GammaResult ratio = errors.Of("work", [relative], means => Math.Log(means[0])), size = errors.Of("work", [relative, squares], means => means[0] * means[0] / means[1]), weight = errors.Of("work", relative);
        double offset = weights.Largest + Math.Log(weights.Mean), variance = vanishes || count < 2 ? double.NaN : ChainDiagnostics.Variance(all);
        GammaResult? work = vanishes ? null : errors.Of("work", EnsembleAnalysis.Map(log, x => -x));
        GammaResult? divergence = vanishes ? null : errors.Of("work", [relative, EnsembleAnalysis.Map(log, x => -x)], means => Math.Log(means[0]) + means[1]);
        double independent = count / (2 * weight.TauInt), needed = TrajectoriesToJudge * Math.Exp(variance), share = 1 / (weights.Mean * count);
        if (!(independent >= needed))
            warnings.Add(FormattableString.Invariant($"WARNING: weights cannot be judged: with a variance of ln w of {variance:G3} they are made of values so rare that it takes {needed:G2} trajectories, and there are {independent:F0} independent ones: ESS, ln Z, reweighted values and their errors are those of the values seen. More steps lower the variance."));
        if (share > LogWeights.HeavyShare)
            warnings.Add(FormattableString.Invariant($"WARNING: one of {count} weights carries {share:P0} of the sum: whatever is reweighted hangs on it."));
        double logRatio = ratio.Mean + offset;
        return new WorkDocument
        {
            EffectiveSampleSize = 1 / squares.Sum(replica => replica.Sum()) * count,
            EffectiveSampleSizeError = size.Error,
            EffectiveConfigurations = independent / squares.Sum(replica => replica.Sum()) * count,
            TauInt = weight.TauInt,
            LogRatio = logRatio,
            LogRatioError = ratio.Error,
            LogRatioExact = exact,
            LogRatioPull = EnsembleAnalysis.Pull(logRatio, ratio.Error, exact),
            MeanWork = work?.Mean ?? double.NaN,
            MeanWorkError = work?.Error ?? double.NaN,
            VarianceOfWork = variance,
            Divergence = divergence is null ? double.NaN : divergence.Mean + offset,
            DivergenceError = divergence?.Error ?? double.NaN,
            LargestShare = share,
            Reverse = reverseWork is null ? null : ReverseWorkAnalysis.Of(EnsembleAnalysis.Map(log, x => -x), reverseWork, exact, errors, warnings),
        };
    }
}

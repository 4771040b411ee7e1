namespace LatticeFlow.Analysis;

/// <summary>
/// Convergence of several chains of one quantity, chains[c][i], all of one length ≥ 4: Vehtari, Gelman, Simpson, Carpenter, Bürkner, arXiv:1903.08008,
/// with the choices of R's posterior 1.4. Every method throws <see cref="ArgumentException"/> on unequal, short or non-finite chains.
/// </summary>
public static class ChainDiagnostics
{
    private const int ShortestChain = 4;

    /// <summary>R̂ = √((B/W + n − 1)/n) on whole chains, B = n · variance of chain means, W = mean variance within (Gelman and Rubin 1992).</summary>
    public static double PlainRHat(IReadOnlyList<double[]> chains) => BasicRHat(Checked(chains));

    /// <summary>The same on chains cut in halves, which also sees a drift within a chain.</summary>
    public static double SplitRHat(IReadOnlyList<double[]> chains) => BasicRHat(Split(Checked(chains)));

    /// <summary>The larger of rank-normalised split R̂ of the values (location) and of |x − median| (scale).</summary>
    public static double RHat(IReadOnlyList<double[]> chains)
    {
        Checked(chains);
        double median = Ranking.Quantile(chains, 0.5);
        double[][] folded = Map(chains, x => Math.Abs(x - median));
        return Math.Max(BasicRHat(Ranking.NormalScores(Split(chains))), BasicRHat(Ranking.NormalScores(Split(folded))));
    }

    /// <summary>Effective sample size of the rank-normalised split chains: the centre of the distribution.</summary>
    public static double BulkEffectiveSampleSize(IReadOnlyList<double[]> chains) =>
        GeyerEffectiveSampleSize.Of(Ranking.NormalScores(Split(Checked(chains))));

    /// <summary>The smaller of the effective sample sizes of the 5 % and the 95 % quantile.</summary>
    public static double TailEffectiveSampleSize(IReadOnlyList<double[]> chains) =>
        Math.Min(QuantileEffectiveSampleSize(chains, 0.05), QuantileEffectiveSampleSize(chains, 0.95));

    /// <summary>Effective sample size of the mean: split chains, values as they are.</summary>
    public static double MeanEffectiveSampleSize(IReadOnlyList<double[]> chains) => GeyerEffectiveSampleSize.Of(Split(Checked(chains)));

    public static double MedianEffectiveSampleSize(IReadOnlyList<double[]> chains) => QuantileEffectiveSampleSize(chains, 0.5);

    /// <summary>Effective sample size of the indicator x ≤ quantile.</summary>
    public static double QuantileEffectiveSampleSize(IReadOnlyList<double[]> chains, double probability)
    {
        Checked(chains);
        double threshold = Ranking.Quantile(chains, probability);
        return GeyerEffectiveSampleSize.Of(Split(Map(chains, x => x <= threshold ? 1.0 : 0.0)));
    }

    /// <summary>Monte Carlo standard error of the mean, sd / √ESS(mean), sd over all values with n − 1.</summary>
    public static double MeanStandardError(IReadOnlyList<double[]> chains)
    {
        double effective = MeanEffectiveSampleSize(chains);
        return Math.Sqrt(Variance([.. chains.SelectMany(x => x)]) / effective);
    }

    /// <summary>
    /// Autocorrelation time 1 + 2 Σ ρ(t) in Goodman and Weare's convention, twice τ_int: window is the first W ≥ c τ(W) (Sokal), ρ averaged over chains, as emcee 3 does.
    /// </summary>
    public static double SokalAutocorrelationTime(IReadOnlyList<double[]> chains, double c = 5)
    {
        Checked(chains);
        int length = chains[0].Length;
        var rho = new double[length];
        foreach (double[] chain in chains)
        {
            double[] sums = CentredSums(chain);
            for (int t = 0; t < length && sums[0] > 0; t++)
                rho[t] += sums[t] / sums[0] / chains.Count;
        }

        double tau = -1;
        for (int w = 0; w < length; w++)
        {
            tau += 2 * rho[w];
            if (w >= c * tau)
                return tau;
        }

        return tau;
    }

    /// <summary>Σ_i (x_i − x̄)(x_{i+t} − x̄) for every t.</summary>
    internal static double[] CentredSums(double[] chain)
    {
        double mean = PrimaryMeans.Mean(chain);
        return Autocorrelation.Sums([[.. chain.Select(x => x - mean)]], chain.Length);
    }

    internal static double Variance(double[] values)
    {
        double mean = PrimaryMeans.Mean(values);
        return values.Sum(x => (x - mean) * (x - mean)) / (values.Length - 1);
    }

    internal static bool IsConstant(IReadOnlyList<double[]> chains) => chains.All(chain => chain.All(x => x == chains[0][0]));

    private static double BasicRHat(IReadOnlyList<double[]> chains)
    {
        if (IsConstant(chains))
            return 1;
        double n = chains[0].Length;
        double between = chains.Count == 1 ? 0 : n * Variance([.. chains.Select(x => PrimaryMeans.Mean(x))]);
        double within = chains.Average(Variance);
        return Math.Sqrt((between / within + n - 1) / n);
    }

    // With an odd length the middle value belongs to neither half.
    private static double[][] Split(IReadOnlyList<double[]> chains)
    {
        int half = chains[0].Length / 2;
        return [.. chains.Select(x => x[..half]), .. chains.Select(x => x[^half..])];
    }

    private static double[][] Map(IReadOnlyList<double[]> chains, Func<double, double> function) =>
        [.. chains.Select(chain => chain.Select(function).ToArray())];

    private static IReadOnlyList<double[]> Checked(IReadOnlyList<double[]> chains)
    {
        ArgumentNullException.ThrowIfNull(chains);
        if (chains.Count == 0)
            throw new ArgumentException("No chain was given.");
        for (int c = 0; c < chains.Count; c++)
        {
            if (chains[c].Length != chains[0].Length)
                throw new ArgumentException($"Chain {c} has {chains[c].Length} values, chain 0 has {chains[0].Length}: cut them to one length.");
            if (!chains[c].All(double.IsFinite))
                throw new ArgumentException($"Chain {c} holds a value that is not finite.");
        }

        if (chains[0].Length < ShortestChain)
            throw new ArgumentException($"Chains of {chains[0].Length} values are too short: at least {ShortestChain} are needed.");
        return chains;
    }
}

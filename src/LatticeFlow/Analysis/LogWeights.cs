namespace LatticeFlow.Analysis;

/// <summary>
/// What independent draws with weights w_i = exp(log w_i), log w = −S − log q, tell about the sampler and about Z = ⟨w⟩_q.
/// </summary>
public sealed record LogWeights
{
    /// <summary>Share of one weight in the sum above which the tail is called heavy: every other figure then hangs on one draw.</summary>
    public const double HeavyShare = 0.1;

    public required int Count { get; init; }

    /// <summary>(Σ w)² / (n Σ w²), in (0, 1] (Kish 1965).</summary>
    public required double EffectiveSampleSize { get; init; }

    /// <summary>Delete-one jackknife error of the effective sample size.</summary>
    public required double EffectiveSampleSizeError { get; init; }

    /// <summary>ln Z = ln((1/n) Σ w).</summary>
    public required double LogZ { get; init; }

    /// <summary>Delta method: δ ln Z = δZ/Z.</summary>
    public required double LogZError { get; init; }

    /// <summary>δZ/Z = √((1/ESS − 1)/(n − 1)).</summary>
    public required double RelativeErrorOfZ { get; init; }

    /// <summary>Unbiased variance of log w; infinite if a weight is zero.</summary>
    public required double VarianceOfLogWeight { get; init; }

    /// <summary>max w / Σ w.</summary>
    public required double LargestShare { get; init; }

    /// <summary>Acceptance of the stationary independence Metropolis chain, Σ_ij min(w_i, w_j) / (n Σ w): no random numbers, no order.</summary>
    public required double StationaryAcceptance { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>
    /// Computes all of the above in double with the largest log-weight factored out. Throws <see cref="ArgumentException"/> on an empty array, NaN, +∞, or if all weights are zero;
    /// single zero weights (−∞) are allowed. With one weight, errors are NaN.
    /// </summary>
    public static LogWeights Analyze(double[] logWeights)
    {
        ArgumentNullException.ThrowIfNull(logWeights);
        if (logWeights.Length == 0)
            throw new ArgumentException("No log-weight was given.", nameof(logWeights));
        int bad = Array.FindIndex(logWeights, x => double.IsNaN(x) || double.IsPositiveInfinity(x));
        if (bad >= 0)
            throw new ArgumentException($"Log-weight {bad} is {logWeights[bad]}.", nameof(logWeights));
        double largest = logWeights.Max();
        if (double.IsNegativeInfinity(largest))
            throw new ArgumentException("Every weight is zero.", nameof(logWeights));

        int n = logWeights.Length;
        double[] sorted = [.. logWeights.Select(x => Math.Exp(x - largest)).Order()];
        double sum = 0, squares = 0, minima = 0;
        for (int i = 0; i < n; i++)
        {
            // Ascending order keeps the small ones: Σ_ij min(w_i, w_j) = Σ_i w_(i) (2 (n − i) − 1).
            sum += sorted[i];
            squares += sorted[i] * sorted[i];
            minima += sorted[i] * (2.0 * (n - i) - 1);
        }

        double effective = Math.Min(1, sum / n * (sum / squares));
        double relative = n == 1 ? double.NaN : Math.Sqrt((1 / effective - 1) / (n - 1));
        double share = 1 / sum;
        var warnings = new List<string>();
        if (share > HeavyShare)
            warnings.Add($"WARNING: one of {n} weights carries {share:P0} of the sum: ESS, ln Z and their errors hang on it.");
        return new LogWeights
        {
            Count = n,
            EffectiveSampleSize = effective,
            EffectiveSampleSizeError = n == 1 ? double.NaN : JackknifeError(sorted),
            LogZ = largest + Math.Log(sum / n),
            LogZError = relative,
            RelativeErrorOfZ = relative,
            VarianceOfLogWeight = double.IsNegativeInfinity(logWeights.Min()) ? double.PositiveInfinity
                : n == 1 ? double.NaN : ChainDiagnostics.Variance(logWeights),
            LargestShare = share,
            StationaryAcceptance = Math.Min(1, minima / (n * sum)),
            Warnings = warnings,
        };
    }

    /// <summary>(Σ w)²/(n Σ w²) alone; 0 where every weight is zero.</summary>
    internal static double Size(ReadOnlySpan<double> logWeights)
    {
        double largest = double.NegativeInfinity, sum = 0, squares = 0;
        foreach (double x in logWeights) largest = Math.Max(largest, x);
        if (double.IsNegativeInfinity(largest)) return 0;
        foreach (double x in logWeights)
        {
            double weight = Math.Exp(x - largest);
            sum += weight;
            squares += weight * weight;
        }

        return sum / logWeights.Length * (sum / squares);
    }

    private static double JackknifeError(double[] sorted)
    {
        int n = sorted.Length;
        // Without the largest weight the sums are taken afresh: subtraction would cancel if it carries nearly all.
        double restSum = 0, restSquares = 0;
        for (int i = 0; i < n - 1; i++)
        {
            restSum += sorted[i];
            restSquares += sorted[i] * sorted[i];
        }

        var samples = new double[n];
        for (int i = 0; i < n; i++)
        {
            double s = i == n - 1 ? restSum : restSum - sorted[i] + sorted[n - 1];
            double q = i == n - 1 ? restSquares : restSquares - sorted[i] * sorted[i] + sorted[n - 1] * sorted[n - 1];
            samples[i] = q > 0 ? s / (n - 1) * (s / q) : 0;
        }

        double mean = PrimaryMeans.Mean(samples);
        return Math.Sqrt((n - 1.0) / n * samples.Sum(x => (x - mean) * (x - mean)));
    }
}

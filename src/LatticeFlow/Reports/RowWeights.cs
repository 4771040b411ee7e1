namespace LatticeFlow.Reports;

/// <summary>Weights w = e^{ln w} of rows that stand for the action only with them, <c>[replica][row]</c>: ⟨O⟩ = Σ w O/Σ w.</summary>
public sealed class RowWeights
{
    private readonly double[][] relative;

    /// <summary>Of ln w, each finite or −∞ (weight 0).</summary>
    /// <exception cref="ArgumentException">One is no weight, or all are 0.</exception>
    public RowWeights(IReadOnlyList<double[]> log)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (log.Any(replica => replica.Any(x => double.IsNaN(x) || double.IsPositiveInfinity(x)))) throw new ArgumentException("log_weight: a weight is not finite.", nameof(log));
        Largest = log.Max(replica => replica.DefaultIfEmpty(double.NegativeInfinity).Max());
        if (double.IsNegativeInfinity(Largest)) throw new ArgumentException("log_weight: every weight is zero.", nameof(log));
        Log = log;
        long count = log.Sum(replica => (long)replica.Length);
        Mean = log.Sum(replica => replica.Sum(x => Math.Exp(x - Largest))) / count;
        relative = [.. log.Select(replica => replica.Select(x => Math.Exp(x - Largest) / Mean).ToArray())];
    }

    /// <summary>ln w.</summary>
    public IReadOnlyList<double[]> Log { get; }

    /// <summary>The largest ln w.</summary>
    public double Largest { get; }

    /// <summary>⟨w⟩ e^{−<see cref="Largest"/>}.</summary>
    public double Mean { get; }

    /// <summary>w/⟨w⟩.</summary>
    public IReadOnlyList<double[]> Relative => relative;

    /// <summary>
    /// O' = Ō + (w/⟨w⟩)(O − Ō), Ō = Σ w O/Σ w: a series with the mean Ō, whose fluctuations about it are those of the ratio to linear order, so that the error of its mean, autocorrelation included, is that of Ō.
    /// </summary>
    public IReadOnlyList<double[]> Weigh(IReadOnlyList<double[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        double sum = 0;
        long count = 0;
        if (rows.Count != relative.Length) throw new ArgumentException($"there are {rows.Count} replicas, but weights of {relative.Length}.", nameof(rows));
        for (int r = 0; r < rows.Count; r++)
        {
            if (rows[r].Length != relative[r].Length) throw new ArgumentException($"replica {r} has {rows[r].Length} rows, but {relative[r].Length} weights.", nameof(rows));
            count += rows[r].Length;
            for (int i = 0; i < rows[r].Length; i++) sum += relative[r][i] * rows[r][i];
        }

        double mean = sum / count;
        return [.. rows.Select((replica, r) => replica.Select((value, i) => mean + (relative[r][i] * (value - mean))).ToArray())];
    }

    /// <summary>
    /// How many rows of the action itself one row is worth for ⟨O⟩: Σ w (O − Ō)²/Σ w over Σ (w/⟨w⟩)² (O − Ō)²/n, the variance of O over that of O'. 1 of equal weights, and where nothing fluctuates.
    /// </summary>
    public double Worth(IReadOnlyList<double[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        IReadOnlyList<double[]> weighed = Weigh(rows);
        long count = weighed.Sum(replica => (long)replica.Length);
        double mean = weighed.Sum(replica => replica.Sum()) / count, own = 0, ofRatio = 0;
        for (int r = 0; r < rows.Count; r++)
        {
            for (int i = 0; i < rows[r].Length; i++)
            {
                double deviation = rows[r][i] - mean;
                own += relative[r][i] * deviation * deviation;
                ofRatio += relative[r][i] * relative[r][i] * deviation * deviation;
            }
        }

        return ofRatio > 0 ? own / ofRatio : 1;
    }

    /// <summary>Without the first rows of each replica.</summary>
    public RowWeights Without(int discard) => discard == 0 ? this : new([.. Log.Select(replica => replica[discard..])]);
}

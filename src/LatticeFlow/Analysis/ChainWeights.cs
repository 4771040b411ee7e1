namespace LatticeFlow.Analysis;

/// <summary>
/// What configurations of a Markov chain tell about a flow, with weights w = e^{−S}/q of theirs: the effective sample size of the flow is Z²/⟨w²⟩_q = 1/(⟨w⟩_p ⟨1/w⟩_p), because ⟨w²⟩_q = Z ⟨w⟩_p and
/// 1/Z = ⟨1/w⟩_p. Samples of a flow cannot show what it never proposes; a chain that gets there can: both values have to agree.
/// </summary>
/// <param name="EffectiveSampleSize">1/(⟨w⟩_p ⟨1/w⟩_p), in (0, 1].</param>
/// <param name="Error">Its jackknife error: replicas, or blocks of them where there are few, are left out one by one.</param>
/// <param name="Configurations">Configurations that were looked at.</param>
public sealed record ChainWeights(double EffectiveSampleSize, double Error, long Configurations)
{
    private const int FewestBlocks = 16;

    /// <summary>Of log w of every replica, <c>[replica][configuration]</c>. Throws <see cref="ArgumentException"/> on none, or on one that is not finite.</summary>
    public static ChainWeights Analyze(IReadOnlyList<double[]> logWeights)
    {
        ArgumentNullException.ThrowIfNull(logWeights);
        long count = logWeights.Sum(replica => (long)replica.Length);
        if (count == 0) throw new ArgumentException("No log-weight was given.", nameof(logWeights));
        if (logWeights.Any(replica => !replica.All(double.IsFinite))) throw new ArgumentException("A log-weight is not finite.", nameof(logWeights));
        double largest = logWeights.Max(replica => replica.DefaultIfEmpty(double.NegativeInfinity).Max());
        double smallest = logWeights.Min(replica => replica.DefaultIfEmpty(double.PositiveInfinity).Min());
        int cuts = Math.Max(1, (FewestBlocks + logWeights.Count - 1) / logWeights.Count);
        var blocks = logWeights.SelectMany(replica => Blocks(replica, cuts)).Where(block => block.Count > 0).Select(block => (
            Count: (double)block.Count,
            Weight: block.Sum(x => Math.Exp(x - largest)),
            Inverse: block.Sum(x => Math.Exp(smallest - x)))).ToArray();
        double n = blocks.Sum(block => block.Count), weight = blocks.Sum(block => block.Weight), inverse = blocks.Sum(block => block.Inverse);

        // e^{largest} and e^{−smallest} were taken out.
        double scale = Math.Exp(smallest - largest);
        double Value(double count, double w, double i) => scale * (count / w) * (count / i);
        double value = Value(n, weight, inverse);
        if (blocks.Length < 2) return new(value, double.NaN, count);
        double[] without = [.. blocks.Select(block => Value(n - block.Count, weight - block.Weight, inverse - block.Inverse))];
        double mean = without.Average();
        return new(value, Math.Sqrt((blocks.Length - 1.0) / blocks.Length * without.Sum(x => (x - mean) * (x - mean))), count);
    }

    private static IEnumerable<ArraySegment<double>> Blocks(double[] replica, int cuts) => Enumerable.Range(0, cuts).Select(k =>
    {
        int first = (int)((long)replica.Length * k / cuts);
        return new ArraySegment<double>(replica, first, (int)((long)replica.Length * (k + 1) / cuts) - first);
    });
}

namespace LatticeFlow.Analysis;

/// <summary>Ranks, normal scores and quantiles over all values of several chains.</summary>
internal static class Ranking
{
    /// <summary>Each value's normal score Φ⁻¹((rank − 3/8)/(S + 1/4)); ties share their average rank (Blom 1958; Vehtari et al., eq. 14).</summary>
    public static double[][] NormalScores(IReadOnlyList<double[]> chains)
    {
        int n = chains[0].Length;
        double[] values = [.. chains.SelectMany(x => x)];
        int[] order = [.. Enumerable.Range(0, values.Length)];
        var sorted = (double[])values.Clone();
        Array.Sort(sorted, order);
        var scores = new double[values.Length];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
                end++;
            double rank = (start + 1 + end) / 2.0;
            double score = SpecialFunctions.NormalQuantile((rank - 0.375) / (values.Length + 0.25));
            for (int i = start; i < end; i++)
                scores[order[i]] = score;
        }

        return [.. Enumerable.Range(0, chains.Count).Select(c => scores[(c * n)..((c + 1) * n)])];
    }

    /// <summary>Quantile by linear interpolation between order statistics at (S − 1) p (Hyndman and Fan 1996, type 7).</summary>
    public static double Quantile(IReadOnlyList<double[]> chains, double probability)
    {
        if (!(probability >= 0 && probability <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies in [0, 1].");
        double[] sorted = [.. chains.SelectMany(x => x)];
        Array.Sort(sorted);
        double place = (sorted.Length - 1) * probability;
        int below = (int)Math.Floor(place);
        double fraction = place - below;
        if (Math.Abs(fraction) < 1e-12 * Math.Max(1, place) || below == sorted.Length - 1)
            return sorted[below];
        return sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
    }
}

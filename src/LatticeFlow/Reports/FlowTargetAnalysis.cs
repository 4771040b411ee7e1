using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>From configurations of the target to what they say about the flow.</summary>
internal static class FlowTargetAnalysis
{
    private const int Blocks = 32;

    /// <summary>Biases below this many errors are not shown.</summary>
    private const double SmallestBias = 3;

    /// <summary>
    /// Exact draws decide where there are such, else of several samples the one with the smallest effective sample size: it knows of a region that the others do not. Null without any. <paramref name="largestProposed"/> is the largest ln w among
    /// the fresh samples of the flow.
    /// </summary>
    public static FlowTargetDocument? Of(IReadOnlyList<TargetSample> samples, double? exactLogZ, double largestProposed) =>
        samples.Select(sample => Of(sample, exactLogZ, largestProposed)).OrderBy(document => document.Source != TargetSample.Exact).ThenBy(document => document.EffectiveSampleSize).FirstOrDefault();

    private static FlowTargetDocument Of(TargetSample sample, double? exactLogZ, double largestProposed)
    {
        TargetWeights weights = TargetWeights.Analyze(sample.LogWeights, exactLogZ);
        return new FlowTargetDocument
        {
            Source = sample.Source,
            Configurations = weights.Configurations,
            EffectiveSampleSize = weights.EffectiveSampleSize,
            EffectiveSampleSizeError = weights.EffectiveSampleSizeError,
            LogRatio = [.. TargetWeights.Levels.Zip(weights.Quantiles, (level, value) => new QuantileDocument(level, value))],
            LargestLogRatio = weights.LargestLogRatio,
            MissedMass = weights.MissedMass,
            ForwardDivergence = weights.Divergence,
            ForwardDivergenceError = weights.DivergenceError,
            Sectors = [.. Sectors(sample, weights.LogZ)],
            Bias = Biases(sample, largestProposed),
        };
    }

    private static IEnumerable<FlowSectorDocument> Sectors(TargetSample sample, double logZ)
    {
        if (!sample.Observables.TryGetValue(ChargeSectors.Charge, out IReadOnlyList<double[]>? charges) || !ChargeSectors.AreIntegers(charges))
            yield break;
        double missed = Math.Log(TargetWeights.Missed);
        foreach (var sector in Rows(sample, charges).GroupBy(row => (int)Math.Round(row.Value)).OrderBy(group => group.Key))
        {
            double[] ratios = [.. sector.Select(row => row.LogWeight - logZ)];
            double largest = ratios.Max();
            double mean = Math.Exp(largest) * ratios.Average(x => Math.Exp(x - largest));
            yield return new(sector.Key, ratios.Length, 1 / mean, ratios.Count(x => x > missed) / (double)ratios.Length);
        }
    }

    // Leaves out blocks of configurations: in a chain they are correlated.
    private static Dictionary<string, FlowBiasDocument> Biases(TargetSample sample, double largestProposed)
    {
        var biases = new Dictionary<string, FlowBiasDocument>();
        foreach ((string name, IReadOnlyList<double[]> replicas) in sample.Observables)
        {
            (double Value, double LogWeight)[] rows = [.. Rows(sample, replicas)];
            if (rows.Length < 2 * Blocks || rows.All(row => row.LogWeight <= largestProposed)) continue;
            double value = Bias(rows, -1, largestProposed);
            double[] without = [.. Enumerable.Range(0, Blocks).Select(block => Bias(rows, block, largestProposed))];
            double mean = without.Average(), error = Math.Sqrt((Blocks - 1.0) / Blocks * without.Sum(x => (x - mean) * (x - mean)));
            if (double.IsFinite(value) && Math.Abs(value) > SmallestBias * error && error > 0) biases[name] = new(value, error);
        }

        return biases;
    }

    private static double Bias((double Value, double LogWeight)[] rows, int without, double largestProposed)
    {
        double all = 0, proposed = 0;
        long counted = 0, countedProposed = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if ((int)((long)i * Blocks / rows.Length) == without) continue;
            (all, counted) = (all + rows[i].Value, counted + 1);
            if (rows[i].LogWeight > largestProposed) continue;
            (proposed, countedProposed) = (proposed + rows[i].Value, countedProposed + 1);
        }

        return (proposed / countedProposed) - (all / counted);
    }

    private static IEnumerable<(double Value, double LogWeight)> Rows(TargetSample sample, IReadOnlyList<double[]> values)
    {
        for (int replica = 0; replica < sample.LogWeights.Count; replica++)
        {
            for (int i = 0; i < sample.LogWeights[replica].Length; i++) yield return (values[replica][i], sample.LogWeights[replica][i]);
        }
    }
}

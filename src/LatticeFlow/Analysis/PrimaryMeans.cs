namespace LatticeFlow.Analysis;

/// <summary>Means of primary observables: over everything, by replica, and the naive error of each as a natural step width.</summary>
internal sealed record PrimaryMeans(double[] Global, double[][] ByReplica, double[] Spread, int[] Lengths)
{
    public static PrimaryMeans Of(IReadOnlyList<IReadOnlyList<double[]>> observables)
    {
        Check(observables);
        int[] lengths = [.. observables[0].Select(x => x.Length)];
        double count = lengths.Sum(x => (double)x);
        var global = new double[observables.Count];
        var spread = new double[observables.Count];
        var byReplica = new double[lengths.Length][];
        for (int r = 0; r < lengths.Length; r++)
            byReplica[r] = [.. observables.Select(observable => Mean(observable[r]))];
        for (int a = 0; a < observables.Count; a++)
        {
            for (int r = 0; r < lengths.Length; r++)
                global[a] += byReplica[r][a] * (lengths[r] / count);
            double squares = observables[a].Sum(series => series.Sum(x => (x - global[a]) * (x - global[a])));
            spread[a] = Math.Sqrt(squares) / count;
        }

        return new PrimaryMeans(global, byReplica, spread, lengths);
    }

    /// <summary>Arithmetic mean in two passes: the second removes the first one's rounding.</summary>
    public static double Mean(ReadOnlySpan<double> series)
    {
        double sum = 0, correction = 0;
        foreach (double x in series)
            sum += x;
        double mean = sum / series.Length;
        foreach (double x in series)
            correction += x - mean;
        return mean + correction / series.Length;
    }

    private static void Check(IReadOnlyList<IReadOnlyList<double[]>> observables)
    {
        ArgumentNullException.ThrowIfNull(observables);
        if (observables.Count == 0)
            throw new ArgumentException("No observable was given.");
        for (int a = 0; a < observables.Count; a++)
        {
            if (observables[a] is null || observables[a].Count == 0)
                throw new ArgumentException("No replica was given: the analysis needs at least one series.");
            if (observables[a].Count != observables[0].Count)
                throw new ArgumentException($"Observable {a} has {observables[a].Count} replicas, observable 0 has {observables[0].Count}.");
            for (int r = 0; r < observables[a].Count; r++)
            {
                double[] series = observables[a][r];
                if (series is null || series.Length == 0)
                    throw new ArgumentException($"Replica {r} is empty: leave it out or give it values.");
                if (series.Length != observables[0][r].Length)
                    throw new ArgumentException($"Replica {r}: observable {a} has {series.Length} values, observable 0 has {observables[0][r].Length}.");
                int bad = Array.FindIndex(series, x => !double.IsFinite(x));
                if (bad >= 0)
                    throw new ArgumentException($"Replica {r}, entry {bad}: {series[bad]} is not a finite number.");
            }
        }
    }
}

namespace LatticeFlow.Analysis;

/// <summary>Series laid out on an even grid of configuration numbers: absent ones are zero, and the pairs present at each lag are counted.</summary>
internal sealed record ConfigurationGrid(double[][] Series, int[] Spans, long Stride, double[][]? Present)
{
    private const long LargestSpan = 1L << 28;

    public static ConfigurationGrid Of(double[][] series, IReadOnlyList<IReadOnlyList<long>>? numbers)
    {
        if (numbers is null)
            return new ConfigurationGrid(series, [.. series.Select(x => x.Length)], 1, null);
        long stride = 0;
        foreach (IReadOnlyList<long> list in numbers)
        {
            for (int i = 1; i < list.Count; i++)
                stride = GreatestCommonDivisor(stride, list[i] - list[i - 1]);
        }

        stride = Math.Max(stride, 1);
        var laid = new double[series.Length][];
        var present = new double[series.Length][];
        bool gaps = false;
        for (int r = 0; r < series.Length; r++)
        {
            IReadOnlyList<long> list = numbers[r];
            long span = (list[^1] - list[0]) / stride + 1;
            if (span > LargestSpan)
                throw new ArgumentException($"Replica {r} spans {span} strides of {stride} with {list.Count} values: check its configuration numbers.");
            gaps |= span != list.Count;
            laid[r] = new double[span];
            present[r] = new double[span];
            for (int i = 0; i < list.Count; i++)
            {
                long place = (list[i] - list[0]) / stride;
                laid[r][place] = series[r][i];
                present[r][place] = 1;
            }
        }

        return new ConfigurationGrid(laid, [.. laid.Select(x => x.Length)], stride, gaps ? present : null);
    }

    /// <summary>Number of pairs at each lag.</summary>
    public double[] Pairs(int lags)
    {
        if (Present is not null)
            return [.. Autocorrelation.Sums(Present, lags).Select(x => Math.Round(x))];
        var pairs = new double[lags];
        foreach (int span in Spans)
        {
            for (int t = 0; t < Math.Min(lags, span); t++)
                pairs[t] += span - t;
        }

        return pairs;
    }

    private static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}

namespace LatticeFlow.Reports;

/// <summary>A long series made short without losing an excursion: the smallest and the largest value of each run of neighbours. Nothing is averaged.</summary>
internal sealed record Envelope(double[] Position, double[] Low, double[] High, int PerBin)
{
    /// <summary>At most <paramref name="bins"/> bins of equal length (the last may be shorter) over all series at once; position is the index of a bin's middle.</summary>
    public static Envelope Of(IReadOnlyList<double[]> series, int bins)
    {
        int longest = series.Max(x => x.Length);
        int perBin = Math.Max(1, (longest + bins - 1) / bins);
        int count = (longest + perBin - 1) / perBin;
        double[] position = new double[count], low = new double[count], high = new double[count];
        for (int b = 0; b < count; b++)
        {
            int start = b * perBin, end = Math.Min(start + perBin, longest);
            (position[b], low[b], high[b]) = ((start + end - 1) / 2.0, double.PositiveInfinity, double.NegativeInfinity);
            foreach (double[] values in series)
            {
                for (int i = start; i < Math.Min(end, values.Length); i++)
                    (low[b], high[b]) = (Math.Min(low[b], values[i]), Math.Max(high[b], values[i]));
            }
        }

        return new Envelope(position, low, high, perBin);
    }
}

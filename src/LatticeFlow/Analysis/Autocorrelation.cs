namespace LatticeFlow.Analysis;

/// <summary>Sums of products at a distance in Monte Carlo time.</summary>
public static class Autocorrelation
{
    /// <summary>
    /// C(t) = Σ_r Σ_i x_r[i] x_r[i+t] for t = 0 … <paramref name="lags"/>−1: unnormalised, nothing subtracted, no pair across two series.
    /// Costs O(N log N). Throws <see cref="ArgumentException"/> without a series or a lag.
    /// </summary>
    public static double[] Sums(IReadOnlyList<double[]> series, int lags)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Count == 0)
            throw new ArgumentException("At least one series is needed.", nameof(series));
        if (lags < 1)
            throw new ArgumentOutOfRangeException(nameof(lags), lags, "At least the lag 0 is needed.");
        int longest = series.Max(x => x.Length);
        // Padding by the largest wanted lag is enough: what wraps around lands on lags nobody reads.
        int length = FastFourierTransform.PaddedLength((long)longest + Math.Min(lags, longest));
        var power = new double[length];
        var real = new double[length];
        var imaginary = new double[length];
        // Two real series travel as one complex one: Re Σ z*_i z_{i+t} is the sum of their two autocorrelations.
        for (int r = 0; r < series.Count; r += 2)
        {
            Load(series[r], real);
            Load(r + 1 < series.Count ? series[r + 1] : [], imaginary);
            FastFourierTransform.Transform(real, imaginary, inverse: false);
            for (int k = 0; k < length; k++)
                power[k] += real[k] * real[k] + imaginary[k] * imaginary[k];
        }

        Array.Clear(imaginary);
        FastFourierTransform.Transform(power, imaginary, inverse: true);
        var sums = new double[lags];
        for (int t = 0; t < Math.Min(lags, longest); t++)
            sums[t] = power[t] / length;
        return sums;
    }

    /// <summary>
    /// C(t) = ½ Σ_r Σ_i (x_r[i] y_r[i+t] + y_r[i] x_r[i+t]), t = 0 … <paramref name="lags"/>−1: a quarter of what the sums of x + y and of x − y differ by, both in units of their own root mean squares so that neither drowns the other.
    /// </summary>
    public static double[] SymmetricCrossSums(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, int lags)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!first.Select(x => x.Length).SequenceEqual(second.Select(x => x.Length)))
            throw new ArgumentException("Both need the same number of series of the same lengths.");
        double a = RootMeanSquare(first), b = RootMeanSquare(second);
        if (a == 0 || b == 0) return new double[lags];
        double[] plus = Sums(Combined(1), lags), minus = Sums(Combined(-1), lags);
        for (int t = 0; t < lags; t++)
            plus[t] = a * b * (plus[t] - minus[t]) / 4;
        return plus;

        double[][] Combined(double sign) => [.. first.Select((x, r) =>
        {
            double[] y = second[r], sum = new double[x.Length];
            for (int i = 0; i < sum.Length; i++)
                sum[i] = (x[i] / a) + (sign * y[i] / b);
            return sum;
        })];
    }

    private static double RootMeanSquare(IReadOnlyList<double[]> series) => Math.Sqrt(series.Sum(x => x.Sum(value => value * value)) / series.Sum(x => (double)x.Length));

    private static void Load(double[] source, double[] target)
    {
        source.CopyTo(target, 0);
        Array.Clear(target, source.Length, target.Length - source.Length);
    }
}

namespace LatticeFlow.Analysis;

/// <summary>
/// Delete-one-bin jackknife (Quenouille 1956, Tukey 1958): error² = (B−1)/B Σ_b (f_b − f̄)², bias = (B−1)(f̄ − f). Bins must be several τ_int long.
/// Observables are [α][replica] = series; throws <see cref="ArgumentException"/> on bad shapes or fewer than two bins.
/// </summary>
public static class Jackknife
{
    /// <summary>f(⟨a_1⟩, ⟨a_2⟩, …) of mean values.</summary>
    public static ResampledEstimate OfMeans(IReadOnlyList<IReadOnlyList<double[]>> observables, Func<double[], double> function, int binSize)
    {
        var binning = new Binning(observables, binSize);
        double[][] means = binning.Means();
        double[] whole = [.. means.Select(x => PrimaryMeans.Mean(x))];
        int bins = binning.Bins;
        var samples = new double[bins];
        for (int b = 0; b < bins; b++)
            samples[b] = function([.. means.Select((x, a) => whole[a] + (whole[a] - x[b]) / (bins - 1))]);
        return Summarise(function(whole), samples);
    }

    /// <summary>Any statistic of the values themselves, values[α][i], such as a median. Costs one evaluation a bin.</summary>
    public static ResampledEstimate OfValues(IReadOnlyList<IReadOnlyList<double[]>> observables, Func<double[][], double> statistic, int binSize)
    {
        var binning = new Binning(observables, binSize);
        var samples = new double[binning.Bins];
        for (int b = 0; b < samples.Length; b++)
            samples[b] = statistic([.. binning.Values.Select(x => (double[])[.. x[..(b * binSize)], .. x[((b + 1) * binSize)..]])]);
        return Summarise(statistic([.. binning.Values.Select(x => (double[])x.Clone())]), samples);
    }

    private static ResampledEstimate Summarise(double value, double[] samples)
    {
        double mean = PrimaryMeans.Mean(samples), bins = samples.Length;
        double error = Math.Sqrt((bins - 1) / bins * samples.Sum(x => (x - mean) * (x - mean)));
        return new ResampledEstimate(value, error, (bins - 1) * (mean - value), samples.Length, samples);
    }
}

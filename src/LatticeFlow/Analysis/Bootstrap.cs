namespace LatticeFlow.Analysis;

/// <summary>
/// Block bootstrap (Efron 1979; Künsch 1989): whole bins are drawn with replacement, error = standard deviation over the draws, bias = their mean − value.
/// The seed fixes the result on every machine. Observables are [α][replica] = series.
/// </summary>
public static class Bootstrap
{
    /// <summary>f(⟨a_1⟩, ⟨a_2⟩, …) of mean values.</summary>
    public static ResampledEstimate OfMeans(
        IReadOnlyList<IReadOnlyList<double[]>> observables, Func<double[], double> function, int binSize, int draws = 1000, ulong seed = 1)
    {
        var binning = new Binning(observables, binSize);
        double[][] means = binning.Means();
        return Draw(function([.. means.Select(x => PrimaryMeans.Mean(x))]), binning, draws, seed, chosen =>
            function([.. means.Select(x => chosen.Sum(b => x[b]) / chosen.Length)]));
    }

    /// <summary>Any statistic of the values themselves, values[α][i], such as a median.</summary>
    public static ResampledEstimate OfValues(
        IReadOnlyList<IReadOnlyList<double[]>> observables, Func<double[][], double> statistic, int binSize, int draws = 1000, ulong seed = 1)
    {
        var binning = new Binning(observables, binSize);
        return Draw(statistic([.. binning.Values.Select(x => (double[])x.Clone())]), binning, draws, seed, chosen =>
        {
            var resampled = new double[binning.Values.Length][];
            for (int a = 0; a < resampled.Length; a++)
            {
                resampled[a] = new double[binning.Values[a].Length];
                for (int b = 0; b < chosen.Length; b++)
                    Array.Copy(binning.Values[a], chosen[b] * binSize, resampled[a], b * binSize, binSize);
            }

            return statistic(resampled);
        });
    }

    private static ResampledEstimate Draw(double value, Binning binning, int draws, ulong seed, Func<int[], double> evaluate)
    {
        if (draws < 2)
            throw new ArgumentOutOfRangeException(nameof(draws), draws, "At least two draws are needed for an error.");
        var generator = new SplitMix64(seed);
        var samples = new double[draws];
        var chosen = new int[binning.Bins];
        for (int i = 0; i < draws; i++)
        {
            for (int b = 0; b < chosen.Length; b++)
                chosen[b] = generator.Below(chosen.Length);
            samples[i] = evaluate(chosen);
        }

        return new ResampledEstimate(value, Math.Sqrt(ChainDiagnostics.Variance(samples)), PrimaryMeans.Mean(samples) - value, binning.Bins, samples);
    }
}

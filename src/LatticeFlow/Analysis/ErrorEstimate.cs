namespace LatticeFlow.Analysis;

/// <summary>A function of means with its error as <see cref="ErrorSettings"/> ask for it.</summary>
public static class ErrorEstimate
{
    private const ulong BootstrapSeed = 1;
    private const int BootstrapDraws = 1000;

    /// <summary>Bins below this number have an error of the error of more than a quarter.</summary>
    public const int FewestBins = 10;

    /// <summary>
    /// F(⟨a_1⟩, ⟨a_2⟩, …); <paramref name="observables"/>[α][replica] as for <see cref="GammaMethod.AnalyzeDerived"/>. With bins τ_int stays that of single values: error² N/(2 Γ(0)) with Γ(0) of the values before binning.
    /// Resampling gives the error; its τ_int is what belongs to it, and autocorrelation and window are those of the Γ-method. Bins that are not given are (4 τ² N)^{1/3} values long: what they leave out of the variance, τ/bin, then is
    /// about half of its own noise √(2 bin/N); at most so long that there are <see cref="FewestBins"/>.
    /// </summary>
    /// <exception cref="ArgumentException">As for the Γ-method, or bins longer than the data.</exception>
    public static GammaResult Of(
        IReadOnlyList<IReadOnlyList<double[]>> observables, Func<double[], double> function, Func<double[], double[]>? gradient, ErrorSettings settings, ErrorContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(observables);
        ArgumentNullException.ThrowIfNull(settings);
        context ??= new ErrorContext();
        if (context.ConfigurationNumbers is not null && (settings.Bin > 1 || settings.Method != ErrorMethod.Gamma) && !context.ConfigurationNumbers.All(IsEven))
            throw new ArgumentException("bins are made of configurations at even distances, and some are missing: use the Gamma method without bins.");
        int bin = settings.Method == ErrorMethod.Gamma ? Math.Max(1, settings.Bin) : 1;
        IReadOnlyList<IReadOnlyList<double[]>> binned = bin == 1 ? observables : [.. observables.Select(replicas => Binned(replicas, bin))];
        GammaResult result = GammaMethod.AnalyzeDerived(binned, function, gradient, settings.Options(bin == 1 ? context : context with { ConfigurationNumbers = null }, bin));
        if (bin > 1) return InSingleValues(result, bin, GammaMethod.Variance(observables, function, gradient));
        return settings.Method == ErrorMethod.Gamma ? result : Resampled(result, observables, function, settings);
    }

    /// <summary>The mean of one observable.</summary>
    public static GammaResult Of(IReadOnlyList<double[]> replicas, ErrorSettings settings, ErrorContext? context = null) => Of([replicas], means => means[0], _ => [1.0], settings, context);

    /// <summary>Means of consecutive bins of each replica; what is left at its end, fewer than a bin, is left out.</summary>
    public static double[][] Binned(IReadOnlyList<double[]> replicas, int bin)
    {
        ArgumentNullException.ThrowIfNull(replicas);
        if (replicas.Min(series => series.Length) < bin)
            throw new ArgumentException($"a bin of {bin} values is longer than the shortest replica, {replicas.Min(series => series.Length)}: use smaller bins.");
        return [.. replicas.Select(series => Enumerable.Range(0, series.Length / bin).Select(b => PrimaryMeans.Mean(series.AsSpan(b * bin, bin))).ToArray())];
    }

    private static bool IsEven(IReadOnlyList<long> numbers)
    {
        for (int i = 2; i < numbers.Count; i++)
        {
            if (numbers[i] - numbers[i - 1] != numbers[1] - numbers[0]) return false;
        }

        return true;
    }

    private static GammaResult InSingleValues(GammaResult result, int bin, double variance)
    {
        int count = result.Count * bin;
        double tau = variance > 0 ? result.Error * result.Error * count / (2 * variance) : double.NaN;
        return result with { TauInt = tau, TauIntError = tau * result.TauIntError / result.TauInt, Count = count, Stride = bin, Bin = bin };
    }

    private static GammaResult Resampled(GammaResult gamma, IReadOnlyList<IReadOnlyList<double[]>> observables, Func<double[], double> function, ErrorSettings settings)
    {
        if (!(gamma.Error > 0)) return gamma;
        int shortest = observables[0].Min(series => series.Length);
        int bin = settings.Bin > 0 ? settings.Bin : (int)Math.Clamp(Math.Ceiling(Math.Cbrt(4 * gamma.TauInt * gamma.TauInt * gamma.Count)), 1, Math.Max(1, Math.Min(shortest, gamma.Count / FewestBins)));
        if (bin > shortest) throw new ArgumentException($"a bin of {bin} values is longer than the shortest replica, {shortest}: use smaller bins.");
        ResampledEstimate estimate = settings.Method == ErrorMethod.Jackknife
            ? Jackknife.OfMeans(observables, function, bin)
            : Bootstrap.OfMeans(observables, function, bin, BootstrapDraws, BootstrapSeed);
        double relative = 1 / Math.Sqrt(2.0 * (estimate.Bins - 1)), tau = gamma.TauInt * estimate.Error * estimate.Error / (gamma.Error * gamma.Error);
        return gamma with
        {
            Error = estimate.Error,
            ErrorOfError = estimate.Error * relative,
            TauInt = tau,
            TauIntError = 2 * relative * tau,
            Tail = null,
            FromReplicas = false,
            Bin = bin,
            Method = settings.Method,
        };
    }
}

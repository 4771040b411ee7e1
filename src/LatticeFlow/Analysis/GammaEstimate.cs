namespace LatticeFlow.Analysis;

/// <summary>From projected fluctuations to error and τ_int: autocovariance, window, bias correction, warnings.</summary>
internal static class GammaEstimate
{
    // One consistent set of replicas in a thousand falls below this by chance.
    private const double DisagreementProbability = 0.001;

    // An exponential is far below this at the end of its window; replicas that hardly move are not.
    private const double LargestEnd = ExpectedRHat.LargestEnd;

    // ρ(1) of uncorrelated data has standard deviation 1/√N: one false alarm in 30,000.
    private const double AnticorrelationSigmas = 4;

    public static GammaResult Of(ProjectedSample sample, GammaOptions options)
    {
        int count = sample.Count;
        if (count == 1)
            return WithoutWindow(sample, options, double.NaN, new(GammaWarningKind.SingleValue, "WARNING: one value has no error."));
        if (sample.IsConstant)
            return WithoutWindow(sample, options, 0, new(GammaWarningKind.Constant, "WARNING: every value is the same; the error 0 says nothing about the true one."));

        bool uwerr = options.Convention == GammaConvention.UWerr;
        // Single values of many replicas scatter about the global mean, but not about their own.
        if (sample.IsFrozen && (!uwerr || sample.Fluctuations.Any(x => x.Length > 1)))
            return WithoutWindow(sample, options, double.NaN, new(GammaWarningKind.FrozenReplicas, "WARNING: no replica fluctuates, yet replicas differ: the chains are frozen and no error exists."));

        ConfigurationGrid grid = ConfigurationGrid.Of(sample.Fluctuations, options.ConfigurationNumbers);
        int lags = Math.Max(1, uwerr ? grid.Spans.Min() / 2 + 1 : grid.Spans.Max() / 2);
        double[] gamma = Autocorrelation.Sums(grid.Series, lags);
        double[] pairs = grid.Pairs(lags);
        for (int t = 0; t < lags; t++)
            gamma[t] /= Math.Max(pairs[t], 1);

        GammaWindow window = GammaWindow.Choose(gamma, count, options);
        var warnings = new List<GammaWarning>();
        if (!window.Found)
            warnings.Add(new(GammaWarningKind.NoWindow, $"WARNING: the autocorrelation has not died out at the largest lag {window.Last}: the error is a lower bound."));
        else if (window.Last > 1 && gamma[window.Last] > LargestEnd * gamma[0])
            warnings.Add(new(GammaWarningKind.NoWindow, $"WARNING: rho is still {gamma[window.Last] / gamma[0]:F2} where the automatic window of {count} values closes: the error is a lower bound."));
        return uwerr ? AsUWerr(sample, options, grid, gamma, pairs, window, warnings) : AsPyerrors(sample, options, grid, gamma, pairs, window, warnings);
    }

    // UWerr.m V6, lines "bias in Gamma corrected" and following; Wolff eqs. 31, 35, 41, 42, 49.
    private static GammaResult AsUWerr(
        ProjectedSample sample, GammaOptions options, ConfigurationGrid grid, double[] gamma, double[] pairs, GammaWindow window, List<GammaWarning> warnings)
    {
        double count = sample.Count;
        int last = window.Last;
        double variance = SumTo(gamma, last);
        bool alternates = options.TauExp == 0 && options.S > 0 && IsAnticorrelated(gamma, sample.Count);
        if (alternates)
        {
            // What is left after cancellation can be less than its own noise, √(2 (2W+1)/N) at most: then that is the bound.
            double noise = gamma[0] * Math.Sqrt(2 * (2 * last + 1) / count) * Math.Sqrt(0.5 + Enumerable.Range(1, last).Sum(t => gamma[t] / gamma[0] * (gamma[t] / gamma[0])));
            variance = Math.Min(gamma[0], Math.Max(variance, noise));
        }
        else if (variance <= 0)
        {
            warnings.Add(new(GammaWarningKind.NegativeVariance, "WARNING: the summed autocorrelation is negative; the error for uncorrelated data is given."));
            last = 0;
            variance = gamma[0];
        }

        double[] corrected = [.. gamma.Select(g => g + variance / count)];
        double[] rho = [.. corrected.Select(g => g / corrected[0])];
        double[] tauOfWindow = Running(rho);
        double tau = alternates ? variance / (2 * gamma[0]) : tauOfWindow[last], tauError = tau * 2 * Math.Sqrt(Math.Abs(last + 0.5 - tau) / count);
        if (last == 0)
            tauError = 0;
        if (window.TailAttached)
        {
            tau += options.TauExp * Math.Abs(rho[last + 1]);
            tauError = Math.Sqrt(tauError * tauError + Math.Pow(options.TauExp * RhoError(rho, last + 1, rho.Length, count), 2));
        }

        SlowTail? tail = SlowTailOf(options, grid, corrected, last, tau, sample.Count);
        if (tail is not null)
            (tau, tauError) = WithTail(tau, tauError, tail);

        // A sum that was cut off is a lower bound, and its formal error says nothing of what was cut off.
        if (warnings.Any(warning => warning.Kind == GammaWarningKind.NoWindow))
            tauError = Math.Max(tauError, tau);
        double error = Math.Sqrt(2 * tau * corrected[0] / count);
        // Wolff eq. 29: with several replicas the leading bias of a non-linear function can be taken off, where it exists at the means of each.
        double[] replicaValues = sample.ReplicaValues;
        double value = sample.Value;
        double weighted = Weighted(sample, replicaValues);
        if (!replicaValues.All(double.IsFinite))
        {
            warnings.Add(new(GammaWarningKind.BiasNotCorrected, "WARNING: the quantity does not exist at the means of every replica: its value is that at the mean of all, and the bias of order 1/N is not taken off."));
        }
        else if (replicaValues.Length > 1)
        {
            double bias = (weighted - value) / (replicaValues.Length - 1);
            value -= bias;
            replicaValues = [.. replicaValues.Select((x, r) => x - bias * count / sample.Fluctuations[r].Length)];
        }

        var parts = new Parts(value, error, tau, tauError, last, corrected, rho, tauOfWindow, replicaValues, tail);
        return Assemble(sample, options, grid, pairs, parts, warnings);
    }

    // pyerrors/obs.py, Obs.gamma_method: τ_W (1 + (2W+1)/N)/(1 + 1/N), error² = 2 τ Γ(0) (1 + 1/N)/N.
    private static GammaResult AsPyerrors(
        ProjectedSample sample, GammaOptions options, ConfigurationGrid grid, double[] gamma, double[] pairs, GammaWindow window, List<GammaWarning> warnings)
    {
        double count = sample.Count;
        int last = window.Last;
        double[] rho = [.. gamma.Select(g => g / gamma[0])];
        double[] tauOfWindow = Running(rho);
        for (int t = 0; t < rho.Length; t++)
            tauOfWindow[t] = Math.Max(tauOfWindow[t], 0.5);
        double tau, tauError, error;
        SlowTail? tail = null;
        if (options.S == 0 && options.TauExp == 0)
        {
            (tau, tauError, error) = (0.5, 0, Math.Sqrt(gamma[0] / (count - 1)));
        }
        else
        {
            tau = tauOfWindow[last] * (1 + (2 * last + 1) / count) / (1 + 1 / count);
            tauError = last == 0 ? 0 : tauOfWindow[last] * 2 * Math.Sqrt(Math.Abs(last + 0.5 - tauOfWindow[last]) / count);
            if (window.TailAttached)
            {
                tau += options.TauExp * Math.Abs(rho[last + 1]);
                tauError = Math.Sqrt(tauError * tauError + Math.Pow(options.TauExp * RhoError(rho, last + 1, rho.Length, count), 2));
            }

            tail = SlowTailOf(options, grid, gamma, last, tau, sample.Count);
            if (tail is not null)
                (tau, tauError) = WithTail(tau, tauError, tail);
            error = Math.Sqrt(2 * tau * gamma[0] * (1 + 1 / count) / count);
        }

        var parts = new Parts(sample.Value, error, tau, tauError, last, gamma, rho, tauOfWindow, sample.ReplicaValues, tail);
        return Assemble(sample, options, grid, pairs, parts, warnings);
    }

    // The noise of a sum of ρ up to the window is in proportion to the whole of τ_int.
    private static (double Tau, double Error) WithTail(double tau, double error, SlowTail tail)
    {
        double whole = tau + tail.TauInt;
        return (whole, Math.Sqrt(Math.Pow(error * whole / tau, 2) + (tail.TauIntError * tail.TauIntError)));
    }

    private sealed record Parts(
        double Value, double Error, double Tau, double TauError, int Window, double[] Gamma, double[] Rho, double[] TauOfWindow, double[] ReplicaValues, SlowTail? Tail);

    private static SlowTail? SlowTailOf(GammaOptions options, ConfigurationGrid grid, double[] gamma, int last, double tau, int count) =>
        options.TauExp > 0 || options.S == 0 ? null : SlowTail.Largest(grid, gamma, last, tau, count, options.SlowModes);

    private static GammaResult Assemble(
        ProjectedSample sample, GammaOptions options, ConfigurationGrid grid, double[] pairs, Parts parts, List<GammaWarning> warnings)
    {
        int count = sample.Count, window = parts.Window;
        int shown = Math.Min(parts.Rho.Length, 2 * window + 2);
        double? scatter = ScatterOfReplicas(sample, parts.ReplicaValues, count * parts.Error * parts.Error);
        double? q = scatter is { } chi ? SpecialFunctions.UpperRegularizedGamma((parts.ReplicaValues.Length - 1) / 2.0, chi / 2) : null;
        bool fromReplicas = options.ReplicaScatter && parts.ReplicaValues.Length >= GammaOptions.FewestReplicas && q < GammaOptions.ScatterProbability;
        double growth = fromReplicas ? scatter!.Value / (parts.ReplicaValues.Length - 1) : 1;
        double ofError = Math.Sqrt(((window + 0.5) / count) + (parts.Tail is { } tail ? Math.Pow(tail.TauIntError / (2 * parts.Tau), 2) : 0));
        if (fromReplicas)
        {
            ofError = Math.Sqrt(0.5 / (parts.ReplicaValues.Length - 1));
            parts = parts with { Error = parts.Error * Math.Sqrt(growth), Tau = parts.Tau * growth, TauError = parts.Tau * growth * 2 * ofError };
        }

        double needed = options.ShortestChainInTau * parts.Tau;
        int shortest = sample.Fluctuations.Min(x => x.Length);
        if (count < needed)
            warnings.Add(new(GammaWarningKind.ChainTooShort, $"WARNING: {count} values are fewer than {options.ShortestChainInTau} tau_int = {needed:G4}: error and tau_int are not to be trusted."));
        else if (shortest < needed)
            warnings.Add(new(GammaWarningKind.ReplicaTooShort, $"WARNING: the shortest replica has {shortest} values, fewer than {options.ShortestChainInTau} tau_int = {needed:G4}."));
        else if (sample.Fluctuations.Length > 1 && parts.Tail is { } slow && shortest < options.ShortestChainInTau * slow.TauIntOfMode)
            warnings.Add(new(GammaWarningKind.ReplicaTooShort, $"WARNING: the shortest replica has {shortest} values, fewer than {options.ShortestChainInTau} tau_int = {options.ShortestChainInTau * slow.TauIntOfMode:G4} of {slow.Mode}, whose tail it has."));
        if (q < DisagreementProbability)
            warnings.Add(new(GammaWarningKind.ReplicasDisagree, $"WARNING: replica means scatter more than their errors allow (Q = {q:G3})."));
        if (IsAnticorrelated(parts.Gamma, count))
        {
            string found = options.Convention == GammaConvention.UWerr
                ? $"summed with their signs up to lag {window} tau_int is {parts.Tau:G3}, not below its own noise"
                : "the automatic window stops at once and the error is rough";
            warnings.Add(new(GammaWarningKind.Anticorrelated, $"WARNING: neighbours are anticorrelated (rho(1) = {parts.Rho[1]:G3}): {found}."));
        }

        if (pairs.Take(window + 1).Any(x => x < 1))
            warnings.Add(new(GammaWarningKind.MissingPairs, "WARNING: a lag inside the window has no pair of configurations; its autocorrelation was taken as 0."));

        return new GammaResult
        {
            Mean = parts.Value,
            Error = parts.Error,
            ErrorOfError = parts.Error * ofError,
            TauInt = parts.Tau,
            TauIntError = parts.TauError,
            Window = window,
            Count = count,
            Stride = grid.Stride,
            Gamma = parts.Gamma[..shown],
            Rho = parts.Rho[..shown],
            RhoError = [.. Enumerable.Range(0, shown).Select(t => AutocorrelationError.At(parts.Rho, t, window, pairs[t]))],
            TauIntOfWindow = parts.TauOfWindow[..shown],
            ReplicaMeans = parts.ReplicaValues,
            Q = q,
            Convention = options.Convention,
            Tail = parts.Tail,
            FromReplicas = fromReplicas,
            Warnings = warnings,
        };
    }

    private static GammaResult WithoutWindow(ProjectedSample sample, GammaOptions options, double error, GammaWarning warning) => new()
    {
        Mean = sample.Value,
        Error = error,
        ErrorOfError = error,
        TauInt = double.IsNaN(error) ? double.NaN : 0.5,
        TauIntError = error,
        Window = 0,
        Count = sample.Count,
        Stride = options.ConfigurationNumbers is null ? 1 : ConfigurationGrid.Of(sample.Fluctuations, options.ConfigurationNumbers).Stride,
        Gamma = [0],
        Rho = [1],
        RhoError = [0],
        TauIntOfWindow = [0.5],
        ReplicaMeans = sample.ReplicaValues,
        Q = null,
        Convention = options.Convention,
        Warnings = [warning],
    };

    /// <summary>δρ(t)² = (1/N) Σ_{k≥1} [ρ(k+t) + ρ(|k−t|) − 2 ρ(t) ρ(k)]² over k below <paramref name="end"/> and lags that exist (Lüscher, hep-lat/0409106, eq. E.11).</summary>
    internal static double RhoError(double[] rho, int t, int end, double count)
    {
        double sum = 0;
        for (int k = 1; k < Math.Min(end, rho.Length - t); k++)
        {
            double term = rho[k + t] + rho[Math.Abs(k - t)] - 2 * rho[t] * rho[k];
            sum += term * term;
        }

        return Math.Sqrt(sum / count);
    }

    /// <summary>Whether ρ(1) is below zero by more than chance does once in 30,000.</summary>
    internal static bool IsAnticorrelated(double[] gamma, int count) => gamma.Length > 1 && gamma[1] / gamma[0] < -AnticorrelationSigmas / Math.Sqrt(count);

    private static double SumTo(double[] gamma, int last)
    {
        double sum = gamma[0];
        for (int t = 1; t <= last; t++)
            sum += 2 * gamma[t];
        return sum;
    }

    private static double[] Running(double[] rho)
    {
        var running = new double[rho.Length];
        running[0] = 0.5;
        for (int t = 1; t < rho.Length; t++)
            running[t] = running[t - 1] + rho[t];
        return running;
    }

    private static double Weighted(ProjectedSample sample, double[] values) =>
        values.Select((x, r) => x * sample.Fluctuations[r].Length).Sum() / sample.Count;

    // Wolff eq. 28: χ² of the replica values about their weighted mean, R − 1 degrees of freedom.
    private static double? ScatterOfReplicas(ProjectedSample sample, double[] values, double variance)
    {
        if (values.Length < 2 || !values.All(double.IsFinite))
            return null;
        double mean = Weighted(sample, values);
        return values.Select((x, r) => (x - mean) * (x - mean) * sample.Fluctuations[r].Length).Sum() / variance;
    }
}

using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>From the series of one ensemble to its block of the analysis: Γ-method, convergence of chains, comparison with exact results.</summary>
public static class EnsembleAnalysis
{
    /// <summary>χ_top = ⟨Q²⟩/V, derived where the charge was measured.</summary>
    public const string Susceptibility = "topological_susceptibility";

    /// <summary>A comparison with a known result off by more is warned about: one false alarm in 16,000.</summary>
    public const double LargestPull = 4;

    /// <summary>Converged chains of n configurations have R̂ ≈ 1 + (2 τ_int − 1)/(2n), so the 1.01 of long chains would cry wolf on many short ones.</summary>
    public const double LargestRHat = 1.05;

    private const int ShortestChain = 4;

    /// <summary>
    /// <paramref name="thetas"/> are angles θ for which everything is given with the weight e^{−S + iθQ} too; they need the topological charge.
    /// Throws <see cref="ArgumentException"/> naming sampler and observable on no data, unequal lengths or values that are not finite.
    /// </summary>
    public static EnsembleDocument Analyze(EnsembleSeries series, ExactResults exact, IReadOnlyList<double>? thetas = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(exact);
        if (series.Observables.Count == 0)
            throw new ArgumentException($"{series.Sampler}: no observable was given.");
        IReadOnlyList<double[]> first = series.Observables.First().Value;
        var warnings = new List<string>();
        var observables = new Dictionary<string, ObservableDocument>();
        foreach ((string name, IReadOnlyList<double[]> replicas) in WithDerived(series, exact.Theory.Volume))
        {
            if (!replicas.Select(x => x.Length).SequenceEqual(first.Select(x => x.Length)))
                throw new ArgumentException($"{series.Sampler}, {name}: its replicas differ in number or length from those of {series.Observables.First().Key}.");
            ObservableDocument result = Observable(series, name, replicas, exact.Value(name));
            // What is wrong with a multiple of ⟨Q²⟩ is wrong with ⟨Q²⟩, and said there.
            bool repeats = name == Susceptibility && series.Observables.ContainsKey("topological_charge_squared");
            observables[name] = repeats ? result with { Warnings = [] } : result;
        }

        AddDerived(series, exact, observables, warnings);
        GammaResult? metric = ExpMinusDeltaH(series, warnings);
        ChainWeights? weights = series.LogWeights is { } logWeights ? ChainWeights.Analyze(logWeights) : null;
        return new EnsembleDocument
        {
            OfFlowAlone = series.OfFlowAlone,
            FlowEffectiveSampleSize = weights?.EffectiveSampleSize,
            FlowEffectiveSampleSizeError = weights?.Error,
            Configurations = first.Sum(x => (long)x.Length),
            Replicas = first.Count,
            Stride = series.Stride,
            Acceptance = series.Acceptance ?? Mean(series.Accepted),
            Seconds = series.Seconds,
            MeanExpMinusDeltaH = metric?.Mean,
            MeanExpMinusDeltaHError = metric?.Error,
            LongestRejection = series.Accepted?.Max(LongestRunOfZeros),
            Observables = observables,
            ChargeDistribution = ChargeSectors.Of(series, exact),
            FlowEnergy = FlowedEnergies.Means(series),
            TwoPoint = Correlators.Means(series, exact),
            Theta = ThetaAnalysis.Of(series, exact, thetas ?? [], warnings),
            Warnings = warnings,
        };
    }

    /// <summary>(value − exact)/error, or null where one of them is missing or the error is zero.</summary>
    public static double? Pull(double value, double error, double? exact) =>
        exact is { } known && error > 0 && double.IsFinite(error) ? (value - known) / error : null;

    private static ObservableDocument Observable(EnsembleSeries series, string name, IReadOnlyList<double[]> replicas, double? exact)
    {
        GammaResult result = Gamma(series, name, replicas);
        ObservableDocument document = Document(series, result, exact);
        List<string> warnings = [.. document.Warnings];
        int common = replicas.Min(x => x.Length);
        double? rHat = null, bulk = null, tail = null;
        if (common >= ShortestChain)
        {
            double[][] chains = [.. replicas.Select(x => x[..common])];
            rHat = ChainDiagnostics.RHat(chains);
            bulk = Finite(ChainDiagnostics.BulkEffectiveSampleSize(chains));
            tail = Finite(ChainDiagnostics.TailEffectiveSampleSize(chains));
            if (!(rHat <= LargestRHat))
                warnings.Add(FormattableString.Invariant($"WARNING: R-hat = {rHat:F3} is above {LargestRHat}: the chains have not mixed."));
        }

        return document with { RHat = rHat is { } value ? Finite(value) : null, EssBulk = bulk, EssTail = tail, Warnings = warnings };
    }

    private static ObservableDocument Document(EnsembleSeries series, GammaResult result, double? exact)
    {
        double? pull = Pull(result.Mean, result.Error, exact);
        List<string> warnings = [.. result.Warnings.Select(warning => warning.Message)];
        if (Math.Abs(pull ?? 0) > LargestPull)
            warnings.Add(FormattableString.Invariant($"WARNING: {Math.Abs(pull!.Value):F1} sigma from the exact result {exact:G8}."));
        double independent = result.Count / (2 * result.TauInt) / series.Seconds;
        return new ObservableDocument
        {
            Mean = result.Mean,
            Error = result.Error,
            ErrorOfError = result.ErrorOfError,
            TauInt = result.TauInt,
            TauIntError = result.TauIntError,
            TauIntTransitions = result.TauInt * series.Stride,
            Window = result.Window,
            Q = result.Q is { } q ? Finite(q) : null,
            Exact = exact,
            Pull = pull,
            IndependentPerSecond = result.Has(GammaWarningKind.Constant) ? null : Finite(independent),
            Convention = result.Convention == GammaConvention.UWerr ? "uwerr" : "pyerrors",
            Autocorrelation = Thinned(result),
            Warnings = warnings,
        };
    }

    // A function of mean values that does not exist for these means is no reason to lose the means.
    private static void AddDerived(EnsembleSeries series, ExactResults exact, Dictionary<string, ObservableDocument> observables, List<string> warnings)
    {
        foreach (DerivedQuantity derived in DerivedQuantities.Of(series, exact.Theory.Extents).Where(derived => !observables.ContainsKey(derived.Name)))
        {
            try
            {
                GammaResult result = GammaMethod.AnalyzeDerived(derived.Primaries, derived.Function);
                if (!double.IsFinite(result.Mean))
                    throw new ArgumentException("it does not exist at the mean values of single replicas.");
                observables[derived.Name] = Document(series, result, exact.Value(derived.Name) ?? derived.Exact(exact));
            }
            catch (ArgumentException exception)
            {
                warnings.Add($"WARNING: {derived.Name} is left out: {derived.WhenUndefined} ({exception.Message})");
            }
        }
    }

    internal static GammaResult Gamma(EnsembleSeries series, string name, IReadOnlyList<double[]> replicas)
    {
        try
        {
            return GammaMethod.Analyze(replicas);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{series.Sampler}, {name}: {exception.Message}", exception);
        }
    }

    private static IEnumerable<(string Name, IReadOnlyList<double[]> Replicas)> WithDerived(EnsembleSeries series, long volume)
    {
        foreach ((string name, IReadOnlyList<double[]> replicas) in series.Observables)
            yield return (name, replicas);
        if (series.Observables.ContainsKey(Susceptibility))
            yield break;
        if (series.Observables.TryGetValue("topological_charge_squared", out IReadOnlyList<double[]>? squared))
            yield return (Susceptibility, Map(squared, x => x / volume));
        else if (series.Observables.TryGetValue(ChargeSectors.Charge, out IReadOnlyList<double[]>? charge))
            yield return (Susceptibility, Map(charge, x => x * x / volume));
    }

    private static GammaResult? ExpMinusDeltaH(EnsembleSeries series, List<string> warnings)
    {
        if (series.DeltaH is not { Count: > 0 } deltaH)
            return null;
        double[][] factor = Map(deltaH, x => Math.Exp(-x));
        if (!factor.All(replica => replica.All(double.IsFinite)))
        {
            warnings.Add("WARNING: a trajectory's energy is not finite or falls by hundreds: <exp(-dH)> does not exist and the integrator is unstable.");
            return null;
        }

        GammaResult result = Gamma(series, "exp(-dH)", factor);
        if (Math.Abs(Pull(result.Mean, result.Error, 1) ?? 0) > LargestPull)
            warnings.Add(FormattableString.Invariant($"WARNING: <exp(-dH)> = {ValueWithError.Format(result.Mean, result.Error)} is not 1: the integrator is not reversible, not area-preserving, or the chain is not thermal."));
        return result;
    }

    private static AutocorrelationDocument Thinned(GammaResult result)
    {
        int step = (result.Rho.Length + AutocorrelationDocument.MostLags - 1) / AutocorrelationDocument.MostLags;
        int[] lags = [.. Enumerable.Range(0, result.Rho.Length).Where(t => t % step == 0)];
        return new AutocorrelationDocument(lags, [.. lags.Select(t => result.Rho[t])], [.. lags.Select(t => result.RhoError[t])]);
    }

    internal static double[][] Map(IReadOnlyList<double[]> replicas, Func<double, double> function) =>
        [.. replicas.Select(replica => replica.Select(function).ToArray())];

    private static double? Mean(IReadOnlyList<double[]>? replicas) =>
        replicas is null || replicas.Sum(x => x.Length) == 0 ? null : replicas.Sum(x => x.Sum()) / replicas.Sum(x => (double)x.Length);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static long LongestRunOfZeros(double[] accepted)
    {
        long run = 0, longest = 0;
        foreach (double x in accepted)
        {
            run = x == 0 ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}

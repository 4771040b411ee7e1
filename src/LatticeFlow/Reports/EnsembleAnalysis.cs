using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>From the series of one ensemble to its block of the analysis: Γ-method, convergence of chains, comparison with exact results.</summary>
public static class EnsembleAnalysis
{
    /// <summary>χ_top = ⟨Q²⟩/V, derived where the charge was measured.</summary>
    public const string Susceptibility = "topological_susceptibility";

    /// <summary>A comparison with a known result off by more is warned about: one false alarm in 16,000.</summary>
    public const double LargestPull = 4;

    /// <summary>R̂ in relation to what chains of this length reach when they have converged (<see cref="ExpectedRHat"/>).</summary>
    public const double LargestRHat = 1.05;

    // ⟨e^{−ΔH}⟩ of a Gaussian ΔH has the relative variance e^{2⟨ΔH⟩}: the values it is made of are that rare.
    private const double TrajectoriesToJudge = 100;

    // Expected configurations outside of Q = 0 below which a constant charge is no surprise: chance, e^{−5}.
    private const double SectorsToExpect = 5;

    // From here on there is no variance; k̂ of m tail values has the error (1 + k)/√m, of correlated ones by √(2 τ) more.
    private const double LargestTail = 0.5;

    // Where fewer different values than this share are seen, the tail is that of a discrete quantity and has no shape.
    private const double LeastDistinct = 0.5;

    private const int ShortestChain = 4;

    /// <summary>
    /// <paramref name="quantities"/> are formulas and fits that are asked for.
    /// <paramref name="settings"/> say how errors are found and what is left out at the beginning of chains.
    /// <paramref name="thetas"/> are angles θ for which everything is given with the weight e^{−S + iθQ} too; they need the topological charge.
    /// Throws <see cref="ArgumentException"/> naming sampler and observable on no data, unequal lengths or values that are not finite.
    /// </summary>
    public static EnsembleDocument Analyze(EnsembleSeries series, ExactResults exact, IReadOnlyList<double>? thetas = null, ErrorAnalysisSettings? settings = null, UserQuantities? quantities = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(exact);
        if (series.Observables.Count == 0)
            throw new ArgumentException($"{series.Sampler}: no observable was given.");
        settings ??= new ErrorAnalysisSettings();
        series = series.Without(settings.Discard);
        IReadOnlyList<double[]> first = series.Observables.First().Value;
        var warnings = new List<string>();
        var observables = new Dictionary<string, ObservableDocument>();
        (string Name, IReadOnlyList<double[]> Replicas, double Worth)[] rows = [.. WithDerived(series, exact).Select(entry => (entry.Name, series.Weighed(entry.Replicas), series.Weights?.Worth(entry.Replicas) ?? 1))];
        (string Name, IReadOnlyList<double[]> Replicas)[] measured = [.. rows.Select(row => (row.Name, row.Replicas))];
        foreach ((string name, IReadOnlyList<double[]> replicas) in measured)
        {
            if (!replicas.Select(x => x.Length).SequenceEqual(first.Select(x => x.Length)))
                throw new ArgumentException($"{series.Sampler}, {name}: its replicas differ in number or length from those of {series.Observables.First().Key}.");
        }

        var errors = new ErrorAnalysis(settings, SlowestMode.Candidates(series, measured), series.ConfigurationNumbers);
        foreach ((string name, IReadOnlyList<double[]> replicas, double worth) in rows)
        {
            ObservableDocument result = Observable(series, errors, name, replicas, exact.Value(name), worth);
            // What is wrong with a multiple of ⟨Q²⟩ is wrong with ⟨Q²⟩, and said there.
            bool repeats = name == Susceptibility && series.Observables.ContainsKey("topological_charge_squared");
            observables[name] = repeats ? result with { Warnings = [] } : result;
        }

        // End points of trajectories are no chain that changes sectors.
        SectorChanges? sectors = null;
        SectorChangesDocument? changes = series.Weights is null ? Sectors(series, exact, warnings, out sectors) : null;
        warnings.AddRange(StillCharge.Warnings(series));
        warnings.AddRange(series.Ladder?.Warnings() ?? []);
        (string Name, double Time)? slowest = SlowestMode.Of(observables, sectors);
        if (SlowestMode.Warning(slowest, first.Sum(x => (long)x.Length)) is { } tooShort)
            warnings.Add(tooShort);
        List<CovariantQuantity> derived = AddDerived(series, exact, errors, observables, warnings);
        if (series.Weights is not null && thetas is { Count: > 0 }) warnings.Add("WARNING: nothing is given at theta: rows that have weights are not reweighted again.");
        IReadOnlyDictionary<string, FitDocument> fits = (quantities ?? UserQuantities.None).Add(series, exact, errors, observables, derived, warnings);
        GammaResult? metric = ExpMinusDeltaH(series, errors, warnings);
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
            Cost = CostDocument.Of(series.Cost, observables),
            MeanExpMinusDeltaH = metric?.Mean,
            MeanExpMinusDeltaHError = metric?.Error,
            MeanDeltaH = Mean(series.DeltaH),
            LongestRejection = series.Accepted?.Max(LongestRunOfZeros),
            Observables = observables,
            SectorChanges = changes,
            Ladder = series.Ladder,
            SlowestMode = slowest is { } slow ? new(slow.Name, slow.Time) { TauExp = errors.SlowModes.FirstOrDefault(mode => mode.Name == slow.Name) is { } known ? Math.Max(known.TauExp, slow.Time) : null } : null,
            Discarded = settings.Discard,
            Correlation = Correlations.Of(measured, derived, observables, settings.Default.Convention),
            ChargeDistribution = ChargeSectors.Of(series, exact, errors),
            FlowEnergy = FlowedEnergies.Means(series, errors),
            TwoPoint = Correlators.Means(series, exact, errors),
            Theta = series.Weights is null ? ThetaAnalysis.Of(series, exact, errors, thetas ?? [], warnings) : [],
            Work = series.Weights is { } work ? WorkAnalysis.Of(work, series.ReverseWork, exact.LogPartitionFunction - series.StartLogPartitionFunction, errors, warnings) : null,
            Fits = fits,
            Warnings = warnings,
        };
    }

    /// <summary>(value − exact)/error, or null where one of them is missing or the error is zero.</summary>
    public static double? Pull(double value, double error, double? exact) =>
        exact is { } known && error > 0 && double.IsFinite(error) ? (value - known) / error : null;

    private static ObservableDocument Observable(EnsembleSeries series, ErrorAnalysis errors, string name, IReadOnlyList<double[]> replicas, double? exact, double worth)
    {
        GammaResult result = Gamma(series, errors, name, replicas);
        ObservableDocument document = Document(series, errors.Settings.For(name), result, exact, worth);
        List<string> warnings = [.. document.Warnings];
        int common = replicas.Min(x => x.Length);
        double? rHat = null, expected = null, bulk = null, tail = null;
        if (common >= ShortestChain)
        {
            double[][] chains = [.. replicas.Select(x => x[..common])];
            rHat = ChainDiagnostics.RHat(chains);
            bulk = Finite(ChainDiagnostics.BulkEffectiveSampleSize(chains));
            tail = Finite(ChainDiagnostics.TailEffectiveSampleSize(chains));
            expected = ExpectedRHat.Of(result, common, replicas.Count);
            if (!(rHat <= LargestRHat * expected))
                warnings.Add(FormattableString.Invariant($"WARNING: R-hat = {rHat:F3} is above {LargestRHat * expected:F3}: the chains have not mixed."));
        }

        if (TailShape(replicas, result.TauInt) is { } shape)
            warnings.Add(FormattableString.Invariant($"WARNING: the distribution has a heavy tail (Pareto k = {shape:F2}, from {LargestTail} on there is no variance): mean and error hang on values that are rare."));
        return document with { RHatExpected = expected, RHat = rHat is { } value ? Finite(value) : null, EssBulk = bulk, EssTail = tail, Warnings = warnings };
    }

    internal static ObservableDocument Document(EnsembleSeries series, ErrorSettings settings, GammaResult result, double? exact, double worth = 1)
    {
        double? pull = Pull(result.Mean, result.Error, exact);
        List<string> warnings = [.. result.Warnings.Select(warning => warning.Message)];
        if (Math.Abs(pull ?? 0) > LargestPull)
            warnings.Add(FormattableString.Invariant($"WARNING: {Math.Abs(pull!.Value):F1} sigma from the exact result {exact:G8}."));
        double independent = worth * result.Count / (2 * result.TauInt);
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
            IndependentConfigurations = result.Has(GammaWarningKind.Constant) ? null : Finite(independent),
            IndependentPerSecond = result.Has(GammaWarningKind.Constant) ? null : Finite(independent / series.Seconds),
            Method = Words(result),
            S = settings.S,
            Bin = result.Bin,
            TauExp = settings.TauExp > 0 ? settings.TauExp : null,
            SlowTail = result.Tail is { } tail ? new(tail.Mode, tail.TauInt, tail.TauIntError, tail.Overlap, tail.TauExp) : null,
            Convention = result.Convention == GammaConvention.UWerr ? "uwerr" : "pyerrors",
            Autocorrelation = Thinned(result),
            Warnings = warnings,
        };
    }

    private static string Words(GammaResult result) => result.FromReplicas ? "replicas" : result.Method switch
    {
        ErrorMethod.Jackknife => "jackknife",
        ErrorMethod.Bootstrap => "bootstrap",
        _ => "gamma",
    };

    /// <summary>What a weighted row is worth for a function of one mean, of which every function fluctuates like the mean itself; of several it is not known (NaN). 1 of rows without weights.</summary>
    internal static double Worth(EnsembleSeries series, IReadOnlyList<IReadOnlyList<double[]>> primaries) =>
        series.Weights is not { } weights ? 1 : primaries.Count == 1 ? weights.Worth(primaries[0]) : double.NaN;

    // A function of mean values that does not exist for these means is no reason to lose the means.
    private static List<CovariantQuantity> AddDerived(EnsembleSeries series, ExactResults exact, ErrorAnalysis errors, Dictionary<string, ObservableDocument> observables, List<string> warnings)
    {
        var quantities = new List<CovariantQuantity>();
        foreach (DerivedQuantity raw in (exact.HasTheory ? DerivedQuantities.Of(series, exact.Theory.Extents) : []).Where(derived => !observables.ContainsKey(derived.Name)))
        {
            DerivedQuantity derived = raw.Weighed(series);
            try
            {
                GammaResult result = errors.Of(derived.Name, derived.Primaries, derived.Function);
                if (!double.IsFinite(result.Mean))
                    throw new ArgumentException("it does not exist at the mean values of single replicas.");
                JackknifeBias bias = JackknifeBias.Of(derived.Primaries, derived.Function, result.TauInt);
                observables[derived.Name] = Document(series, errors.Settings.For(derived.Name), result, exact.Value(derived.Name) ?? derived.Exact(exact), Worth(series, raw.Primaries)) with { AtMeans = bias.AtMeans, Bias = bias.Bias };
                quantities.Add(new(derived.Name, derived.Primaries, derived.Function, null, result.Error));
            }
            catch (ArgumentException exception)
            {
                warnings.Add($"WARNING: {derived.Name} is left out: {derived.WhenUndefined} ({exception.Message})");
            }
        }

        return quantities;
    }

    internal static GammaResult Gamma(EnsembleSeries series, ErrorAnalysis errors, string name, IReadOnlyList<double[]> replicas)
    {
        try
        {
            return errors.Of(name, replicas);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{series.Sampler}, {name}: {exception.Message}", exception);
        }
    }

    private static IEnumerable<(string Name, IReadOnlyList<double[]> Replicas)> WithDerived(EnsembleSeries series, ExactResults exact)
    {
        double volume = exact.Theory.Volume;
        foreach ((string name, IReadOnlyList<double[]> replicas) in series.Observables)
            yield return (name, replicas);
        // Without a theory there is no volume.
        if (series.Observables.ContainsKey(Susceptibility) || !exact.HasTheory)
            yield break;
        if (series.Observables.TryGetValue("topological_charge_squared", out IReadOnlyList<double[]>? squared))
            yield return (Susceptibility, Map(squared, x => x / volume));
        else if (series.Observables.TryGetValue(ChargeSectors.Charge, out IReadOnlyList<double[]>? charge))
            yield return (Susceptibility, Map(charge, x => x * x / volume));
    }

    private static GammaResult? ExpMinusDeltaH(EnsembleSeries series, ErrorAnalysis errors, List<string> warnings)
    {
        if (series.DeltaH is not { Count: > 0 } deltaH)
            return null;
        double[][] factor = Map(deltaH, x => Math.Exp(-x));
        if (!factor.All(replica => replica.All(double.IsFinite)))
        {
            warnings.Add("WARNING: a trajectory's energy is not finite or falls by hundreds: <exp(-dH)> does not exist and the integrator is unstable.");
            return null;
        }

        GammaResult result = Gamma(series, errors, "exp(-dH)", factor);
        double mean = Mean(deltaH)!.Value, needed = TrajectoriesToJudge * Math.Exp(2 * mean);
        if (!(result.Count >= needed))
            warnings.Add(FormattableString.Invariant($"WARNING: <exp(-dH)> cannot be judged: with <dH> = {mean:G3} it is made of values so rare that it takes {needed:G2} trajectories, and there are {result.Count}. Shorter steps raise the acceptance."));
        else if (Math.Abs(Pull(result.Mean, result.Error, 1) ?? 0) > LargestPull)
            warnings.Add(FormattableString.Invariant($"WARNING: <exp(-dH)> = {ValueWithError.Format(result.Mean, result.Error)} is not 1: the integrator is not reversible, not area-preserving, or the chain is not thermal."));
        return result;
    }

    /// <summary>Whether ⟨e^{−ΔH}⟩ of an ensemble is made of enough trajectories to be compared with 1.</summary>
    public static bool CanJudgeExpMinusDeltaH(EnsembleDocument ensemble)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        return ensemble.MeanDeltaH is not { } mean || ensemble.Configurations >= TrajectoriesToJudge * Math.Exp(2 * mean);
    }

    // Where the action has sectors and independent configurations would have been in others, a charge that never changes is not converged.
    private static SectorChangesDocument? Sectors(EnsembleSeries series, ExactResults exact, List<string> warnings, out SectorChanges? sectors)
    {
        sectors = null;
        if (!series.Observables.TryGetValue(ChargeSectors.Charge, out IReadOnlyList<double[]>? charge) && !series.Observables.TryGetValue(ChargeSectors.Charge + "_squared", out charge)) return null;
        if (!ChargeSectors.AreIntegers(charge)) return null;
        sectors = SectorChanges.Of(charge);
        if (exact.ProbabilityOfCharge(0) is { } zero && sectors.Configurations * (1 - zero) < SectorsToExpect)
        {
            // Independent configurations would hardly have left Q = 0 either.
            var quiet = new SectorChangesDocument(sectors.Changes, sectors.Fewest, false, sectors.UnvisitedLimit);
            sectors = null;
            return quiet;
        }

        bool frozen = sectors.Changes == 0;
        if (frozen)
            warnings.Add(FormattableString.Invariant($"WARNING: the topological charge never changed in {sectors.Configurations} configurations of {sectors.Chains} chains: averages are those of the sectors that chains started in, and errors do not know of others."));
        else if (sectors.Changes < SlowestMode.FewestTimes)
            warnings.Add(FormattableString.Invariant($"WARNING: the topological sector changed {sectors.Changes} times in {sectors.Chains} chains ({sectors.Fewest} at least): sectors that were not visited can have a probability of up to {sectors.UnvisitedLimit:G2} (95 %), and <Q^2> rests on few visits."));
        return new(sectors.Changes, sectors.Fewest, frozen, sectors.UnvisitedLimit);
    }

    /// <summary>k̂ of the heavier of both tails of a continuous quantity where it is above ½ by more than its error, else null.</summary>
    private static double? TailShape(IReadOnlyList<double[]> replicas, double tau)
    {
        double[] values = [.. replicas.SelectMany(replica => replica)];
        if (values.Distinct().Count() < LeastDistinct * values.Length) return null;
        double centre = PrimaryMeans.Mean(values);
        // A tail is that of the distance from the mean; what lies on the other side is below every threshold.
        double? upper = ParetoTail.Shape([.. values.Select(x => Math.Log(Math.Max(x - centre, double.Epsilon)))]);
        double? lower = ParetoTail.Shape([.. values.Select(x => Math.Log(Math.Max(centre - x, double.Epsilon)))]);
        double shape = Math.Max(upper ?? double.NegativeInfinity, lower ?? double.NegativeInfinity);
        double error = (1 + LargestTail) * Math.Sqrt(2 * tau / Math.Max(1, ParetoTail.TailCount(values.Length)));
        return shape > LargestTail + error ? shape : null;
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

namespace LatticeFlow.Analysis;

/// <summary>The errors of everything in one ensemble: one set of settings, and the slow modes that its own observables show.</summary>
public sealed class ErrorAnalysis
{
    // The largest tail of several is taken, and each has noise of its own.
    private const int MostModes = 4;

    private readonly ErrorContext _context;

    /// <summary>
    /// <paramref name="candidates"/> are series <c>[replica][configuration]</c> by name; of those the slowest become slow modes. <paramref name="numbers"/> are configuration numbers, null without gaps.
    /// </summary>
    public ErrorAnalysis(ErrorAnalysisSettings settings, IEnumerable<(string Name, IReadOnlyList<double[]> Replicas)> candidates, IReadOnlyList<IReadOnlyList<long>>? numbers = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(candidates);
        Settings = settings;
        _context = new() { ConfigurationNumbers = numbers };
        GammaOptions options = settings.Default.Options(_context) with { TauExp = 0, ReplicaScatter = false };
        bool wanted = settings.Default.TauExp == ErrorSettings.Automatic || settings.Of.Values.Any(entry => entry.TauExp == ErrorSettings.Automatic);
        if (!wanted || options.S == 0) return;
        IEnumerable<SlowMode> modes = candidates.Where(entry => entry.Replicas.All(replica => replica.Length > 1 && replica.All(double.IsFinite)))
            .Select(entry => SlowMode.Of(entry.Name, entry.Replicas, options)).OfType<SlowMode>();
        _context = _context with { SlowModes = [.. modes.OrderByDescending(mode => mode.TauInt).Take(MostModes)] };
    }

    public ErrorAnalysisSettings Settings { get; }

    /// <summary>Slowest first.</summary>
    public IReadOnlyList<SlowMode> SlowModes => _context.SlowModes;

    /// <summary>The mean of an observable.</summary>
    public GammaResult Of(string name, IReadOnlyList<double[]> replicas) => ErrorEstimate.Of(replicas, Settings.For(name), _context);

    /// <summary>A function of means.</summary>
    public GammaResult Of(string name, IReadOnlyList<IReadOnlyList<double[]>> observables, Func<double[], double> function, Func<double[], double[]>? gradient = null) =>
        ErrorEstimate.Of(observables, function, gradient, Settings.For(name), _context);

    /// <summary>The options of the Γ-method for an observable, without bins and resampling.</summary>
    public GammaOptions Options(string name) => Settings.For(name).Options(_context);
}

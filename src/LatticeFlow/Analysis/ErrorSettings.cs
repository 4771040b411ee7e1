namespace LatticeFlow.Analysis;

/// <summary>How the error of a mean is found.</summary>
public enum ErrorMethod
{
    /// <summary>Summation of the autocorrelation (<see cref="GammaMethod"/>).</summary>
    Gamma,

    /// <summary>Delete-one-bin jackknife (<see cref="Analysis.Jackknife"/>).</summary>
    Jackknife,

    /// <summary>Block bootstrap (<see cref="Analysis.Bootstrap"/>).</summary>
    Bootstrap,
}

/// <summary>How an observable is analysed.</summary>
public sealed record ErrorSettings
{
    /// <summary>In the place of τ_exp: slow modes are found among the observables of the ensemble, and the scatter of many replicas is used.</summary>
    public const double Automatic = -1;

    /// <summary>S of the automatic window; 0: the data are taken as uncorrelated.</summary>
    public double S { get; init; } = 1.5;

    /// <summary>τ_exp in stored configurations, whose tail is attached (Schaefer, Sommer, Virotta); 0: the plain method; <see cref="Automatic"/>.</summary>
    public double TauExp { get; init; } = Automatic;

    /// <summary>Configurations of a bin whose mean takes their place; 0: 1 for the Γ-method, and for resampling several τ_int (<see cref="ErrorEstimate"/>).</summary>
    public int Bin { get; init; }

    public GammaConvention Convention { get; init; } = GammaConvention.UWerr;

    public ErrorMethod Method { get; init; } = ErrorMethod.Gamma;

    /// <summary>The options of the Γ-method, τ_exp in units of <paramref name="bin"/> configurations.</summary>
    internal GammaOptions Options(ErrorContext context, int bin = 1) => new()
    {
        S = S,
        TauExp = TauExp > 0 ? TauExp / bin : 0,
        Convention = Convention,
        ConfigurationNumbers = context.ConfigurationNumbers,
        SlowModes = TauExp == Automatic ? context.SlowModes : [],
        ReplicaScatter = TauExp == Automatic && Convention == GammaConvention.UWerr,
    };
}

/// <summary>What the error of one observable takes from its ensemble.</summary>
public sealed record ErrorContext
{
    /// <summary>Slow observables of the same chains.</summary>
    public IReadOnlyList<SlowMode> SlowModes { get; init; } = [];

    /// <summary>As in <see cref="GammaOptions.ConfigurationNumbers"/>.</summary>
    public IReadOnlyList<IReadOnlyList<long>>? ConfigurationNumbers { get; init; }
}

/// <summary>How the observables of an ensemble are analysed.</summary>
public sealed record ErrorAnalysisSettings
{
    public ErrorSettings Default { get; init; } = new();

    /// <summary>Of single observables, by name.</summary>
    public IReadOnlyDictionary<string, ErrorSettings> Of { get; init; } = new Dictionary<string, ErrorSettings>();

    /// <summary>Stored configurations at the beginning of each replica that are left out.</summary>
    public int Discard { get; init; }

    public ErrorSettings For(string observable) => Of.GetValueOrDefault(observable, Default);
}

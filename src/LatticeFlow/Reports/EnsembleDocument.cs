using System.Text.Json.Serialization;

namespace LatticeFlow.Reports;

/// <summary>One entry of the block <c>ensembles</c>.</summary>
public sealed record EnsembleDocument
{
    /// <summary>Stored configurations of all replicas together.</summary>
    public required long Configurations { get; init; }

    /// <summary>Configurations that the run asks for; absent where that is not known, as of an import.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Requested { get; init; }

    /// <summary>Whether fewer are stored than the run asks for: it is at work, or was stopped.</summary>
    public bool Unfinished => Requested > Configurations + ((long)Discarded * Replicas);

    public required int Replicas { get; init; }

    /// <summary>Transitions from one stored configuration to the next.</summary>
    public required int Stride { get; init; }

    /// <summary>Accepted fraction; null for a sampler without an accept step.</summary>
    public double? Acceptance { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Work, wall time and energy, and what of it an independent configuration takes; null where no work was recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CostDocument? Cost { get; init; }

    /// <summary>⟨exp(−ΔH)⟩ = 1 for Hamiltonian samplers, null for others.</summary>
    [JsonPropertyName("mean_exp_minus_delta_h")]
    public double? MeanExpMinusDeltaH { get; init; }

    [JsonPropertyName("mean_exp_minus_delta_h_error")]
    public double? MeanExpMinusDeltaHError { get; init; }

    /// <summary>⟨ΔH⟩ of trajectories; null for others.</summary>
    [JsonPropertyName("mean_delta_h")]
    public double? MeanDeltaH { get; init; }

    /// <summary>Largest number of stored rejections in a row within a replica; null where none were recorded.</summary>
    public long? LongestRejection { get; init; }

    /// <summary>The effective sample size of the run's flow as this chain sees it, 1/(⟨w⟩_p ⟨1/w⟩_p); null without a flow.</summary>
    [JsonPropertyName("flow_ess")]
    public double? FlowEffectiveSampleSize { get; init; }

    [JsonPropertyName("flow_ess_error")]
    public double? FlowEffectiveSampleSizeError { get; init; }

    /// <summary>Whether the chain takes proposals of the flow and does nothing else: where the flow's verdict is failed, it is biased.</summary>
    public bool OfFlowAlone { get; init; }

    /// <summary>Stored configurations at the beginning of each replica that are in no number here.</summary>
    public int Discarded { get; init; }

    public required IReadOnlyDictionary<string, ObservableDocument> Observables { get; init; }

    /// <summary>Correlation of the errors of all means; null where there are fewer than two that have an error.</summary>
    public CorrelationDocument? Correlation { get; init; }

    /// <summary>Fraction of configurations in each topological sector; empty unless the charge was measured.</summary>
    public IReadOnlyList<SectorDocument> ChargeDistribution { get; init; } = [];

    /// <summary>Changes of the topological sector; null where no integer charge was measured.</summary>
    public SectorChangesDocument? SectorChanges { get; init; }

    /// <summary>How configurations travelled on ladders; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LadderDocument? Ladder { get; init; }

    /// <summary>The largest autocorrelation time, in stored configurations, and what has it.</summary>
    public SlowestModeDocument? SlowestMode { get; init; }

    /// <summary>⟨E(t)⟩ along the gradient flow; empty unless <c>flow_energy_T</c> was measured.</summary>
    public IReadOnlyList<FlowPointDocument> FlowEnergy { get; init; } = [];

    /// <summary>⟨C(t)⟩ of a scalar, t = 0 … L_0/2; empty unless <c>two_point</c> was measured.</summary>
    public IReadOnlyList<CorrelatorPointDocument> TwoPoint { get; init; } = [];

    /// <summary>Values with the weight e^{−S + iθQ}, one entry a θ that was asked for.</summary>
    public IReadOnlyList<ThetaDocument> Theta { get; init; } = [];

    /// <summary>Fits that were asked for, by name.</summary>
    public IReadOnlyDictionary<string, FitDocument> Fits { get; init; } = new Dictionary<string, FitDocument>();

    /// <summary>The work of trajectories, where rows are weighted with it; null where each row stands for itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WorkDocument? Work { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Flow time t in units of the lattice spacing squared, and ⟨E(t)⟩ with its error.</summary>
public sealed record FlowPointDocument(double Time, double Energy, double Error);

/// <summary>Separation t along direction 0 in lattice spacings, ⟨C(t)⟩ with its error, and its exact value where it is known.</summary>
public sealed record CorrelatorPointDocument(int Separation, double Value, double Error, double? Exact);

/// <summary>One sector: charge Q, its measured and its exact probability.</summary>
public sealed record SectorDocument(int Charge, double Probability, double Error, double? Exact);

/// <summary>Changes of the charge from one stored configuration of a chain to the next, in all chains and in the one with the fewest; whether it never changed where it should have; and the probability that unvisited sectors can have at 95 % confidence.</summary>
public sealed record SectorChangesDocument(long Changes, long Fewest, bool Frozen, double UnvisitedLimit);

/// <summary>An observable, or the topological sector, and its time in stored configurations.</summary>
public sealed record SlowestModeDocument(string Name, double Time)
{
    /// <summary>The exponential autocorrelation time of its tail, in stored configurations; null of the topological sector.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TauExp { get; init; }
}

/// <summary>What a slow mode adds to the error of an observable that is correlated with it by <paramref name="Overlap"/>: <paramref name="TauInt"/> of its τ_int, in stored configurations (<see cref="Analysis.SlowTail"/>).</summary>
public sealed record SlowTailDocument(string Mode, double TauInt, double TauIntError, double Overlap, double TauExp);

/// <summary>Correlation matrix of the means in the order of <paramref name="Observables"/> (<see cref="Analysis.Covariance"/>): the covariance of i and j is matrix[i][j] error_i error_j.</summary>
public sealed record CorrelationDocument(IReadOnlyList<string> Observables, IReadOnlyList<IReadOnlyList<double>> Matrix);

/// <summary>One observable of one ensemble.</summary>
public sealed record ObservableDocument
{
    public required double Mean { get; init; }

    /// <summary>Γ-method; null where no error exists.</summary>
    public required double Error { get; init; }

    public required double ErrorOfError { get; init; }

    /// <summary>In stored configurations.</summary>
    public required double TauInt { get; init; }

    public required double TauIntError { get; init; }

    /// <summary>In transitions: τ_int times the stride.</summary>
    public required double TauIntTransitions { get; init; }

    /// <summary>Last lag that is summed.</summary>
    public required int Window { get; init; }

    /// <summary>Probability that replica means scatter at least this much; null for one replica.</summary>
    public double? Q { get; init; }

    /// <summary>Rank-normalised split R̂; null where chains are too short or frozen.</summary>
    [JsonPropertyName("rhat")]
    public double? RHat { get; init; }

    /// <summary>The largest R̂ that converged chains of this length reach by their autocorrelation and by chance; limits are multiples of it.</summary>
    [JsonPropertyName("rhat_expected")]
    public double? RHatExpected { get; init; }

    public double? EssBulk { get; init; }

    public double? EssTail { get; init; }

    public double? Exact { get; init; }

    /// <summary>(mean − exact)/error.</summary>
    public double? Pull { get; init; }

    /// <summary>The formula that was asked for; null of what was measured, or is derived without being asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Formula { get; init; }

    /// <summary>Of what is derived the function of the means of all configurations, with nothing taken off; null of what was measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AtMeans { get; init; }

    /// <summary>The part of order 1/N by which <see cref="AtMeans"/> is off, as a jackknife finds it: without it the value is at_means − bias.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Bias { get; init; }

    /// <summary><see cref="IndependentConfigurations"/> per second of sampling.</summary>
    public double? IndependentPerSecond { get; init; }

    /// <summary>N/(2 τ_int), of weighted rows times the variance of the observable over that of its reweighted series: so many independent configurations of the action have the same error. Null where nothing fluctuates, and of functions of several weighted means.</summary>
    public double? IndependentConfigurations { get; init; }

    /// <summary>Where the error comes from: <c>gamma</c>, <c>replicas</c> (the scatter of many, which was larger), <c>jackknife</c> or <c>bootstrap</c>.</summary>
    public string Method { get; init; } = "gamma";

    /// <summary>S of the automatic window.</summary>
    public double S { get; init; } = 1.5;

    /// <summary>Configurations in a bin.</summary>
    public int Bin { get; init; } = 1;

    /// <summary>τ_exp that was given for a tail, in stored configurations; null: none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TauExp { get; init; }

    /// <summary>The tail of a slower observable that is in error and τ; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SlowTailDocument? SlowTail { get; init; }

    /// <summary>Whose conventions error and τ follow: <c>uwerr</c> or <c>pyerrors</c>.</summary>
    public required string Convention { get; init; }

    public AutocorrelationDocument? Autocorrelation { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>ρ(t) with errors at some lags t, in stored configurations; beyond <see cref="MostLags"/> lags they are thinned evenly.</summary>
public sealed record AutocorrelationDocument(IReadOnlyList<int> Lag, IReadOnlyList<double> Rho, IReadOnlyList<double> RhoError)
{
    public const int MostLags = 400;
}

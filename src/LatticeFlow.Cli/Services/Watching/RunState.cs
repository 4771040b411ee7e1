namespace LatticeFlow.Cli.Services.Watching;

/// <summary>How a run stands at a moment, as its files say.</summary>
/// <param name="Directory">The run.</param>
/// <param name="Time">The moment, UTC.</param>
/// <param name="Holder">The process that works in it; null: none.</param>
/// <param name="Training">Null without a training.</param>
/// <param name="Samples">In the order of the configuration.</param>
public sealed record RunState(string Directory, DateTime Time, string? Holder, TrainingState? Training, IReadOnlyList<SampleState> Samples)
{
    /// <summary>Whether everything that was asked for is there.</summary>
    public bool IsFinished => (Training is null || Training.Step >= Training.Steps) && Samples.All(sample => sample.Stored >= sample.Requested);
}

/// <summary>How far the training is, and its curve.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps asked for.</param>
/// <param name="Loss">Of the steps that were recorded.</param>
/// <param name="EffectiveSampleSize">Of the steps at which it was evaluated.</param>
/// <param name="Variance">Of ln w, of the last step that has it; null: none has.</param>
/// <param name="SecondsLeft">At the mean speed; null where that is not known.</param>
public sealed record TrainingState(long Step, long Steps, IReadOnlyList<double> Loss, IReadOnlyList<double> EffectiveSampleSize, double? Variance, double? SecondsLeft);

/// <summary>What an ensemble is doing.</summary>
public enum SamplePhase
{
    /// <summary>Nothing is there.</summary>
    Waiting,

    /// <summary>Its chains have not stored a configuration yet.</summary>
    Thermalizing,

    /// <summary>Fewer configurations are stored than were asked for.</summary>
    Sampling,

    /// <summary>All are there.</summary>
    Finished,
}

/// <summary>How an ensemble stands.</summary>
public sealed record SampleState
{
    public required string Name { get; init; }

    public required SamplePhase Phase { get; init; }

    /// <summary>Configurations in segments.</summary>
    public required long Stored { get; init; }

    public required long Requested { get; init; }

    /// <summary>Configurations since the last segment, as the last checkpoint says.</summary>
    public long Unstored { get; init; }

    /// <summary>Transition on which the chains stood at the last checkpoint; null where there is none.</summary>
    public long? Step { get; init; }

    /// <summary>Transitions before the first stored configuration.</summary>
    public required long Thermalization { get; init; }

    /// <summary>Of the transitions that were counted; null where nothing is refused, or nothing was stored yet.</summary>
    public double? Acceptance { get; init; }

    /// <summary>Configurations a second, of the last segments.</summary>
    public double? PerSecond { get; init; }

    public double? SecondsLeft => PerSecond is > 0 and { } speed && Phase == SamplePhase.Sampling ? Math.Max(0, Requested - Stored - Unstored) / speed : null;

    /// <summary>When the last segment was stored, UTC.</summary>
    public DateTime? LastSegment { get; init; }

    /// <summary>⟨exp(−ΔH)⟩ of trajectories; null of others.</summary>
    public WatchedValue? ExpMinusDeltaH { get; init; }

    public IReadOnlyList<WatchedValue> Observables { get; init; } = [];
}

/// <summary>A mean over everything that is stored, with its error and autocorrelation time by the Γ-method (not a number where there is too little), and how it went.</summary>
/// <param name="Name">Of the observable.</param>
/// <param name="Mean">Over all replicas.</param>
/// <param name="Error">Of the mean.</param>
/// <param name="TauInt">In stored configurations.</param>
/// <param name="Effective">N/(2 τ_int).</param>
/// <param name="History">Means of equal parts of the chains, in their order.</param>
public sealed record WatchedValue(string Name, double Mean, double Error, double TauInt, double Effective, IReadOnlyList<double> History);

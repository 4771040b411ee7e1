using System.Text.Json.Serialization;
using LatticeFlow.Flows;

namespace LatticeFlow.Reports;

/// <summary>The block <c>flow</c>: what fresh, independent samples of the flow say about it and about Z, and what configurations of the target say about it.</summary>
public sealed record FlowDocument
{
    public required long Samples { get; init; }

    /// <summary><see cref="FlowVerdict.Passed"/> or <see cref="FlowVerdict.Failed"/>.</summary>
    public string Verdict { get; init; } = FlowVerdict.Passed;

    /// <summary>Why it failed, one sentence each.</summary>
    public IReadOnlyList<string> VerdictReasons { get; init; } = [];

    /// <summary>1/⟨p/q⟩_p on configurations of the target, see <see cref="Target"/>: the effective sample size that counts. Null where the run has none.</summary>
    [JsonPropertyName("ess_target")]
    public double? TargetEffectiveSampleSize => Target?.EffectiveSampleSize;

    [JsonPropertyName("ess_target_error")]
    public double? TargetEffectiveSampleSizeError => Target?.EffectiveSampleSizeError;

    /// <summary>(Σ w)²/(n Σ w²) of fresh samples, in (0, 1]: too high by any factor where the flow misses part of the target.</summary>
    [JsonPropertyName("ess")]
    public required double EffectiveSampleSize { get; init; }

    [JsonPropertyName("ess_error")]
    public required double EffectiveSampleSizeError { get; init; }

    /// <summary>Shape of the tail of the weights (<see cref="Analysis.ParetoTail"/>); null where there is none.</summary>
    [JsonPropertyName("pareto_k")]
    public double? ParetoK { get; init; }

    /// <summary>Share of Σ w² that the min(n/5, 3√n) largest weights have: what k̂ is the shape of.</summary>
    public double? TailShare { get; init; }

    /// <summary>Median effective sample size of a 16th of the samples over that of all.</summary>
    public double? ChunkRatio { get; init; }

    /// <summary>Reverse Kullback–Leibler divergence ⟨ln q/p⟩_q, with the exact ln Z, that of the target's configurations or, without both, that of the samples.</summary>
    [JsonPropertyName("reverse_kl")]
    public double? ReverseDivergence { get; init; }

    /// <summary>−ln ESS / V, V the sites of the lattice: what a flow that knows nothing of its volume has at every volume.</summary>
    [JsonPropertyName("ess_per_site_log")]
    public required double EffectiveSampleSizePerSiteLog { get; init; }

    [JsonPropertyName("ess_per_site_log_error")]
    public required double EffectiveSampleSizePerSiteLogError { get; init; }

    [JsonPropertyName("ln_z")]
    public required double LogZ { get; init; }

    [JsonPropertyName("ln_z_error")]
    public required double LogZError { get; init; }

    /// <summary>Null where no exact result is known.</summary>
    [JsonPropertyName("ln_z_exact")]
    public double? LogZExact { get; init; }

    /// <summary>(ln Z − exact)/error.</summary>
    [JsonPropertyName("ln_z_pull")]
    public double? LogZPull { get; init; }

    public required double RelativeErrorOfZ { get; init; }

    /// <summary>Accepted fraction of the independence Metropolis chain through the samples in their order.</summary>
    public required double Acceptance { get; init; }

    /// <summary>The same without order and random numbers, Σ_ij min(w_i, w_j)/(n Σ w).</summary>
    public required double AcceptanceStationary { get; init; }

    public required long LongestRejection { get; init; }

    public required double VarianceOfLogWeight { get; init; }

    /// <summary>max w/Σ w: near 1, everything hangs on one draw.</summary>
    public required double LargestShare { get; init; }

    public required long Parameters { get; init; }

    /// <summary>Multiplications and additions that drawing a configuration cannot do without (<see cref="Flows.FlowFloor"/>).</summary>
    public double? FlopsPerConfiguration { get; init; }

    /// <summary>Seconds of all trainings that made the parameters, in this run and those that its checkpoint comes from; null where none is known.</summary>
    public double? TrainingSeconds { get; init; }

    /// <summary>Mean change of ln w where differential equations are integrated in half the step; null where densities are exact.</summary>
    public double? IntegrationMean { get; init; }

    /// <summary>Standard deviation of that change: beyond <see cref="IntegrationError.LargestDeviation"/> the flow is refused.</summary>
    public double? IntegrationDeviation { get; init; }

    /// <summary>Null where the run has no configurations of the target but those of the flow.</summary>
    public FlowTargetDocument? Target { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

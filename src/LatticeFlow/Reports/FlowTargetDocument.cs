using System.Text.Json.Serialization;

namespace LatticeFlow.Reports;

/// <summary>The block <c>flow.target</c>: what configurations of the target say about the flow.</summary>
public sealed record FlowTargetDocument
{
    /// <summary>Where the configurations come from: a sampler of the run, or <see cref="TargetSample.Exact"/>.</summary>
    public required string Source { get; init; }

    public required long Configurations { get; init; }

    /// <summary>1/⟨p/q⟩_p.</summary>
    [JsonPropertyName("ess")]
    public required double EffectiveSampleSize { get; init; }

    [JsonPropertyName("ess_error")]
    public required double EffectiveSampleSizeError { get; init; }

    /// <summary>ln p/q under p at these probabilities.</summary>
    public required IReadOnlyList<QuantileDocument> LogRatio { get; init; }

    public required double LargestLogRatio { get; init; }

    /// <summary>Share of the target where p/q is above 1,000.</summary>
    public required double MissedMass { get; init; }

    /// <summary>⟨ln p/q⟩_p.</summary>
    [JsonPropertyName("forward_kl")]
    public required double ForwardDivergence { get; init; }

    [JsonPropertyName("forward_kl_error")]
    public required double ForwardDivergenceError { get; init; }

    /// <summary>The same by topological charge; empty where it was not measured or is no integer.</summary>
    public IReadOnlyList<FlowSectorDocument> Sectors { get; init; } = [];

    /// <summary>Means without the configurations that none of the fresh samples stands for: what a chain of the flow is off by, at least. Only where that is above its error.</summary>
    public IReadOnlyDictionary<string, FlowBiasDocument> Bias { get; init; } = new Dictionary<string, FlowBiasDocument>();
}

/// <summary>The value below which a share <paramref name="Probability"/> lies.</summary>
public sealed record QuantileDocument(double Probability, double Value);

/// <summary>Configurations of charge Q: their number, 1/⟨p/q⟩ over them, and their share where p/q is above 1,000.</summary>
public sealed record FlowSectorDocument(int Charge, long Configurations, [property: JsonPropertyName("ess")] double EffectiveSampleSize, double MissedMass);

/// <summary>Mean of an observable over what the flow proposes, less its mean over the target.</summary>
public sealed record FlowBiasDocument(double Bias, double Error);

using System.Text.Json.Serialization;

namespace LatticeFlow.Reports;

/// <summary>The work W of trajectories from the ensemble of S_0 to that of S; weights of their end points are w = e^{−W}.</summary>
public sealed record WorkDocument
{
    /// <summary>(Σ w)²/(n Σ w²).</summary>
    [JsonPropertyName("ess")]
    public required double EffectiveSampleSize { get; init; }

    [JsonPropertyName("ess_error")]
    public required double EffectiveSampleSizeError { get; init; }

    /// <summary>How many independent configurations of S the ensemble is worth: ESS · n/(2 τ_int), τ_int that of w.</summary>
    public required double EffectiveConfigurations { get; init; }

    /// <summary>Of w, in trajectories: 0.5 where starts are independent.</summary>
    public required double TauInt { get; init; }

    /// <summary>ln(Z/Z_0) = ln⟨w⟩; from a density that is normalised ln Z.</summary>
    public required double LogRatio { get; init; }

    public required double LogRatioError { get; init; }

    /// <summary>Its exact value, where that is known.</summary>
    public double? LogRatioExact { get; init; }

    /// <summary>(value − exact)/error.</summary>
    public double? LogRatioPull { get; init; }

    /// <summary>⟨W⟩.</summary>
    public required double MeanWork { get; init; }

    public required double MeanWorkError { get; init; }

    /// <summary>Var W: that of ln w.</summary>
    public required double VarianceOfWork { get; init; }

    /// <summary>ln(Z/Z_0) + ⟨W⟩, the Kullback–Leibler divergence of the trajectories from those that run backwards from S: the work that is dissipated.</summary>
    public required double Divergence { get; init; }

    public required double DivergenceError { get; init; }

    /// <summary>What trajectories that run backwards say; null where there are none.</summary>
    public ReverseWorkDocument? Reverse { get; init; }

    /// <summary>max w/Σ w.</summary>
    public required double LargestShare { get; init; }
}

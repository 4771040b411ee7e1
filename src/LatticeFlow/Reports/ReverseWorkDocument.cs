namespace LatticeFlow.Reports;

/// <summary>Trajectories in both directions: W from the ensemble of S_0 to that of S, W_R back.</summary>
public sealed record ReverseWorkDocument
{
    /// <summary>⟨W_R⟩.</summary>
    public required double MeanWork { get; init; }

    public required double MeanWorkError { get; init; }

    /// <summary>−ln⟨e^{−W_R}⟩ = ln(Z/Z_0), from those that run backwards alone.</summary>
    public required double LogRatio { get; init; }

    public required double LogRatioError { get; init; }

    /// <summary>(value − exact)/error.</summary>
    public double? LogRatioPull { get; init; }

    /// <summary>ln(Z/Z_0) from both directions together (Bennett 1976).</summary>
    public required double BothLogRatio { get; init; }

    public required double BothLogRatioError { get; init; }

    /// <summary>(value − exact)/error.</summary>
    public double? BothLogRatioPull { get; init; }

    /// <summary>∫ 2 p(W) p_R(−W)/(p(W) + p_R(−W)) dW.</summary>
    public required double Overlap { get; init; }

    /// <summary>b of p(W)/p_R(−W) ∝ e^{b W}: 1 by the relation of Crooks.</summary>
    public required double CrooksSlope { get; init; }

    public required double CrooksSlopeError { get; init; }

    /// <summary>(b − 1)/error.</summary>
    public double? CrooksPull { get; init; }

    /// <summary>τ_int of e^{−W_R}, in trajectories.</summary>
    public required double TauInt { get; init; }
}

namespace LatticeFlow.Flows;

/// <summary>What an engine keeps of dL/dparameters.</summary>
public enum GradientKind
{
    /// <summary>Nothing: the flow is only evaluated.</summary>
    None,

    /// <summary>The sum over the replicas of a batch.</summary>
    Sum,

    /// <summary>Every replica's own: replicas times parameters numbers.</summary>
    Samples,
}

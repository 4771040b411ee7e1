namespace LatticeFlow.Reports;

/// <summary>What an ensemble left behind, as plain arrays [replica][stored configuration] in Monte Carlo order; replicas may differ in length.</summary>
public sealed record EnsembleSeries
{
    /// <summary>Key in <c>ensembles</c>: the name of the sampler.</summary>
    public required string Sampler { get; init; }

    /// <summary>Transitions from one stored configuration to the next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>By name, at least one; all with the same lengths.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double[]>> Observables { get; init; }

    /// <summary>
    /// Observables of several numbers by name, <c>[component][replica]</c>; <see cref="Observables"/> has one component of each. Of flow energies <see cref="DerivedQuantities"/> makes scales.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<double[]>>> Vectors { get; init; } = new Dictionary<string, IReadOnlyList<IReadOnlyList<double[]>>>();

    /// <summary>1 where the last proposal was taken, 0 where not; null for a sampler without an accept step.</summary>
    public IReadOnlyList<double[]>? Accepted { get; init; }

    /// <summary>Accepted fraction of all transitions, where it was counted; null: the mean of <see cref="Accepted"/>.</summary>
    public double? Acceptance { get; init; }

    /// <summary>Energy violations of Hamiltonian trajectories, else null.</summary>
    public IReadOnlyList<double[]>? DeltaH { get; init; }

    /// <summary>−S − log q of the run's flow; null without one. Of long chains a part.</summary>
    public IReadOnlyList<double[]>? LogWeights { get; init; }

    /// <summary>Whether the chain takes proposals of the flow and does nothing else: then it is as blind as they are.</summary>
    public bool OfFlowAlone { get; init; }

    /// <summary>Wall time of the sampling.</summary>
    public double Seconds { get; init; }
}

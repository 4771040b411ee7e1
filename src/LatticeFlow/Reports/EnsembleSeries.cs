namespace LatticeFlow.Reports;

/// <summary>What an ensemble left behind, as plain arrays [replica][stored configuration] in Monte Carlo order; replicas may differ in length.</summary>
public sealed record EnsembleSeries
{
    /// <summary>Key in <c>ensembles</c>: the name of the sampler.</summary>
    public required string Sampler { get; init; }

    /// <summary>Configurations that the run asks for; null where that is not known, as of an import.</summary>
    public long? Requested { get; init; }

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

    /// <summary>Weights without which the rows do not stand for the action; null: each stands for itself.</summary>
    public RowWeights? Weights { get; init; }

    /// <summary>Work of trajectories that run backwards, one a row; null where none do.</summary>
    public IReadOnlyList<double[]>? ReverseWork { get; init; }

    /// <summary>ln Z_0 of the action that weighted trajectories start from, where it is known.</summary>
    public double? StartLogPartitionFunction { get; init; }

    /// <summary>Whether the chain takes proposals of the flow and does nothing else: then it is as blind as they are.</summary>
    public bool OfFlowAlone { get; init; }

    /// <summary>Numbers of the stored configurations, <c>[replica]</c>, where some are missing; null: none is, and they are counted from 1.</summary>
    public IReadOnlyList<IReadOnlyList<long>>? ConfigurationNumbers { get; init; }

    /// <summary>Wall time of the sampling.</summary>
    public double Seconds { get; init; }

    /// <summary>What the sampling took; null where no work was recorded, as of imports and earlier versions.</summary>
    public SamplingCost? Cost { get; init; }

    /// <summary>How configurations travelled on the ladders of a tempering sampler; null where there are none, or nothing was recorded.</summary>
    public LadderDocument? Ladder { get; init; }

    /// <summary>A series of rows with what weights make of it: its mean is the reweighted one, and its fluctuations are those of that mean (<see cref="RowWeights.Weigh"/>); unweighted rows as they are.</summary>
    internal IReadOnlyList<double[]> Weighed(IReadOnlyList<double[]> rows) => Weights?.Weigh(rows) ?? rows;

    /// <summary>The same chains without their first <paramref name="discard"/> stored configurations; <see cref="ArgumentException"/> where a replica has no more than that.</summary>
    public EnsembleSeries Without(int discard)
    {
        if (discard == 0) return this;
        int shortest = Observables.Values.Min(replicas => replicas.Min(series => series.Length));
        if (discard >= shortest) throw new ArgumentException($"{Sampler}: {discard} configurations at the beginning of each replica cannot be left out, the shortest has {shortest}.");
        return this with
        {
            Observables = Observables.ToDictionary(entry => entry.Key, entry => Shortened(entry.Value)!),
            Vectors = Vectors.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<IReadOnlyList<double[]>>)[.. entry.Value.Select(component => Shortened(component)!)]),
            Accepted = Shortened(Accepted),
            DeltaH = Shortened(DeltaH),
            LogWeights = LogWeights is null || LogWeights.Any(series => series.Length <= discard) ? LogWeights : Shortened(LogWeights),
            Weights = Weights?.Without(discard),
            ReverseWork = Shortened(ReverseWork),
            ConfigurationNumbers = ConfigurationNumbers is null ? null : [.. ConfigurationNumbers.Select(numbers => numbers.Skip(discard).ToArray())],
        };

        IReadOnlyList<double[]>? Shortened(IReadOnlyList<double[]>? replicas) => replicas is null ? null : [.. replicas.Select(series => series[discard..])];
    }
}

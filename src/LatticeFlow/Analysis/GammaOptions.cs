namespace LatticeFlow.Analysis;

/// <summary>Whose conventions the Γ-method follows; both are in print and differ for replicas and in the bias of τ.</summary>
public enum GammaConvention
{
    /// <summary>UWerr.m V6 (Wolff, hep-lat/0306017): the global mean is subtracted; C/N is added to every Γ(t) against its bias.</summary>
    UWerr,

    /// <summary>pyerrors 2.17 (Joswig et al., arXiv:2209.14371): each replica's own mean is subtracted; τ_W (1 + (2W+1)/N) / (1 + 1/N).</summary>
    Pyerrors,
}

/// <summary>Settings of the Γ-method.</summary>
public sealed record GammaOptions
{
    /// <summary>S of the automatic window, τ = S · τ_int (Wolff, eq. 51). Zero: the data are taken as uncorrelated.</summary>
    public double S { get; init; } = 1.5;

    public GammaConvention Convention { get; init; } = GammaConvention.UWerr;

    /// <summary>
    /// Slowest mode τ_exp of the simulation, in strides: positive attaches the tail τ_exp |ρ(W+1)| (Schaefer, Sommer, Virotta, arXiv:1009.5228)
    /// where ρ(W) − <see cref="TailSigmas"/> δρ(W) turns negative. Zero: no tail.
    /// </summary>
    public double TauExp { get; init; }

    /// <summary>Number of standard deviations from zero at which the tail is attached.</summary>
    public double TailSigmas { get; init; } = 1;

    /// <summary>Slow observables of the same chains: the largest of their tails is attached where neither <see cref="TauExp"/> is given nor S is 0 (<see cref="SlowTail"/>).</summary>
    public IReadOnlyList<SlowMode> SlowModes { get; init; } = [];

    /// <summary>
    /// Whether the scatter of replica means, which knows of every mode, is the error where there are at least <see cref="FewestReplicas"/> replicas and it is larger than chance makes it once in
    /// 1/<see cref="ScatterProbability"/> times. Not part of anybody's convention.
    /// </summary>
    public bool ReplicaScatter { get; init; }

    public const int FewestReplicas = 8;

    public const double ScatterProbability = 0.1;

    /// <summary>
    /// Configuration numbers of each replica, strictly increasing; null: 1, 2, 3, … everywhere. The common divisor of all distances is the stride,
    /// lags and τ are counted in strides, and Γ(t) is averaged over those pairs that exist.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<long>>? ConfigurationNumbers { get; init; }

    /// <summary>Chains shorter than this many τ_int are warned about.</summary>
    public double ShortestChainInTau { get; init; } = 50;

    internal void Validate(IReadOnlyList<double[]> replicas)
    {
        if (!(S >= 0) || !double.IsFinite(S))
            throw new ArgumentException($"S = {S} must be zero or positive.");
        if (!(TauExp >= 0) || !double.IsFinite(TauExp))
            throw new ArgumentException($"TauExp = {TauExp} must be zero or positive.");
        if (!(TailSigmas >= 0))
            throw new ArgumentException($"TailSigmas = {TailSigmas} must be zero or positive.");
        if (ConfigurationNumbers is null)
            return;
        if (ConfigurationNumbers.Count != replicas.Count)
            throw new ArgumentException($"{ConfigurationNumbers.Count} lists of configuration numbers for {replicas.Count} replicas: give one list a replica.");
        for (int r = 0; r < replicas.Count; r++)
        {
            IReadOnlyList<long> numbers = ConfigurationNumbers[r];
            if (numbers.Count != replicas[r].Length)
                throw new ArgumentException($"Replica {r} has {replicas[r].Length} values and {numbers.Count} configuration numbers.");
            for (int i = 1; i < numbers.Count; i++)
            {
                if (numbers[i] <= numbers[i - 1])
                    throw new ArgumentException($"Replica {r}: configuration number {numbers[i]} follows {numbers[i - 1]}; they must increase strictly.");
            }
        }
    }
}

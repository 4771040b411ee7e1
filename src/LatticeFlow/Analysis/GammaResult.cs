namespace LatticeFlow.Analysis;

/// <summary>What makes an error estimate doubtful.</summary>
public enum GammaWarningKind
{
    /// <summary>All values together are fewer than 50 τ_int: neither the error nor τ can be trusted.</summary>
    ChainTooShort,

    /// <summary>The shortest replica is shorter than 50 τ_int, though all together are not.</summary>
    ReplicaTooShort,

    /// <summary>Every value is the same: the error is 0 and says nothing.</summary>
    Constant,

    /// <summary>Nothing fluctuates within a replica although replicas differ: the chains are frozen and no error exists.</summary>
    FrozenReplicas,

    /// <summary>No error can be had from one value.</summary>
    SingleValue,

    /// <summary>The window criterion was not met up to the largest lag, and that lag was taken; or it was met where ρ had not died out, as of chains that hardly move.</summary>
    NoWindow,

    /// <summary>The estimated variance came out negative; the uncorrelated error is given instead.</summary>
    NegativeVariance,

    /// <summary>Neighbours are anticorrelated: UWerr's window is made with |ρ| and its τ not taken below its noise; pyerrors' error at τ = ½ comes out too large.</summary>
    Anticorrelated,

    /// <summary>Replica means differ by more than their errors (Q below 0.001).</summary>
    ReplicasDisagree,

    /// <summary>The quantity does not exist at the means of every replica, so that its bias of order 1/N stays.</summary>
    BiasNotCorrected,

    /// <summary>The gaps in the configuration numbers leave a lag inside the window without one pair.</summary>
    MissingPairs,
}

/// <summary>A doubt about an error estimate, in words.</summary>
public sealed record GammaWarning(GammaWarningKind Kind, string Message);

/// <summary>
/// Result of the Γ-method. τ and all lags are in strides (see <see cref="Stride"/>); uncorrelated data have τ_int = ½.
/// </summary>
public sealed record GammaResult
{
    public required double Mean { get; init; }

    /// <summary>√(2 τ_int Γ(0)/N), bias-corrected; NaN where no error exists (see the warnings).</summary>
    public required double Error { get; init; }

    /// <summary>Statistical error of the error, error · √((W + ½)/N) (Wolff, eq. 42).</summary>
    public required double ErrorOfError { get; init; }

    public required double TauInt { get; init; }

    /// <summary>At least τ where no window was found: then τ is a lower bound.</summary>
    public required double TauIntError { get; init; }

    /// <summary>Summation window W: the last lag that is summed.</summary>
    public required int Window { get; init; }

    /// <summary>Number of values over all replicas.</summary>
    public required int Count { get; init; }

    /// <summary>Distance of neighbouring lags in configuration numbers: τ in configurations is TauInt · Stride.</summary>
    public required long Stride { get; init; }

    /// <summary>Autocovariance Γ(t), t = 0 … about 2W, with the convention's bias correction.</summary>
    public required double[] Gamma { get; init; }

    /// <summary>Γ(t)/Γ(0).</summary>
    public required double[] Rho { get; init; }

    /// <summary>Error of ρ(t), at every lag (<see cref="AutocorrelationError"/>).</summary>
    public required double[] RhoError { get; init; }

    /// <summary>½ + Σ_{s=1…t} ρ(s): the plateau plot of τ_int.</summary>
    public required double[] TauIntOfWindow { get; init; }

    public required double[] ReplicaMeans { get; init; }

    /// <summary>Probability that replica means scatter at least this much (Wolff, eq. 28); null for one replica.</summary>
    public required double? Q { get; init; }

    public required GammaConvention Convention { get; init; }

    /// <summary>The tail of a slow mode that is in τ_int and in the error; null without one.</summary>
    public SlowTail? Tail { get; init; }

    /// <summary>Values whose mean was analysed as one, or that were resampled together.</summary>
    public int Bin { get; init; } = 1;

    public ErrorMethod Method { get; init; } = ErrorMethod.Gamma;

    /// <summary>Whether the error is that of the scatter of replica means, and τ_int what gives it.</summary>
    public bool FromReplicas { get; init; }

    public required IReadOnlyList<GammaWarning> Warnings { get; init; }

    public bool Has(GammaWarningKind kind) => Warnings.Any(warning => warning.Kind == kind);
}

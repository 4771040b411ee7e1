using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// Parallel tempering in β: each chain is a ladder of replicas with actions s_0 S, s_1 S, …, 1 = s_0 the action that is sampled. A step is one of an inner transition on all of them,
/// and then an exchange between neighbours on the ladder, first of the pairs (0, 1), (2, 3), …, then of (1, 2), (3, 4), …, each with min(1, exp((s_k − s_{k+1})(S_k − S_{k+1}))).
/// </summary>
/// <remarks>
/// Replicas keep their links and exchange their factors. The rows of a chain are the configuration that holds s_0 = 1, whichever replica that is, so that an ensemble is distributed
/// as exp(−S) and nothing else; the other rungs are not stored. Sources: R. H. Swendsen, J.-S. Wang, Phys. Rev. Lett. 57 (1986) 2607; K. Hukushima, K. Nemoto, J. Phys. Soc. Jpn. 65 (1996) 1604.
/// </remarks>
public sealed class ParallelTempering : ITransition
{
    /// <summary>A ladder of factors on the action, the first 1.</summary>
    /// <exception cref="ArgumentException">Fewer than two factors, the first not 1, one not positive, two alike, or an inner transition that is itself a ladder.</exception>
    public ParallelTempering(ITransition inner, params IReadOnlyList<double> strengths)
    {
        if (strengths.Count < 2) throw new ArgumentException("strengths: a ladder has at least two.", nameof(strengths));
        if (strengths[0] != 1) throw new ArgumentException($"strengths begin with {strengths[0]}: the first is 1, the action that is sampled.", nameof(strengths));
        foreach (double strength in strengths)
        {
            if (!(strength > 0) || !double.IsFinite(strength)) throw new ArgumentException($"strength = {strength}: a factor on the action is positive.", nameof(strengths));
        }

        if (strengths.Distinct().Count() < strengths.Count) throw new ArgumentException("strengths: each is in a ladder once.", nameof(strengths));
        if (inner.ReplicasOfChain > 1) throw new ArgumentException("a ladder cannot be tempered again.", nameof(inner));
        Inner = inner;
        Strengths = strengths;
    }

    /// <inheritdoc/>
    public string Name => "tempering";

    /// <summary>What moves the replicas between exchanges.</summary>
    public ITransition Inner { get; }

    /// <summary>s_k.</summary>
    public IReadOnlyList<double> Strengths { get; }

    /// <inheritdoc/>
    public int ReplicasOfChain => Strengths.Count;

    /// <summary>Everything in opposite order: the time-reversed transition where the inner one is the reverse of the other.</summary>
    internal bool Reversed { get; init; }

    /// <summary>What a test multiplies the logarithm of the probability of an exchange with; 0 exchanges always.</summary>
    internal double FaultyScale { get; init; } = 1;

    /// <inheritdoc/>
    public bool NeedsWholeLattices => Inner.NeedsWholeLattices;

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T> => new TemperingRun<T>(this, state);
}

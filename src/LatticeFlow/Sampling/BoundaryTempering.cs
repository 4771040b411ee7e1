using LatticeFlow.Actions;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// Parallel tempering in boundary conditions: each chain is a ladder of replicas with actions S^(0) + c_k S^(1), S^(1) the plaquettes of a <see cref="BoundaryDefect"/>, from c_0 = 1, the periodic lattice that is sampled, to c_{K−1} = 0, an
/// open one, through whose defect topological charge flows in and out. A step is one of the inner transition on all, exchanges of neighbours with min(1, exp((c_k − c_{k+1})(S^(1)_k − S^(1)_{k+1}))), and a random
/// translation of the periodic replica, so that the defect is anywhere; then the same with sweeps of nested boxes around the defect in the place of the inner transition.
/// </summary>
/// <remarks>
/// Rows are the periodic replica. Of nested levels each visit of one makes its sweeps, and after every one of them exchanges, translates and visits the next. With <see cref="IsTuned"/> the c_k move during thermalization until all pairs
/// exchange alike, and are frozen then. Sources: M. Hasenbusch, Phys. Rev. D 96 (2017) 054504; C. Bonanno, C. Bonati, M. D'Elia, JHEP 03 (2021) 111.
/// </remarks>
public sealed class BoundaryTempering : ITransition
{
    /// <summary>A ladder of coefficients that fall from 1 to 0.</summary>
    /// <exception cref="ArgumentException">Fewer than two coefficients, or not falling from 1 to 0; an inner transition that is itself a ladder; a level without sweeps, or not within the one before.</exception>
    public BoundaryTempering(ITransition inner, BoundaryDefect defect, IReadOnlyList<double> coefficients, IReadOnlyList<DefectLevel>? levels = null)
    {
        if (coefficients.Count < 2 || coefficients[0] != 1 || coefficients[^1] != 0) throw new ArgumentException("coefficients: a ladder has at least two, the first 1 and the last 0.", nameof(coefficients));
        for (int k = 1; k < coefficients.Count; k++)
        {
            if (!(coefficients[k] < coefficients[k - 1])) throw new ArgumentException($"coefficients: they fall, but {coefficients[k]} follows {coefficients[k - 1]}.", nameof(coefficients));
        }

        if (inner.ReplicasOfChain > 1) throw new ArgumentException("a ladder cannot be tempered again.", nameof(inner));
        Levels = levels ?? [];
        DefectLevel.Check(Levels);
        Inner = inner;
        Defect = defect;
        Coefficients = coefficients;
    }

    /// <inheritdoc/>
    public string Name => "boundary-tempering";

    /// <summary>What moves the replicas between exchanges.</summary>
    public ITransition Inner { get; }

    /// <summary>The defect.</summary>
    public BoundaryDefect Defect { get; }

    /// <summary>c_k, before tuning.</summary>
    public IReadOnlyList<double> Coefficients { get; }

    /// <summary>The boxes around the defect, the largest first.</summary>
    public IReadOnlyList<DefectLevel> Levels { get; }

    /// <summary>Whether the c_k between the first and the last are tuned during thermalization, to exchange rates that are all alike.</summary>
    public bool IsTuned { get; init; }

    /// <inheritdoc/>
    public int ReplicasOfChain => Coefficients.Count;

    /// <summary>Everything in opposite order: the time-reversed transition where the inner one is the reverse of the other.</summary>
    internal bool Reversed { get; init; }

    /// <summary>What a test multiplies the logarithm of the probability of an exchange with.</summary>
    internal double FaultyScale { get; init; } = 1;

    /// <summary>In a test: translations leave the second half of the sites as they are.</summary>
    internal bool FaultyTranslation { get; init; }

    /// <summary>In a test: sweeps around the defect take all replicas for periodic ones.</summary>
    internal bool FaultyLevels { get; init; }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The action is not made of plaquettes that are alike at every place.</exception>
    public IAction ActionOf(IAction action)
    {
        if (action is not LoopAction { IsTranslationInvariant: true } loops)
            throw new NotSupportedException($"\"{Name}\" is for links with an action of plaquettes that is the same at every place, which '{action.Name}' here is not: leave boundary and defect to the sampler.");
        try
        {
            return Defect.Family(loops);
        }
        catch (ArgumentException error)
        {
            throw new NotSupportedException($"\"{Name}\": {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T> => new BoundaryTemperingRun<T>(this, state);
}

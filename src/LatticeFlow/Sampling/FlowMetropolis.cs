using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// Independence Metropolis: proposals U' from a density q are accepted with min(1, w'/w), ln w = −S − ln q in double. Exact for any q that is positive
/// wherever exp(−S) is.
/// </summary>
/// <remarks>
/// Source: M. S. Albergo, G. Kanwar, P. E. Shanahan, Phys. Rev. D 100 (2019) 034515. Weights that are not finite: a proposal whose ln w is NaN or ±∞ is never
/// taken; a state of ln w = −∞ takes any other proposal; a state of which q cannot tell the density is an error.
/// </remarks>
public sealed class FlowMetropolis : ITransition
{
    /// <summary>With the source of the proposals.</summary>
    /// <param name="source">Where proposals come from.</param>
    /// <param name="proposalsOfDraw">About how many proposals are drawn at once; the chain does not depend on it but for rounding.</param>
    public FlowMetropolis(IProposalSource source, int proposalsOfDraw = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(proposalsOfDraw);
        Source = source;
        ProposalsOfDraw = proposalsOfDraw;
    }

    /// <inheritdoc/>
    public string Name => "flow";

    /// <summary>Where proposals come from.</summary>
    public IProposalSource Source { get; }

    /// <summary>About how many proposals are drawn at once.</summary>
    public int ProposalsOfDraw { get; }

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T> => new FlowMetropolisRun<T>(this, state);
}

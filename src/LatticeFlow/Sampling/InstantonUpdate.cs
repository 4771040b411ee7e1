using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.U1;

namespace LatticeFlow.Sampling;

/// <summary>
/// The classical field of charge ±1 of U(1) in two dimensions (<see cref="AddInstanton{T}"/>): a uniform field strength is proposed on top of the links of the whole lattice and accepted with min(1, exp(−ΔS)).
/// </summary>
/// <remarks>
/// The move of one sign undoes that of the other, both are proposed with probability ½, and they add constants to angles: exp(−S) is invariant. It is not ergodic alone. ΔS is about 2π² β/V, so that it is accepted nearly always in a large
/// volume: what a flow has to beat in two dimensions, where such a field is known.
/// </remarks>
public sealed class InstantonUpdate : ITransition
{
    private const double FlopsOfLink = 15;

    /// <inheritdoc/>
    public string Name => "instanton";

    /// <summary>ΔS is taken times this; 1 but in tests of the tests.</summary>
    internal double FaultyScale { get; init; } = 1;

    /// <summary>Probability of raising Q; ½ but in tests of the tests.</summary>
    internal double FaultyShare { get; init; } = 0.5;

    /// <summary>Itself: proposals and their opposites are alike, so that the accept step keeps detailed balance.</summary>
    public ITransition TimeReversal() => this;

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T>
    {
        TopologicalRun.Check(Name, state.Action);
        return new TopologicalRun<T>(
            state,
            Name,
            FlopsOfLink,
            FaultyScale,
            program => program.Add(
                new AddInstanton<T>
                {
                    Links = state.Field.View,
                    Streams = state.Stencil.Streams<T>(state.Key),
                    Length0 = state.Action.Lattice.Extents[0],
                    Length1 = state.Action.Lattice.Extents[1],
                    PositiveShare = FaultyShare,
                },
                state.Layout.OfLane.Links));
    }
}

using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.U1;

namespace LatticeFlow.Sampling;

/// <summary>
/// Winding of U(1) in two dimensions (<see cref="WindLinks{T}"/>): in a square of side ℓ at a random place a gauge transformation that winds once around its border, which changes Q by ±1, is proposed and accepted with min(1, exp(−ΔS)).
/// </summary>
/// <remarks>
/// Place, size and sign are drawn without regard to the links, the move of one sign undoes that of the other at the same place and size, and it adds constants to angles, so that it keeps Haar measure: exp(−S) is invariant. It is not
/// ergodic alone. ΔS is about β π²/2ℓ, so that the largest square is accepted most often. Source: D. Albandea, P. Hernández, A. Ramos, F. Romero-López, Eur. Phys. J. C 81 (2021) 873, arXiv:2106.14234.
/// </remarks>
public sealed class WindingUpdate : ITransition
{
    private const double FlopsOfLink = 60;

    /// <summary>Squares of these sides, each as often as the others; none stands for the largest, <see cref="LargestSize"/>.</summary>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public WindingUpdate(params IReadOnlyList<int> sizes)
    {
        if (sizes.FirstOrDefault(size => size < 1, 1) is < 1 and var wrong) throw new ArgumentException($"sizes = {wrong}: the side of a square is at least 1.", nameof(sizes));
        Sizes = sizes;
    }

    /// <inheritdoc/>
    public string Name => "winding";

    /// <summary>ℓ to choose from; none stands for the largest.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>ΔS is taken times this; 1 but in tests of the tests.</summary>
    internal double FaultyScale { get; init; } = 1;

    /// <summary>Probability of raising Q; ½ but in tests of the tests.</summary>
    internal double FaultyShare { get; init; } = 0.5;

    /// <summary>The largest square: the plaquettes around it are all different.</summary>
    public static int LargestSize(IReadOnlyList<int> extents) => extents.Min() - 2;

    /// <summary>Itself: proposals and their opposites are alike, so that the accept step keeps detailed balance.</summary>
    public ITransition TimeReversal() => this;

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T>
    {
        TopologicalRun.Check(Name, state.Action);
        int largest = LargestSize(state.Action.Lattice.Extents);
        if (largest < 1) throw new NotSupportedException($"\"{Name}\" needs extents of at least 3, or the plaquettes around its square meet on the other side; the lattice is {state.Action.Lattice}.");
        int[] sizes = Sizes.Count == 0 ? [largest] : [.. Sizes];
        if (sizes.Max() > largest) throw new NotSupportedException($"sizes: a square of side {sizes.Max()} does not fit into the lattice {state.Action.Lattice}; the largest has {largest}.");
        var shared = state.Device.NewShared<T>(sizes.Length);
        shared.WriteShared([.. sizes.Select(size => (double)size)]);
        return new TopologicalRun<T>(
            state,
            Name,
            FlopsOfLink,
            FaultyScale,
            program => program.Add(
                new WindLinks<T>
                {
                    Links = state.Field.View,
                    Streams = state.Stencil.Streams<T>(state.Key),
                    Sizes = shared.View,
                    SizesCount = sizes.Length,
                    Length0 = state.Action.Lattice.Extents[0],
                    Length1 = state.Action.Lattice.Extents[1],
                    PositiveShare = FaultyShare,
                },
                state.Layout.OfLane.Links),
            shared);
    }
}

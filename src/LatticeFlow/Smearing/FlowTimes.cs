namespace LatticeFlow.Smearing;

/// <summary>
/// Flow times at which the steps of a <see cref="GradientFlow"/> end: t_0 = 0, t_{k+1} = t_k + ε_k. A plain description: two of equal steps are equal.
/// </summary>
public sealed class FlowTimes : IEquatable<FlowTimes>
{
    // From each time on, steps of this size; in time order, the first from 0.
    private readonly (double From, double Step)[] pieces;
    private readonly int[] firsts;

    private FlowTimes(params (double From, double Step)[] pieces)
    {
        this.pieces = pieces;
        firsts = new int[pieces.Length];
        for (int i = 1; i < pieces.Length; i++) firsts[i] = firsts[i - 1] + (int)Math.Round((pieces[i].From - pieces[i - 1].From) / pieces[i - 1].Step);
    }

    /// <summary>
    /// Those of the observables that have names: ε = 0.02 up to t = 0.4, 0.05 up to 2 and 0.1 from there on, so that multiples of 0.1 are among the times. The error of a step, ~ ε⁴ times the fourth derivative, falls
    /// as the field gets smooth, which lets steps grow; stability ends at ε = 0.157, as the third-order method amplifies e^{−λ t} beyond λ ε = 2.51 and the largest p̂² is 16 in four dimensions.
    /// </summary>
    public static FlowTimes Named { get; } = new((0, 0.02), (0.4, 0.05), (2, 0.1));

    /// <summary>Steps of one size.</summary>
    /// <exception cref="ArgumentException">The step is not positive.</exception>
    public static FlowTimes Uniform(double step) =>
        step > 0 && double.IsFinite(step) ? new((0, step)) : throw new ArgumentException($"a gradient flow with step {step}: the step is a positive number.", nameof(step));

    /// <summary>The time after so many steps.</summary>
    public double After(int steps)
    {
        int piece = PieceOf(steps);
        return Math.Round(pieces[piece].From + ((steps - firsts[piece]) * pieces[piece].Step), 10);
    }

    /// <summary>ε_k.</summary>
    public double Step(int step) => pieces[PieceOf(step)].Step;

    /// <summary>The number of steps to a flow time.</summary>
    /// <exception cref="ArgumentException">No step ends there.</exception>
    public int StepsTo(double time)
    {
        int piece = Math.Max(0, Array.FindLastIndex(pieces, p => p.From <= time + 1e-9));
        int steps = firsts[piece] + (int)Math.Round((time - pieces[piece].From) / pieces[piece].Step);
        return steps >= 0 && Math.Abs(After(steps) - time) < 1e-9 * Math.Max(1, time) ? steps : throw new ArgumentException($"no step of the gradient flow ends at time {time}.", nameof(time));
    }

    /// <inheritdoc/>
    public bool Equals(FlowTimes? other) => other is not null && pieces.AsSpan().SequenceEqual(other.pieces);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FlowTimes);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(pieces.Length, pieces[0].Step);

    private int PieceOf(int step) => Array.FindLastIndex(firsts, first => first <= step);
}

using LatticeFlow.Fields;

namespace LatticeFlow.Actions;

/// <summary>
/// A straight path of actions S_t = (1 − t) S_start + t S_end, 0 ≤ t ≤ 1, as a family S_λ = Σ_k λ_k S^(k) with λ_k(t) = (1 − t) λ_k(0) + t λ_k(1). Of S_0 and S_1 that are multiples of one action K = 1; of two that
/// differ in a part of their loops only, that part and the rest are the two components, so that no loop is summed twice.
/// </summary>
public sealed class ActionPath
{
    // Ratios of couplings that are the same number in exact arithmetic differ by a few roundings.
    private const double SameRatio = 4e-16;

    private ActionPath(IAction action, double[] start, double[] end, IAction target)
    {
        Action = action;
        Start = start;
        End = end;
        Target = target;
    }

    /// <summary>The family.</summary>
    public IAction Action { get; }

    /// <summary>λ(0).</summary>
    public IReadOnlyList<double> Start { get; }

    /// <summary>λ(1).</summary>
    public IReadOnlyList<double> End { get; }

    /// <summary>K.</summary>
    public int Components => Start.Count;

    /// <summary>S_1, as an action of its own.</summary>
    public IAction Target { get; }

    /// <summary>The path S_t = ((1 − t) start + t) S from a multiple of an action of any field to that action; of links, 0 is Haar measure.</summary>
    /// <exception cref="ArgumentException">The factor is not finite, or not positive for a scalar, whose exp(−S_t) then has no integral.</exception>
    public static ActionPath OfFactors(IAction action, double start)
    {
        if (!double.IsFinite(start)) throw new ArgumentException($"factor = {start}: a factor on an action is a finite number.", nameof(start));
        if (action.Field.Place == FieldPlace.Sites && start <= 0) throw new ArgumentException($"factor = {start}: of a scalar it is positive, or exp(-S) has no integral.", nameof(start));
        return action.Components == 1 ? new(action, [start], [1], action) : throw new ArgumentException($"action '{action.Name}' is itself a family of {action.Components} components.", nameof(action));
    }

    /// <summary>The path S^(0) + c S^(1) from c = <paramref name="start"/> to c = 1, the action itself; S^(1) its plaquettes that contain a link of the defect, as <see cref="BoundaryDefect.Family"/> has them.</summary>
    /// <exception cref="ArgumentException">The coefficient is not finite, the lattice has no such defect, or the action has rectangles or components.</exception>
    public static ActionPath ThroughDefect(LoopAction action, BoundaryDefect defect, double start) =>
        double.IsFinite(start) ? new(defect.Family(action), [1, start], [1, 1], action) : throw new ArgumentException($"coefficient = {start}: a coefficient of a defect is a finite number.", nameof(start));

    /// <summary>The path between two actions made of plaquettes and rectangles: along β, along the coefficient of a defect, from one action to another.</summary>
    /// <exception cref="ArgumentException">Actions of different groups or lattices, or families.</exception>
    public static ActionPath Between(LoopAction start, LoopAction end)
    {
        if (start.Group != end.Group) throw new ArgumentException($"there is no path from an action of {start.Group} to one of {end.Group}.", nameof(end));
        if (!start.Lattice.Equals(end.Lattice)) throw new ArgumentException($"there is no path from an action on {start.Lattice} to one on {end.Lattice}.", nameof(end));
        if (start.Components > 1 || end.Components > 1) throw new ArgumentException("the ends of a path are actions, not families of them.", nameof(start));
        var parameters = start.Parameters.Select(p => ($"start.{p.Key}", p.Value)).Concat(end.Parameters.Select(p => ($"end.{p.Key}", p.Value))).ToDictionary();
        var kinds = Kinds(start.Couplings, end.Couplings);
        if (kinds.Count <= 2)
        {
            double[] first = [.. kinds.Select(kind => kind.Start)], last = [.. kinds.Select(kind => kind.End)];
            return new(new LoopActionFamily("path", start.Group, [.. kinds.Select((_, k) => Component(start.Couplings, end.Couplings, kinds, k))], parameters), first, last, end);
        }

        return new(new LoopActionFamily("path", start.Group, [start.Couplings, end.Couplings], parameters), [1, 0], [0, 1], end);
    }

    /// <summary>Whether S_1 is this action: one of the same name and parameters on the same field and lattice.</summary>
    public bool EndsAt(IAction action) =>
        ReferenceEquals(action, Target) || (action.Name == Target.Name && action.Field == Target.Field && action.Lattice.Equals(Target.Lattice) && action.Parameters.Count == Target.Parameters.Count && !action.Parameters.Except(Target.Parameters).Any());

    /// <summary>coefficients[k] = λ_k(t), at t = 0 and 1 to the last bit those of the ends.</summary>
    public void WriteCoefficients(double t, Span<double> coefficients)
    {
        for (int k = 0; k < Start.Count; k++) coefficients[k] = ((1 - t) * Start[k]) + (t * End[k]);
    }

    // How a coupling goes along the path, up to a factor: λ(0) and λ(1), of which the second is 1 unless the coupling ends at 0.
    private static List<(double Start, double End)> Kinds(LoopCouplings start, LoopCouplings end)
    {
        var kinds = new List<(double Start, double End)>();
        foreach (var (first, last) in start.Plaquettes.Zip(end.Plaquettes).Concat(start.Rectangles.Zip(end.Rectangles)))
        {
            if (KindOf(kinds, first, last) < 0 && kinds.Count <= 2) kinds.Add(last == 0 ? (1, 0) : (first / last, 1));
        }

        if (kinds.Count == 0) kinds.Add((1, 1));
        return kinds;
    }

    // −1 for a kind that is not in the list yet; a coupling that is always 0 is of every kind.
    private static int KindOf(List<(double Start, double End)> kinds, double first, double last)
    {
        if (first == 0 && last == 0) return int.MaxValue;
        return last == 0
            ? kinds.FindIndex(kind => kind.End == 0)
            : kinds.FindIndex(kind => kind.End == 1 && Math.Abs((first / last) - kind.Start) <= SameRatio * Math.Abs(kind.Start));
    }

    private static LoopCouplings Component(LoopCouplings start, LoopCouplings end, List<(double Start, double End)> kinds, int number)
    {
        double[] rectangles = [.. start.Rectangles.Zip(end.Rectangles, Of)];
        if (!start.IsTranslationInvariant || !end.IsTranslationInvariant) return LoopCouplings.OfPlaquettes(start.Lattice, [.. start.Plaquettes.Zip(end.Plaquettes, Of)]).WithRectangles(rectangles);
        return LoopCouplings.OfPlanes(start.Lattice, [.. start.Plaquettes.Zip(end.Plaquettes, Of).Take(start.Lattice.Planes.Count)], rectangles);

        double Of(double first, double last) => KindOf(kinds, first, last) != number ? 0 : last == 0 ? first : last;
    }
}

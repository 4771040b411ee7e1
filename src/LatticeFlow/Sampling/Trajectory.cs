using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Sampling;

/// <summary>
/// Molecular dynamics dU/dt = i P U, dp_a/dt = −∂_a S as kernel launches, on one or more time scales; U(1): dθ/dt = p, a scalar: dφ/dt = p. Links are not brought back to the group on the way, so
/// that a trajectory runs backwards with the momenta reversed.
/// </summary>
public sealed class Trajectory<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly IReadOnlyList<IntegratorLevel> levels;
    private readonly IFieldSteps<T> field;
    private readonly IActionSteps<T>[][] forces;
    private readonly List<IActionSteps<T>> owned = [];
    private readonly Dictionary<int, (double Forces, double ForceFlops, double Drifts)> passes = [];
    private readonly Field<T>? displaced;
    private readonly Field<T>? displacement;

    /// <summary>The dynamics of an action whose kernels are there, on one time scale.</summary>
    public Trajectory(IIntegrator integrator, IActionSteps<T> action, IFieldSteps<T> field)
        : this([new(integrator, 1)], field) => forces[0] = [action];

    /// <summary>The dynamics of the parts of an action, each on the level that it is assigned to.</summary>
    /// <param name="levels">The levels, outermost first.</param>
    /// <param name="action">The action.</param>
    /// <param name="bind">Makes the kernels of an action or a part.</param>
    /// <param name="field">The kernels of the field.</param>
    /// <exception cref="NotSupportedException">The levels do not hold every part of the action once.</exception>
    public Trajectory(IReadOnlyList<IntegratorLevel> levels, IAction action, Func<IAction, IActionSteps<T>> bind, IFieldSteps<T> field)
        : this(levels, field)
    {
        bool whole = levels is [{ Parts.Count: 0 }];
        if (!whole && !levels.SelectMany(level => level.Parts).Order().SequenceEqual(Enumerable.Range(0, action.Parts.Count)))
        {
            throw new NotSupportedException($"the time scales hold the parts [{string.Join("], [", levels.Select(level => string.Join(", ", level.Parts)))}] of the action, "
                + $"but '{action.Name}' has {action.Parts.Count} part(s), numbered from 0, and each belongs to one time scale.");
        }

        for (int level = 0; level < levels.Count; level++)
        {
            foreach (var part in whole ? [action] : levels[level].Parts.Select(i => action.Parts[i])) owned.Add(bind(part));
            forces[level] = [.. owned.TakeLast(whole ? 1 : levels[level].Parts.Count)];
        }
    }

    private Trajectory(IReadOnlyList<IntegratorLevel> levels, IFieldSteps<T> field)
    {
        this.levels = levels;
        this.field = field;
        forces = new IActionSteps<T>[levels.Count][];
        if (!levels.Any(level => level.Integrator.Trajectory(1).Any(part => part.Update == IntegratorUpdate.DisplacedKick))) return;
        displaced = field.NewField(Scope.Scratch);
        displacement = field.NewTangents(Scope.Scratch);
    }

    /// <summary>Appends a trajectory of <paramref name="steps"/> steps of the first level. <paramref name="stepSize"/> is a shared field whose number 0 is its ε.</summary>
    public void Append(KernelProgram program, int steps, Field<T> configurations, Field<T> momenta, Field<T> stepSize)
    {
        foreach (var (level, part) in IntegratorLevel.Schedule(levels, steps))
        {
            switch (part.Update)
            {
                case IntegratorUpdate.Drift:
                    field.AddDrift(program, configurations, momenta, stepSize, part.Coefficient);
                    break;
                case IntegratorUpdate.Kick:
                    AddForces(program, level, configurations, stepSize, part.Coefficient, momenta);
                    break;
                default:
                    AddDisplaced(program, level, configurations, stepSize, part.Displacement);
                    AddForces(program, level, displaced!, stepSize, part.Coefficient, momenta);
                    break;
            }
        }
    }

    /// <summary>Counts a trajectory of so many steps of all replicas of a state, whose action this is of.</summary>
    public void Count(MarkovState<T> state, int steps)
    {
        if (!passes.TryGetValue(steps, out var of)) passes[steps] = of = Passes(state.Action, steps);
        state.Count(WorkKind.Force, of.Forces, of.ForceFlops / of.Forces);
        state.Count(WorkKind.Drift, of.Drifts);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        displaced?.Dispose();
        displacement?.Dispose();
        foreach (var steps in owned) steps.Dispose();
    }

    private (double Forces, double ForceFlops, double Drifts) Passes(IAction action, int steps)
    {
        (double Forces, double ForceFlops, double Drifts) sum = default;
        foreach (var (level, part) in IntegratorLevel.Schedule(levels, steps))
        {
            int displacements = part.Update == IntegratorUpdate.DisplacedKick ? 1 : 0;
            sum.Drifts += part.Update == IntegratorUpdate.Drift ? 1 : displacements;
            if (part.Update == IntegratorUpdate.Drift) continue;
            var parts = levels[level].Parts;
            sum.Forces += (1 + displacements) * Math.Max(1, parts.Count);
            sum.ForceFlops += (1 + displacements) * (parts.Count == 0 ? action.Flops(WorkKind.Force) : parts.Sum(i => action.Parts[i].Flops(WorkKind.Force)));
        }

        return sum;
    }

    // U' = exp(i ε (ε d F)) U.
    private void AddDisplaced(KernelProgram program, int level, Field<T> configurations, Field<T> stepSize, double coefficient)
    {
        program.Add(new Clear<T> { Target = displacement!.View }, displacement.Elements);
        AddForces(program, level, configurations, stepSize, coefficient, displacement);
        program.Add(new Copy<T> { Source = configurations.View, Target = displaced!.View }, displaced.Elements);
        field.AddDrift(program, displaced, displacement, stepSize, 1);
    }

    private void AddForces(KernelProgram program, int level, Field<T> configurations, Field<T> stepSize, double coefficient, Field<T> target)
    {
        foreach (var part in forces[level]) part.AddForce(program, configurations, stepSize, coefficient, target);
    }
}

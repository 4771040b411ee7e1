namespace LatticeFlow.Sampling;

/// <summary>One time scale of molecular dynamics: the parts of the action that are integrated on it, and how.</summary>
/// <remarks>
/// Levels are nested: every drift of a level is a whole trajectory of the next one, and the drift of the innermost level moves the links. A kick of a level is by the force
/// of its own parts. Source: J. C. Sexton, D. H. Weingarten, Nucl. Phys. B 380 (1992) 665.
/// </remarks>
/// <param name="Integrator">The integrator.</param>
/// <param name="Steps">Its steps: of the first level in a trajectory, of an inner one in every drift of the level around it.</param>
/// <param name="Parts">Places in <see cref="Actions.IAction.Parts"/>; none stands for the whole action, where there is one level.</param>
public sealed record IntegratorLevel(IIntegrator Integrator, int Steps, params IReadOnlyList<int> Parts)
{
    /// <summary>
    /// The updates of a trajectory of nested levels with <paramref name="steps"/> steps of the first one, coefficients in units of its step size. Kicks of one level with no drift
    /// between them are joined, since all kicks commute.
    /// </summary>
    public static IReadOnlyList<(int Level, IntegratorPart Part)> Schedule(IReadOnlyList<IntegratorLevel> levels, int steps)
    {
        var schedule = new List<(int Level, IntegratorPart Part)>();
        Add(schedule, levels, 0, steps, 1);
        return schedule;
    }

    private static void Add(List<(int Level, IntegratorPart Part)> schedule, IReadOnlyList<IntegratorLevel> levels, int level, int steps, double stepSize)
    {
        foreach (var part in levels[level].Integrator.Trajectory(steps))
        {
            if (part.Update == IntegratorUpdate.Drift && level + 1 < levels.Count)
            {
                int inner = levels[level + 1].Steps;
                Add(schedule, levels, level + 1, inner, stepSize * part.Coefficient / inner);
                continue;
            }

            var scaled = part with { Coefficient = stepSize * part.Coefficient, Displacement = stepSize * stepSize * part.Displacement };
            int same = part.Update == IntegratorUpdate.Kick ? LastKick(schedule, level) : -1;
            if (same < 0) schedule.Add((level, scaled));
            else schedule[same] = (level, scaled with { Coefficient = scaled.Coefficient + schedule[same].Part.Coefficient });
        }
    }

    // The kick of this level since the last drift, or −1.
    private static int LastKick(List<(int Level, IntegratorPart Part)> schedule, int level)
    {
        for (int i = schedule.Count - 1; i >= 0 && schedule[i].Part.Update != IntegratorUpdate.Drift; i--)
        {
            if (schedule[i].Level == level && schedule[i].Part.Update == IntegratorUpdate.Kick) return i;
        }

        return -1;
    }
}

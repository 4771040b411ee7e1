namespace LatticeFlow.Sampling;

/// <summary>Heat-bath sweeps over the links that begin in a box around the defect, see <see cref="Actions.BoundaryDefect.IsNear"/>.</summary>
/// <param name="Margin">Sites beyond the ends of the links of the defect.</param>
/// <param name="Sweeps">How often, in each visit.</param>
/// <param name="Overrelaxation">Overrelaxation sweeps after each heat-bath sweep.</param>
public sealed record DefectLevel(int Margin, int Sweeps, int Overrelaxation = 0)
{
    /// <summary>Throws ArgumentException where nested levels are none: one without sweeps, or not within the one before.</summary>
    internal static void Check(IReadOnlyList<DefectLevel> levels)
    {
        for (int i = 0; i < levels.Count; i++)
        {
            if (levels[i].Sweeps < 1 || levels[i].Margin < 0 || levels[i].Overrelaxation < 0) throw new ArgumentException($"levels: {levels[i]} has no sweeps, or a negative number.", nameof(levels));
            if (i > 0 && levels[i].Margin >= levels[i - 1].Margin) throw new ArgumentException("levels: every box is within the one before, so its margin is less.", nameof(levels));
        }
    }
}

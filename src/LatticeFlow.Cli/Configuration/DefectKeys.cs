using LatticeFlow.Actions;
using LatticeFlow.Sampling;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>The keys of a defect that a sampler opens or closes in a periodic lattice, and of the boxes around it: <c>defect_size</c>, <c>defect_direction</c>, <c>levels</c>.</summary>
public static class DefectKeys
{
    public static readonly string[] LevelKeys = ["margin", "sweeps", "overrelaxation"];

    /// <summary>The defect, in a theory of plaquettes that has none itself; <paramref name="who"/> has it: "the ladder of this sampler".</summary>
    public static BoundaryDefect Read(SectionReader reader, TheorySettings theory, string who)
    {
        var defect = new BoundaryDefect(reader.Integer("defect_direction", 0, 0, 3), reader.Integer("defect_size", 1, 1, 1 << 20));
        if (theory.Extents.Count > 0 && defect.Problem(theory.Extents) is { } problem) reader.Fail(defect.Direction >= theory.Extents.Count ? "defect_direction" : "defect_size", $"does not fit theory.extents: {problem}");
        if (theory.Field.Place != Fields.FieldPlace.Links) reader.Fail("sampler", $"is for links, and not for the field \"{theory.Field}\"");
        else if (theory.Action.HasRectangles) reader.Fail("sampler", "needs an action of plaquettes: the couplings of rectangles are the same at every place; use \"wilson\" or another sampler");
        else if (!theory.Action.IsTorus) reader.Fail("sampler", $"needs an action that is periodic: leave out its boundary and defect, {who} has them");
        return defect;
    }

    public static ValueList<DefectLevel> ReadLevels(SectionReader reader)
    {
        List<DefectLevel> levels = [];
        foreach (var level in reader.Tables("levels", LevelKeys) ?? [])
        {
            levels.Add(new(level.Integer("margin", 0, 0, 1 << 20), level.Integer("sweeps", 1, 1, 1_000_000), level.Integer("overrelaxation", 0, 0, 1_000_000)));
            level.Close("a level of sweeps around the defect");
            if (levels.Count > 1 && levels[^1].Margin >= levels[^2].Margin) level.Fail("margin", $"must be less than that of the level before, {levels[^2].Margin}: each box is within the one before");
        }
        return [.. levels];
    }

    public static TomlNode? Write(ValueList<DefectLevel> levels) =>
        levels.Count == 0 ? null : Array(levels.Select(level => (TomlNode)Table(("margin", Of((long)level.Margin)), ("sweeps", Of((long)level.Sweeps)), ("overrelaxation", Of((long)level.Overrelaxation)))));
}

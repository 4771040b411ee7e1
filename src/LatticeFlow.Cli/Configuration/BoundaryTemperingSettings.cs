using LatticeFlow.Actions;
using LatticeFlow.Sampling;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>
/// Parallel tempering in boundary conditions: each chain is a ladder of configurations whose plaquettes through a defect have their coupling times <see cref="Coefficients"/>[k], from 1, periodic, to 0, open. All are moved by
/// <see cref="Parts"/>, neighbours are exchanged, and the periodic one is translated. What is stored is the periodic one.
/// </summary>
public sealed record BoundaryTemperingSettings(ValueList<MixturePart> Parts, BoundaryDefect Defect, ValueList<double> Coefficients, bool Tunes, ValueList<DefectLevel> Levels) : TransitionSettings
{
    public static SamplerKind Sampler { get; } = new("boundary-tempering", ["parts", "defect_size", "defect_direction", "defect_coefficients", "rungs", "tune", "levels"], Read);

    public static readonly string[] LevelKeys = ["margin", "sweeps", "overrelaxation"];

    private const int DefaultRungs = 8;

    private const int MostRungs = 256;

    public override SamplerKind Kind => Sampler;

    public override bool IsTuned => Tunes || Parts.Any(part => part.Transition.IsTuned);

    public override bool IsErgodic => Parts.Count == 0 || Parts.Any(part => part.Transition.IsErgodic);

    public override string TunedBy => Tunes ? "tune is true: the ladder" : base.TunedBy;

    public override bool UsesHeatBath => Levels.Count > 0 || Parts.Any(part => part.Transition.UsesHeatBath);

    public override int ReplicasOfChain => Coefficients.Count;

    public override bool DependsOnPlace => true;

    public override bool CanReject => Levels.Count == 0 && Parts[^1].Transition.CanReject;

    public override IEnumerable<HmcSettings> Trajectories => Parts.SelectMany(part => part.Transition.Trajectories);

    public override ITransition Create(TransitionSources sources) => new BoundaryTempering(MixturePart.Round(Parts, sources), Defect, [.. Coefficients], [.. Levels]) { IsTuned = Tunes };

    private static BoundaryTemperingSettings Read(SectionReader reader, TheorySettings theory)
    {
        var parts = MixturePart.ReadAll(reader, theory, SamplerRegistry.PartsOfLadder, "parts = [ { sampler = \"heatbath\", overrelaxation = 4 } ]");
        if (!reader.Has("defect_size")) reader.Fail("defect_size", "is missing: give it, for example defect_size = 4, the extent of the defect in physical units that grows with the correlation length");
        var defect = new BoundaryDefect(reader.Integer("defect_direction", 0, 0, 3), reader.Integer("defect_size", 1, 1, 1 << 20));
        if (theory.Extents.Count > 0 && defect.Problem(theory.Extents) is { } problem) reader.Fail(defect.Direction >= theory.Extents.Count ? "defect_direction" : "defect_size", $"does not fit theory.extents: {problem}");
        if (theory.Field.Place != Fields.FieldPlace.Links) reader.Fail("sampler", $"is for links, and not for the field \"{theory.Field}\"");
        else if (theory.Action.HasRectangles) reader.Fail("sampler", "needs an action of plaquettes: the couplings of rectangles are the same at every place; use \"wilson\" or another sampler");
        else if (!theory.Action.IsTorus) reader.Fail("sampler", "needs an action that is periodic: leave out its boundary and defect, the ladder of this sampler has them");
        var coefficients = ReadCoefficients(reader);
        var tunes = reader.Boolean("tune", coefficients.Count > 2);
        if (tunes && coefficients.Count == 2) reader.Fail("tune", "has nothing to tune: a ladder of two has the coefficients 1 and 0");
        return new(parts, defect, coefficients, tunes, ReadLevels(reader));
    }

    // Given one by one, or evenly spaced to begin with.
    private static ValueList<double> ReadCoefficients(SectionReader reader)
    {
        if (!reader.Has("defect_coefficients"))
        {
            var rungs = reader.Integer("rungs", DefaultRungs, 2, MostRungs);
            return [.. Enumerable.Range(0, rungs).Select(k => 1 - (k / (rungs - 1.0)))];
        }
        if (reader.Has("rungs")) reader.Reject("rungs", "excludes defect_coefficients, which has one coefficient a rung: leave one of them out");
        var given = reader.Numbers("defect_coefficients", value => value is >= 0 and <= 1, "between 0 and 1") ?? [1, 0];
        if (given.Count is >= 2 and <= MostRungs && given[0] == 1 && given[^1] == 0 && given.Zip(given.Skip(1)).All(pair => pair.First > pair.Second)) return given;
        reader.Fail("defect_coefficients", $"must be 2 to {MostRungs} numbers that fall from 1, the periodic lattice that is stored, to 0, the open one: for example defect_coefficients = [1.0, 0.6, 0.3, 0.0]");
        return [1, 0];
    }

    private static ValueList<DefectLevel> ReadLevels(SectionReader reader)
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

    public override void WriteTo(TomlTable table) => table.Add(
        ("parts", MixturePart.WriteAll(Parts)),
        ("defect_size", Of((long)Defect.Size)),
        ("defect_direction", Of((long)Defect.Direction)),
        ("defect_coefficients", Array(Coefficients.Select(Of))),
        ("tune", Of(Tunes)),
        ("levels", Levels.Count == 0 ? null : Array(Levels.Select(level => (TomlNode)Table(("margin", Of((long)level.Margin)), ("sweeps", Of((long)level.Sweeps)), ("overrelaxation", Of((long)level.Overrelaxation)))))));
}

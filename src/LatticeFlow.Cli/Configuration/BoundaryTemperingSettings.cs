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

    private const int DefaultRungs = 8;

    private const int MostRungs = 256;

    public override SamplerKind Kind => Sampler;

    public override bool IsTuned => Tunes || Parts.Any(part => part.Transition.IsTuned);

    public override bool IsErgodic => Parts.Count == 0 || Parts.Any(part => part.Transition.IsErgodic);

    public override string TunedBy => Tunes ? "tune is true: the ladder" : base.TunedBy;

    public override bool UsesHeatBath => Levels.Count > 0 || Parts.Any(part => part.Transition.UsesHeatBath);

    public override int ReplicasOfChain => Coefficients.Count;

    public override bool NeedsWholeLattices => true;

    public override bool CanReject => Levels.Count == 0 && Parts[^1].Transition.CanReject;

    public override IEnumerable<HmcSettings> Trajectories => Parts.SelectMany(part => part.Transition.Trajectories);

    public override ITransition Create(TransitionSources sources) => new BoundaryTempering(MixturePart.Round(Parts, sources), Defect, [.. Coefficients], [.. Levels]) { IsTuned = Tunes };

    private static BoundaryTemperingSettings Read(SectionReader reader, TheorySettings theory)
    {
        var parts = MixturePart.ReadAll(reader, theory, SamplerRegistry.PartsOfLadder, "parts = [ { sampler = \"heatbath\", overrelaxation = 4 } ]");
        if (!reader.Has("defect_size")) reader.Fail("defect_size", "is missing: give it, for example defect_size = 4, the extent of the defect in physical units that grows with the correlation length");
        var defect = DefectKeys.Read(reader, theory, "the ladder of this sampler");
        var coefficients = ReadCoefficients(reader);
        var tunes = reader.Boolean("tune", coefficients.Count > 2);
        if (tunes && coefficients.Count == 2) reader.Fail("tune", "has nothing to tune: a ladder of two has the coefficients 1 and 0");
        return new(parts, defect, coefficients, tunes, DefectKeys.ReadLevels(reader));
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

    public override void WriteTo(TomlTable table) => table.Add(
        ("parts", MixturePart.WriteAll(Parts)),
        ("defect_size", Of((long)Defect.Size)),
        ("defect_direction", Of((long)Defect.Direction)),
        ("defect_coefficients", Array(Coefficients.Select(Of))),
        ("tune", Of(Tunes)),
        ("levels", DefectKeys.Write(Levels)));
}

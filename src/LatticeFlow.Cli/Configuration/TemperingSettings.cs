using LatticeFlow.Sampling;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>
/// Parallel tempering: each chain is a ladder of configurations with actions <see cref="Strengths"/>[k] · S. All are moved by <see cref="Parts"/>, one after the other; then neighbours on the
/// ladder are exchanged. What is stored is the configuration with the action S.
/// </summary>
public sealed record TemperingSettings(ValueList<MixturePart> Parts, ValueList<double> Strengths) : TransitionSettings
{
    public static SamplerKind Sampler { get; } = new("tempering", ["parts", "strengths"], Read);

    public override SamplerKind Kind => Sampler;

    public override bool IsErgodic => Parts.Count == 0 || Parts.Any(part => part.Transition.IsErgodic);

    public override bool IsTuned => Parts.Any(part => part.Transition.IsTuned);

    public override bool UsesHeatBath => Parts.Any(part => part.Transition.UsesHeatBath);

    public override int ReplicasOfChain => Strengths.Count;

    public override bool CanReject => Parts[^1].Transition.CanReject;

    public override IEnumerable<HmcSettings> Trajectories => Parts.SelectMany(part => part.Transition.Trajectories);

    public override ITransition Create(TransitionSources sources) => new ParallelTempering(MixturePart.Round(Parts, sources), [.. Strengths]);

    private static TemperingSettings Read(SectionReader reader, TheorySettings theory)
    {
        var parts = MixturePart.ReadAll(reader, theory, SamplerRegistry.PartsOfLadder, "parts = [ { sampler = \"heatbath\" } ]");
        var strengths = reader.Numbers("strengths", value => value > 0, "greater than 0") ?? [];
        if (strengths.Count < 2 || strengths[0] != 1)
            reader.Fail("strengths", "must be two factors on the action or more, the first 1 for the action that is sampled: for example strengths = [1.0, 0.95, 0.9]");
        else if (strengths.Distinct().Count() < strengths.Count) reader.Fail("strengths", "holds a factor twice: each is a rung of its own");
        return new(parts, strengths);
    }

    public override void WriteTo(TomlTable table) => table.Add(("parts", MixturePart.WriteAll(Parts)), ("strengths", Array(Strengths.Select(Of))));
}

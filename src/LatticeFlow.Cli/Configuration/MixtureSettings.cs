using LatticeFlow.Sampling;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>Several transitions, applied one after the other; the whole round counts as one transition.</summary>
public sealed record MixtureSettings(ValueList<MixturePart> Parts) : TransitionSettings
{
    public static SamplerKind Sampler { get; } = new("mixture", ["parts"], (reader, theory) =>
        new MixtureSettings(MixturePart.ReadAll(reader, theory, SamplerRegistry.Parts, "parts = [ { sampler = \"flow\" }, { sampler = \"hmc\", repeat = 2 } ]")));

    /// <summary>A mixture of a part with a heat bath, as it is written.</summary>
    public static string Example(SamplerKind part) => $"sampler = \"{Sampler.Name}\", parts = [ {{ sampler = \"{part.Name}\" }}, {{ sampler = \"{HeatbathSettings.Sampler.Name}\" }} ]";

    public override SamplerKind Kind => Sampler;

    public override bool IsErgodic => Parts.Count == 0 || Parts.Any(part => part.Transition.IsErgodic);

    public override bool IsTuned => Parts.Any(part => part.Transition.IsTuned);

    public override bool UsesFlow => Parts.Any(part => part.Transition.UsesFlow);

    public override bool UsesHeatBath => Parts.Any(part => part.Transition.UsesHeatBath);

    public override bool KnowsDensity => Parts[^1].Transition.KnowsDensity;

    public override bool IsDefensive => Parts.Any(part => part.Transition.IsDefensive);

    public override bool HasTrajectories => Parts.Any(part => part.Transition.HasTrajectories);

    public override bool CanReject => Parts[^1].Transition.CanReject;

    public override IEnumerable<HmcSettings> Trajectories => Parts.SelectMany(part => part.Transition.Trajectories);

    public override ITransition Create(TransitionSources sources) => MixturePart.Round(Parts, sources);

    public override void WriteTo(TomlTable table) => table.Add(("parts", MixturePart.WriteAll(Parts)));
}

/// <summary><see cref="Transition"/>, <see cref="Repeat"/> times in each round of a mixture.</summary>
public sealed record MixturePart(TransitionSettings Transition, int Repeat)
{
    private static string[] Keys => ["sampler", "repeat", .. SamplerRegistry.Keys];

    /// <summary>The parts of a transition; an example says how to give them where there are none.</summary>
    public static ValueList<MixturePart> ReadAll(SectionReader reader, TheorySettings theory, Choice<SamplerKind> kinds, string example, string key = "parts")
    {
        var parts = reader.Tables(key, Keys);
        if (reader.IsMissingOrEmpty(key)) reader.Fail(key, $"is missing or empty: give them, for example {example}");
        List<MixturePart> read = [];
        foreach (var part in parts ?? [])
        {
            if (part.RequiredOneOf("sampler", kinds) is not { } kind) continue;
            read.Add(new(kind.Read(part, theory), part.Integer("repeat", 1, 1, 1_000_000)));
            part.Close($"the sampler \"{kind.Name}\"");
        }
        return [.. read];
    }

    /// <summary>The parts one after the other; one alone has the finer record of what it did.</summary>
    public static ITransition Round(IReadOnlyList<MixturePart> parts, TransitionSources sources) => parts is [{ Repeat: 1 } only]
        ? only.Transition.Create(sources)
        : new Mixture([.. parts.Select(part => (part.Transition.Create(sources), part.Repeat))]);

    public static TomlNode WriteAll(IEnumerable<MixturePart> parts) => Array(parts.Select(part =>
    {
        var written = Table(("sampler", Of(part.Transition.Kind.Name)), ("repeat", Of((long)part.Repeat)));
        part.Transition.WriteTo(written);
        return written;
    }));
}

using LatticeFlow.Cli.Services;
using LatticeFlow.Sampling;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>Independence Metropolis with the flow as its proposal, or with a mixture of it and of a <see cref="Defensive"/> prior.</summary>
public sealed record FlowTransitionSettings : TransitionSettings
{
    public static readonly string[] DefensiveKeys = ["share", .. PriorSettings.Keys];

    public static SamplerKind Sampler { get; } = new("flow", ["defensive"], Read) { IsPart = true };

    public override SamplerKind Kind => Sampler;

    public override bool UsesFlow => true;

    public override bool KnowsDensity => true;

    public override bool IsDefensive => Defensive is not null;

    /// <summary>The other part of the proposals; null: there is none.</summary>
    public PriorSettings? Defensive { get; init; }

    /// <summary>Share of the proposals that come from <see cref="Defensive"/>.</summary>
    public double DefensiveShare { get; init; }

    public override ITransition Create(TransitionSources sources) => new FlowMetropolis(sources.Proposals(this), TransitionFactory.ProposalsOfDraw);

    public override void WriteTo(TomlTable table)
    {
        if (Defensive is { } prior) table.Add(("defensive", prior.Write(("share", Of(DefensiveShare)))));
    }

    private static FlowTransitionSettings Read(SectionReader sample, TheorySettings theory)
    {
        if (sample.Table("defensive", DefensiveKeys) is not { } reader) return new();
        var settings = new FlowTransitionSettings
        {
            DefensiveShare = reader.Number("share", 0.1, value => value is > 0 and < 1, "greater than 0 and less than 1"),
            Defensive = PriorSettings.ReadKind(reader, theory),
        };
        reader.Close();
        return settings;
    }
}

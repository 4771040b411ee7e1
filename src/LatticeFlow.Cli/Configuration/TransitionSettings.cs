using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

public enum SamplerKind { Flow, Hmc, FlowHmc, Heatbath, Mixture, Tempering }

/// <summary>One Markov transition: what a sampler repeats.</summary>
public abstract record TransitionSettings
{
    public static readonly Choice<SamplerKind> Kinds = new(
        ("flow", SamplerKind.Flow), ("hmc", SamplerKind.Hmc), ("flow-hmc", SamplerKind.FlowHmc), ("heatbath", SamplerKind.Heatbath), ("mixture", SamplerKind.Mixture),
        ("tempering", SamplerKind.Tempering));

    /// <summary>The keys of all transitions; each reads its own and refuses the rest.</summary>
    public static readonly string[] Keys = ["integrator", "trajectory_length", "length_spread", "steps", "acceptance", "inner_scales", "overrelaxation", "parts", "strengths", "defensive"];

    public abstract SamplerKind Kind { get; }

    /// <summary>True when the transition tunes itself, which it may do during thermalization only.</summary>
    public virtual bool IsTuned => false;

    public virtual bool UsesFlow => false;

    /// <summary>Whether single links are drawn from their distribution given all others.</summary>
    public virtual bool UsesHeatBath => false;

    /// <summary>All trajectories of the transition, in order.</summary>
    public IEnumerable<HmcSettings> Trajectories => this switch
    {
        HmcSettings hmc => [hmc],
        MixtureSettings mixture => mixture.Parts.SelectMany(part => part.Transition.Trajectories),
        TemperingSettings tempering => tempering.Parts.SelectMany(part => part.Transition.Trajectories),
        _ => [],
    };

    /// <summary>Appends this transition's own keys to a table.</summary>
    public abstract void WriteTo(TomlTable table);

    public static TransitionSettings Read(SamplerKind kind, SectionReader reader, TheorySettings theory) => kind switch
    {
        SamplerKind.Flow => FlowTransitionSettings.Read(reader, theory),
        SamplerKind.Hmc or SamplerKind.FlowHmc => HmcSettings.Read(reader, theory, inFlow: kind == SamplerKind.FlowHmc),
        SamplerKind.Heatbath => HeatbathSettings.Read(reader),
        SamplerKind.Tempering => TemperingSettings.Read(reader, theory),
        _ => MixtureSettings.Read(reader, theory),
    };
}

/// <summary>Independence Metropolis with the flow as its proposal, or with a mixture of it and of a <see cref="Defensive"/> prior.</summary>
public sealed record FlowTransitionSettings : TransitionSettings
{
    public static readonly string[] DefensiveKeys = ["share", .. PriorSettings.Keys];

    public override SamplerKind Kind => SamplerKind.Flow;

    public override bool UsesFlow => true;

    /// <summary>The other part of the proposals; null: there is none.</summary>
    public PriorSettings? Defensive { get; init; }

    /// <summary>Share of the proposals that come from <see cref="Defensive"/>.</summary>
    public double DefensiveShare { get; init; }

    public static FlowTransitionSettings Read(SectionReader sample, TheorySettings theory)
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

    public override void WriteTo(TomlTable table)
    {
        if (Defensive is { } prior) table.Add(("defensive", prior.Write(("share", Of(DefensiveShare)))));
    }
}

/// <summary>One heat-bath sweep over all links, then <see cref="Overrelaxation"/> overrelaxation sweeps.</summary>
public sealed record HeatbathSettings(int Overrelaxation) : TransitionSettings
{
    public override SamplerKind Kind => SamplerKind.Heatbath;

    public override bool UsesHeatBath => true;

    public static HeatbathSettings Read(SectionReader reader) => new(reader.Integer("overrelaxation", 0, 0, 1_000_000));

    public override void WriteTo(TomlTable table) => table.Add(("overrelaxation", Of((long)Overrelaxation)));
}

/// <summary>Several transitions, applied one after the other; the whole round counts as one transition.</summary>
public sealed record MixtureSettings(ValueList<MixturePart> Parts) : TransitionSettings
{
    private static readonly Choice<SamplerKind> PartKinds = new(
        ("flow", SamplerKind.Flow), ("hmc", SamplerKind.Hmc), ("flow-hmc", SamplerKind.FlowHmc), ("heatbath", SamplerKind.Heatbath));

    public override SamplerKind Kind => SamplerKind.Mixture;

    public override bool IsTuned => Parts.Any(part => part.Transition.IsTuned);

    public override bool UsesFlow => Parts.Any(part => part.Transition.UsesFlow);

    public override bool UsesHeatBath => Parts.Any(part => part.Transition.UsesHeatBath);

    public static MixtureSettings Read(SectionReader reader, TheorySettings theory)
        => new(MixturePart.ReadAll(reader, theory, PartKinds, "parts = [ { sampler = \"flow\" }, { sampler = \"hmc\", repeat = 2 } ]"));

    public override void WriteTo(TomlTable table) => table.Add(("parts", MixturePart.WriteAll(Parts)));
}

/// <summary><see cref="Transition"/>, <see cref="Repeat"/> times in each round of a mixture.</summary>
public sealed record MixturePart(TransitionSettings Transition, int Repeat)
{
    private static readonly string[] Keys = ["sampler", "repeat", .. TransitionSettings.Keys];

    /// <summary>The parts of a transition; an example says how to give them where there are none.</summary>
    public static ValueList<MixturePart> ReadAll(SectionReader reader, TheorySettings theory, Choice<SamplerKind> kinds, string example)
    {
        var parts = reader.Tables("parts", Keys);
        if (reader.IsMissingOrEmpty("parts")) reader.Fail("parts", $"is missing or empty: give them, for example {example}");
        List<MixturePart> read = [];
        foreach (var part in parts ?? [])
        {
            if (part.RequiredOneOf("sampler", kinds) is not { } kind) continue;
            read.Add(new(TransitionSettings.Read(kind, part, theory), part.Integer("repeat", 1, 1, 1_000_000)));
            part.Close($"the sampler \"{TransitionSettings.Kinds.Text(kind)}\"");
        }
        return [.. read];
    }

    public static TomlNode WriteAll(IEnumerable<MixturePart> parts) => Array(parts.Select(part =>
    {
        var written = Table(("sampler", Of(TransitionSettings.Kinds.Text(part.Transition.Kind))), ("repeat", Of((long)part.Repeat)));
        part.Transition.WriteTo(written);
        return written;
    }));
}

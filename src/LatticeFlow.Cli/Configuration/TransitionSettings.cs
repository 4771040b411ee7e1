using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

public enum SamplerKind { Flow, Hmc, Heatbath, Mixture }

public enum IntegratorKind { Leapfrog, Omelyan2, ForceGradient4 }

/// <summary>One Markov transition: what a sampler repeats.</summary>
public abstract record TransitionSettings
{
    public static readonly Choice<SamplerKind> Kinds = new(
        ("flow", SamplerKind.Flow), ("hmc", SamplerKind.Hmc), ("heatbath", SamplerKind.Heatbath), ("mixture", SamplerKind.Mixture));

    /// <summary>The keys of all transitions; each reads its own and refuses the rest.</summary>
    public static readonly string[] Keys = ["integrator", "trajectory_length", "steps", "acceptance", "overrelaxation", "parts"];

    public abstract SamplerKind Kind { get; }

    /// <summary>True when the transition tunes itself, which it may do during thermalization only.</summary>
    public virtual bool IsTuned => false;

    public virtual bool UsesFlow => false;

    /// <summary>Whether single links are drawn from their distribution given all others.</summary>
    public virtual bool UsesHeatBath => false;

    /// <summary>Appends this transition's own keys to a table.</summary>
    public abstract void WriteTo(TomlTable table);

    public static TransitionSettings Read(SamplerKind kind, SectionReader reader) => kind switch
    {
        SamplerKind.Flow => new FlowTransitionSettings(),
        SamplerKind.Hmc => HmcSettings.Read(reader),
        SamplerKind.Heatbath => HeatbathSettings.Read(reader),
        _ => MixtureSettings.Read(reader),
    };
}

/// <summary>Independence Metropolis with the flow as its proposal.</summary>
public sealed record FlowTransitionSettings : TransitionSettings
{
    public override SamplerKind Kind => SamplerKind.Flow;

    public override bool UsesFlow => true;

    public override void WriteTo(TomlTable table)
    {
    }
}

/// <summary>Hamiltonian Monte Carlo: either a fixed number of integration steps, or one tuned to an acceptance during thermalization.</summary>
public sealed record HmcSettings(IntegratorKind Integrator, double TrajectoryLength, int? Steps, double? Acceptance) : TransitionSettings
{
    public static readonly Choice<IntegratorKind> Integrators = new(
        ("leapfrog", IntegratorKind.Leapfrog), ("omelyan2", IntegratorKind.Omelyan2), ("force_gradient4", IntegratorKind.ForceGradient4));

    public override SamplerKind Kind => SamplerKind.Hmc;

    public override bool IsTuned => Acceptance is not null;

    public static HmcSettings Read(SectionReader reader)
    {
        var integrator = reader.OneOf("integrator", Integrators, IntegratorKind.Omelyan2);
        var length = reader.Number("trajectory_length", 1, value => value > 0, "greater than 0");
        int? steps = reader.Integer("steps", 10, 1, 1_000_000);
        double? acceptance = reader.Number("acceptance", 0.8, value => value is > 0 and < 1, "between 0 and 1, both excluded");
        if (reader.Has("steps") && reader.Has("acceptance"))
        {
            // What was typed on the command line displaces the alternative that stands in the file.
            var fixedByOption = reader.PlaceOf("steps").IsOption;
            if (fixedByOption == reader.PlaceOf("acceptance").IsOption)
                reader.Fail("acceptance", "excludes steps: fix the number of steps, or give the acceptance to tune it to");
            return new(integrator, length, fixedByOption ? steps : null, fixedByOption ? null : acceptance);
        }
        return reader.Has("acceptance") ? new(integrator, length, null, acceptance) : new(integrator, length, steps, null);
    }

    public override void WriteTo(TomlTable table) => table.Add(("integrator", Of(Integrators.Text(Integrator))),
        ("trajectory_length", Of(TrajectoryLength)), ("steps", Steps is { } steps ? Of((long)steps) : null),
        ("acceptance", Acceptance is { } acceptance ? Of(acceptance) : null));
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
    private static readonly string[] PartKeys = ["sampler", "repeat", .. Keys];

    private static readonly Choice<SamplerKind> PartKinds = new(
        ("flow", SamplerKind.Flow), ("hmc", SamplerKind.Hmc), ("heatbath", SamplerKind.Heatbath));

    public override SamplerKind Kind => SamplerKind.Mixture;

    public override bool IsTuned => Parts.Any(part => part.Transition.IsTuned);

    public override bool UsesFlow => Parts.Any(part => part.Transition.UsesFlow);

    public override bool UsesHeatBath => Parts.Any(part => part.Transition.UsesHeatBath);

    public static MixtureSettings Read(SectionReader reader)
    {
        var parts = reader.Tables("parts", PartKeys);
        if (reader.IsMissingOrEmpty("parts"))
            reader.Fail("parts", "is missing or empty: give them, for example parts = [ { sampler = \"flow\" }, { sampler = \"hmc\", repeat = 2 } ]");
        List<MixturePart> read = [];
        foreach (var part in parts ?? [])
        {
            if (part.RequiredOneOf("sampler", PartKinds) is not { } kind) continue;
            read.Add(new(Read(kind, part), part.Integer("repeat", 1, 1, 1_000_000)));
            part.Close($"the sampler \"{Kinds.Text(kind)}\"");
        }
        return new([.. read]);
    }

    public override void WriteTo(TomlTable table) => table.Add(("parts", Array(Parts.Select(part =>
    {
        var written = Table(("sampler", Of(Kinds.Text(part.Transition.Kind))), ("repeat", Of((long)part.Repeat)));
        part.Transition.WriteTo(written);
        return written;
    }))));
}

/// <summary><see cref="Transition"/>, <see cref="Repeat"/> times in each round of a mixture.</summary>
public sealed record MixturePart(TransitionSettings Transition, int Repeat);

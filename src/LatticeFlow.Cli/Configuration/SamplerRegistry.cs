namespace LatticeFlow.Cli.Configuration;

/// <summary>The samplers that a configuration can name. Adding one adds one line to <see cref="All"/>.</summary>
public static class SamplerRegistry
{
    public static IReadOnlyList<SamplerKind> All { get; } =
        [FlowTransitionSettings.Sampler, HmcSettings.Sampler, HmcSettings.SamplerInFlow, HmcSettings.MicrocanonicalSampler, HeatbathSettings.Sampler, WindingSettings.Sampler, InstantonSettings.Sampler, MixtureSettings.Sampler, TemperingSettings.Sampler, BoundaryTemperingSettings.Sampler, AnnealedSettings.Sampler];

    /// <summary>The words of <c>sampler</c>.</summary>
    public static Choice<SamplerKind> Kinds { get; } = Of(_ => true);

    /// <summary>The words of <c>sampler</c> in a mixture.</summary>
    public static Choice<SamplerKind> Parts { get; } = Of(kind => kind.IsPart);

    /// <summary>The words of <c>sampler</c> on a ladder.</summary>
    public static Choice<SamplerKind> PartsOfLadder { get; } = Of(kind => kind.IsPartOfLadder);

    /// <summary>The keys of all samplers; each reads its own and refuses the rest.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. All.SelectMany(kind => kind.Keys).Distinct()];

    private static Choice<SamplerKind> Of(Func<SamplerKind, bool> belongs) => new([.. All.Where(belongs).Select(kind => (kind.Name, kind))]);
}

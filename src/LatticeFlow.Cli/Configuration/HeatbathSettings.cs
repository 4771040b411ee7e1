using LatticeFlow.Sampling;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>One heat-bath sweep over all links, then <see cref="Overrelaxation"/> overrelaxation sweeps.</summary>
public sealed record HeatbathSettings(int Overrelaxation) : TransitionSettings
{
    public static SamplerKind Sampler { get; } = new("heatbath", ["overrelaxation"], (reader, _) => new HeatbathSettings(reader.Integer("overrelaxation", 0, 0, 1_000_000))) { IsPart = true, IsPartOfLadder = true };

    public override SamplerKind Kind => Sampler;

    public override bool UsesHeatBath => true;

    public override bool CanReject => false;

    public override ITransition Create(TransitionSources sources) => new HeatBath(Overrelaxation);

    public override void WriteTo(TomlTable table) => table.Add(("overrelaxation", Of((long)Overrelaxation)));
}

using LatticeFlow.Sampling;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>Gauge transformations that wind around a square of one of <see cref="Sizes"/>, of U(1) in two dimensions; none stands for the largest square that fits.</summary>
public sealed record WindingSettings(ValueList<int> Sizes) : TransitionSettings
{
    public static SamplerKind Sampler { get; } = new("winding", ["sizes"], Read) { IsPart = true, IsPartOfLadder = true, NeedsOthers = true };

    public override SamplerKind Kind => Sampler;

    public override ITransition Create(TransitionSources sources) => new WindingUpdate([.. Sizes]);

    public override void WriteTo(TomlTable table) => table.Add(("sizes", Sizes.Count == 0 ? null : Of(Sizes)));

    private static WindingSettings Read(SectionReader reader, TheorySettings theory)
    {
        var sizes = reader.Integers("sizes", 1, int.MaxValue) ?? [];
        if (TopologicalSettings.Refuses(reader, theory, Sampler.Name)) return new(sizes);
        var largest = WindingUpdate.LargestSize(theory.Extents);
        if (largest < 1) reader.Fail("sampler", $"\"{Sampler.Name}\" needs extents of at least 3, or the plaquettes around its square meet on the other side: use \"{InstantonSettings.Sampler.Name}\"");
        else if (sizes.Any(size => size > largest)) reader.Fail("sizes", $"holds {sizes.Max()}: the largest square that fits has the side {largest}, two less than the shortest extent");
        return new(sizes);
    }
}

/// <summary>The uniform field of charge ±1 on top of all links, of U(1) in two dimensions.</summary>
public sealed record InstantonSettings : TransitionSettings
{
    public static SamplerKind Sampler { get; } = new("instanton", [], Read) { IsPart = true, IsPartOfLadder = true, NeedsOthers = true };

    public override SamplerKind Kind => Sampler;

    public override ITransition Create(TransitionSources sources) => new InstantonUpdate();

    public override void WriteTo(TomlTable table)
    {
        // It has no keys.
    }

    private static InstantonSettings Read(SectionReader reader, TheorySettings theory)
    {
        TopologicalSettings.Refuses(reader, theory, Sampler.Name);
        return new();
    }
}

/// <summary>Which theories have proposals of topological charge.</summary>
internal static class TopologicalSettings
{
    /// <summary>Whether the theory has none; the error is reported.</summary>
    public static bool Refuses(SectionReader reader, TheorySettings theory, string sampler)
    {
        if (theory.Dimension == 0) return true;
        if (TopologicalRun.Refusal(theory.Field.Name, theory.Dimension) is not { } reason) return false;
        reader.Fail("sampler", $"\"{sampler}\" {reason}");
        return true;
    }
}

using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>The distribution a flow starts from.</summary>
public enum PriorKind { Haar, FreePlaquette }

/// <summary>
/// <c>flow.prior</c>. Haar: every link uniform. Free-plaquette: two-dimensional U(1), SU(2) or SU(3) at <see cref="Beta"/> with one plaquette left free, exact but for that one.
/// </summary>
public sealed record PriorSettings(PriorKind Kind, double Beta = 0)
{
    public static readonly string[] Keys = ["kind", "beta"];
    public static readonly Choice<PriorKind> Kinds = new(("haar", PriorKind.Haar), ("free-plaquette", PriorKind.FreePlaquette));

    public static PriorSettings Read(SectionReader flow, TheorySettings theory)
    {
        if (flow.Table("prior", Keys) is not { } reader) return new(PriorKind.Haar);
        var kind = reader.RequiredOneOf("kind", Kinds);
        if (kind is null) return new(PriorKind.Haar);
        var settings = kind == PriorKind.FreePlaquette
            ? new PriorSettings(kind.Value, reader.Number("beta", theory.Action.Beta, value => value is >= 0 and <= 1e6, "between 0 and 1e6"))
            : new PriorSettings(kind.Value);
        if (kind == PriorKind.FreePlaquette && theory.Dimension is not (0 or 2))
            reader.Fail("kind", "\"free-plaquette\" exists in 2 dimensions only: use \"haar\"");
        reader.Close($"the prior \"{Kinds.Text(kind.Value)}\"");
        return settings;
    }

    public TomlTable Write() => Table(("kind", Of(Kinds.Text(Kind))), ("beta", Kind == PriorKind.FreePlaquette ? Of(Beta) : null));
}

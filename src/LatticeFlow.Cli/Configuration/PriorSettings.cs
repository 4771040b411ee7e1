using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Lattice;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>The distribution a flow starts from.</summary>
public enum PriorKind { Haar, FreePlaquette, Normal }

/// <summary>
/// <c>flow.prior</c>. Haar: every link uniform. Free-plaquette: two-dimensional U(1), SU(2) or SU(3) at <see cref="Beta"/> with one plaquette left free, exact but for that one.
/// Normal: φ(x) of a scalar are independent normal numbers of mean 0 and variance 1.
/// </summary>
public sealed record PriorSettings(PriorKind Kind, double Beta = 0)
{
    public static readonly string[] Keys = ["kind", "beta"];
    public static readonly Choice<PriorKind> Kinds = new(("haar", PriorKind.Haar), ("free-plaquette", PriorKind.FreePlaquette), ("normal", PriorKind.Normal));

    public static PriorSettings Read(SectionReader flow, TheorySettings theory)
    {
        var unless = new PriorSettings(theory.Field.Place == FieldPlace.Links ? PriorKind.Haar : PriorKind.Normal);
        if (flow.Table("prior", Keys) is not { } reader) return unless;
        var settings = ReadKind(reader, theory);
        reader.Close($"the prior \"{Kinds.Text(settings?.Kind ?? unless.Kind)}\"");
        return settings ?? unless;
    }

    /// <summary>Of a table that has the keys of a prior among others; null where its kind is not known, which is reported.</summary>
    public static PriorSettings? ReadKind(SectionReader reader, TheorySettings theory)
    {
        if (reader.RequiredOneOf("kind", Kinds) is not { } kind) return null;
        var settings = kind == PriorKind.FreePlaquette
            ? new PriorSettings(kind, reader.Number("beta", theory.Action.Beta, value => value is >= 0 and <= 1e6, "between 0 and 1e6"))
            : new PriorSettings(kind);
        if (theory.Dimension != 0 && settings.Create().Refusal(new(theory.Field, new LatticeGeometry([.. theory.Extents]))) is { } refusal) reader.Fail("kind", $"cannot be {TomlText.Quote(Kinds.Text(kind))}: {refusal}");
        return settings;
    }

    /// <summary>The prior.</summary>
    public IFlowPrior Create() => Kind switch
    {
        PriorKind.FreePlaquette => new FreePlaquettePrior(Beta),
        PriorKind.Normal => new NormalPrior(),
        _ => new HaarPrior(),
    };

    public TomlTable Write() => Write([]);

    /// <summary>With the other keys of its table before its own.</summary>
    public TomlTable Write(params ReadOnlySpan<(string Name, TomlNode? Value)> others) => Table([.. others, ("kind", Of(Kinds.Text(Kind))), ("beta", Kind == PriorKind.FreePlaquette ? Of(Beta) : null)]);
}

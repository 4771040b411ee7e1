using LatticeFlow.Actions;
using LatticeFlow.Fields;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>The actions that a configuration can name.</summary>
public enum ActionKind { Wilson, Rectangle, Sum, Phi4 }

/// <summary>
/// <c>theory.action</c>. Wilson: S = −(β/N) Σ Re tr P. Rectangle: S = −(β/N) [(1 − 8 c1) Σ Re tr P + c1 Σ Re tr R]. Sum: of the actions <see cref="Terms"/>. Phi4, of a scalar: S = Σ [Σ_μ (∂_μ φ)² + m² φ² + λ φ⁴].
/// With an anisotropy ξ planes that contain direction 0 have their couplings times ξ, the others divided by ξ.
/// </summary>
public sealed record ActionSettings(ActionKind Kind, double Beta = 0, double C1 = 0, double Anisotropy = 1)
{
    public static readonly string[] TermKeys = ["kind", "beta", "c1", "anisotropy", "terms"];
    public static readonly string[] Keys = [.. TermKeys, Phi4Action.MassSquaredName, Phi4Action.LambdaName];
    public static readonly Choice<ActionKind> Kinds = new((WilsonAction.Kind, ActionKind.Wilson), (RectangleAction.Kind, ActionKind.Rectangle), (SumAction.Kind, ActionKind.Sum), (Phi4Action.Kind, ActionKind.Phi4));

    // Beyond, S of a lattice has too few digits left for differences of 1, and sums overflow at last.
    private const double LargestCoupling = 1e9;
    private const double LargestRatio = 1e3;

    /// <summary>The improved actions by name.</summary>
    public static readonly Choice<double> Improvements = new(("symanzik", RectangleAction.Symanzik), ("iwasaki", RectangleAction.Iwasaki), ("dbw2", RectangleAction.Dbw2));

    /// <summary>The actions that a sum adds up; empty for all others.</summary>
    public ValueList<ActionSettings> Terms { get; init; } = [];

    /// <summary>m² of <see cref="ActionKind.Phi4"/>.</summary>
    public double MassSquared { get; init; }

    /// <summary>λ of <see cref="ActionKind.Phi4"/>.</summary>
    public double Lambda { get; init; }

    /// <summary>Whether larger loops than plaquettes are in it.</summary>
    public bool HasRectangles => (Kind == ActionKind.Rectangle && C1 != 0) || Terms.Any(term => term.HasRectangles);

    /// <summary>Parts that may be integrated on different time scales: the terms of a sum, plaquettes and rectangles, or all as one.</summary>
    public int Parts => Kind switch { ActionKind.Sum => Terms.Count, ActionKind.Rectangle => 2, _ => 1 };

    /// <summary>The name of <c>kind</c>.</summary>
    public string Name => Kinds.Text(Kind);

    /// <summary>What the library makes an action of.</summary>
    public ActionDescription Description => Kind switch
    {
        ActionKind.Sum => new(Name, new Dictionary<string, double>()) { Terms = [.. Terms.Select(term => term.Description)] },
        ActionKind.Rectangle => new(Name, new Dictionary<string, double> { ["beta"] = Beta, ["c1"] = C1, ["anisotropy"] = Anisotropy }),
        ActionKind.Phi4 => new(Name, new Dictionary<string, double> { [Phi4Action.MassSquaredName] = MassSquared, [Phi4Action.LambdaName] = Lambda }),
        _ => new(Name, new Dictionary<string, double> { ["beta"] = Beta, ["anisotropy"] = Anisotropy }),
    };

    /// <summary>Whether it is made of loops of links, which have a β and an anisotropy each.</summary>
    private bool HasBeta => Kind is ActionKind.Wilson or ActionKind.Rectangle;

    public static ActionSettings Read(SectionReader theory, FieldType field)
    {
        if (!theory.Has("action")) theory.Fail("action", $"is missing: give it, for example action = {Example(field)}");
        return theory.Table("action", Keys) is { } reader ? Read(reader, field, isTerm: false) : new(Default(field));
    }

    public TomlTable Write() => Table(("kind", Of(Name)), ("beta", HasBeta ? Of(Beta) : null), ("c1", Kind == ActionKind.Rectangle ? WriteC1() : null),
        ("anisotropy", HasBeta ? Of(Anisotropy) : null), ("terms", Kind == ActionKind.Sum ? Array(Terms.Select(term => term.Write())) : null),
        (Phi4Action.MassSquaredName, Kind == ActionKind.Phi4 ? Of(MassSquared) : null), (Phi4Action.LambdaName, Kind == ActionKind.Phi4 ? Of(Lambda) : null));

    private static ActionKind Default(FieldType field) => field == FieldType.Scalar ? ActionKind.Phi4 : ActionKind.Wilson;

    private static string Example(FieldType field) => field == FieldType.Scalar ? "{ kind = \"phi4\", mass_squared = -4.0, lambda = 8.0 }" : "{ kind = \"wilson\", beta = 2.0 }";

    private static ActionSettings Read(SectionReader reader, FieldType field, bool isTerm)
    {
        var text = reader.Text("kind", Kinds.Text(Default(field)));
        var names = ActionRegistry.NamesFor(field);
        if (!Kinds.TryParse(text, out var kind) || !names.Contains(text))
        {
            // Which of the other keys belong to it cannot be said.
            if (Improvements.TryParse(text.Trim().ToLowerInvariant(), out var c1) && names.Contains(RectangleAction.Kind))
                reader.Fail("kind", $"{TomlText.Quote(text)} is a choice of c1: write kind = \"{RectangleAction.Kind}\", c1 = \"{Improvements.Text(c1)}\"");
            else if (ActionRegistry.Names.Contains(text)) reader.Fail("kind", $"{TomlText.Quote(text)} is no action of the field {TomlText.Quote(field.Name)}, which has {string.Join(", ", names.Select(TomlText.Quote))}{OtherField(field)}");
            else reader.FailChoice("kind", reader.PlaceOf("kind"), text, names);
            return new(Default(field));
        }
        var settings = kind switch
        {
            ActionKind.Sum => ReadSum(reader, field),
            ActionKind.Phi4 => ReadPhi4(reader),
            _ => ReadOne(reader, kind, isTerm),
        };
        reader.Close($"the action \"{text}\"");
        return settings;
    }

    private static string OtherField(FieldType field) => field == FieldType.Scalar ? "; leave theory.field out for links of theory.group" : $"; write theory.field = \"{FieldType.Scalar}\" for a scalar";

    private static ActionSettings ReadPhi4(SectionReader reader)
    {
        foreach (var (key, example) in new[] { (Phi4Action.MassSquaredName, "-4.0"), (Phi4Action.LambdaName, "8.0") })
        {
            if (!reader.Has(key)) reader.Fail(key, $"is missing: give it, for example {key} = {example}");
        }
        var massSquared = reader.Number(Phi4Action.MassSquaredName, 1, value => Math.Abs(value) <= LargestCoupling, "between -1e9 and 1e9");
        var lambda = reader.Number(Phi4Action.LambdaName, 1, value => value is >= 0 and <= LargestCoupling, "between 0 and 1e9: below, exp(-S) has no integral");
        if (lambda == 0 && massSquared <= 0)
            reader.Fail(Phi4Action.MassSquaredName, $"must be greater than 0 where {Phi4Action.LambdaName} = 0, or exp(-S) has no integral, not {TomlText.Number(massSquared)}");
        return new(ActionKind.Phi4) { MassSquared = massSquared, Lambda = lambda };
    }

    private static ActionSettings ReadSum(SectionReader reader, FieldType field)
    {
        var terms = reader.Tables("terms", TermKeys);
        if (reader.IsMissingOrEmpty("terms"))
            reader.Fail("terms", "is missing or empty: give them, for example terms = [ { kind = \"wilson\", beta = 2.0 }, { kind = \"rectangle\", beta = 1.0 } ]");
        return new(ActionKind.Sum) { Terms = [.. (terms ?? []).Select(term => Read(term, field, isTerm: true))] };
    }

    private static ActionSettings ReadOne(SectionReader reader, ActionKind kind, bool isTerm)
    {
        if (!reader.Has("beta")) reader.Fail("beta", "is missing: give it, for example beta = 2.0");
        // A term may take away from another.
        var beta = isTerm ? reader.Number("beta", 0, value => Math.Abs(value) <= LargestCoupling, "between -1e9 and 1e9") : reader.Number("beta", 0, value => value is >= 0 and <= LargestCoupling, "between 0 and 1e9");
        var c1 = kind == ActionKind.Rectangle ? reader.NumberOrName("c1", RectangleAction.Symanzik, Improvements) : 0;
        if (Math.Abs(c1) > LargestRatio) reader.Fail("c1", $"must be between -1e3 and 1e3, not {TomlText.Number(c1)}");
        return new(kind, beta, c1, reader.Number("anisotropy", 1, value => value is >= 1 / LargestRatio and <= LargestRatio, "between 1e-3 and 1e3"));
    }

    private TomlNode WriteC1() => Improvements.Name(C1) is { } name ? Of(name) : Of(C1);
}

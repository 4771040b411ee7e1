using LatticeFlow.Actions;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>The actions that a configuration can name.</summary>
public enum ActionKind { Wilson, Rectangle, Sum }

/// <summary>
/// <c>theory.action</c>. Wilson: S = −(β/N) Σ Re tr P. Rectangle: S = −(β/N) [(1 − 8 c1) Σ Re tr P + c1 Σ Re tr R]. Sum: of the actions <see cref="Terms"/>.
/// With an anisotropy ξ planes that contain direction 0 have their couplings times ξ, the others divided by ξ.
/// </summary>
public sealed record ActionSettings(ActionKind Kind, double Beta = 0, double C1 = 0, double Anisotropy = 1)
{
    public static readonly string[] Keys = ["kind", "beta", "c1", "anisotropy", "terms"];
    public static readonly Choice<ActionKind> Kinds = new((WilsonAction.Kind, ActionKind.Wilson), (RectangleAction.Kind, ActionKind.Rectangle), (SumAction.Kind, ActionKind.Sum));

    /// <summary>The improved actions by name.</summary>
    public static readonly Choice<double> Improvements = new(("symanzik", RectangleAction.Symanzik), ("iwasaki", RectangleAction.Iwasaki), ("dbw2", RectangleAction.Dbw2));

    /// <summary>The actions that a sum adds up; empty for all others.</summary>
    public ValueList<ActionSettings> Terms { get; init; } = [];

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
        _ => new(Name, new Dictionary<string, double> { ["beta"] = Beta, ["anisotropy"] = Anisotropy }),
    };

    public static ActionSettings Read(SectionReader theory)
    {
        if (!theory.Has("action")) theory.Fail("action", "is missing: give it, for example action = { kind = \"wilson\", beta = 2.0 }");
        return theory.Table("action", Keys) is { } reader ? Read(reader, isTerm: false) : new(ActionKind.Wilson);
    }

    public TomlTable Write() => Table(("kind", Of(Name)), ("beta", Kind == ActionKind.Sum ? null : Of(Beta)), ("c1", Kind == ActionKind.Rectangle ? WriteC1() : null),
        ("anisotropy", Kind == ActionKind.Sum ? null : Of(Anisotropy)), ("terms", Kind == ActionKind.Sum ? Array(Terms.Select(term => term.Write())) : null));

    private static ActionSettings Read(SectionReader reader, bool isTerm)
    {
        var text = reader.Text("kind", WilsonAction.Kind);
        if (!Kinds.TryParse(text, out var kind))
        {
            // Which of the other keys belong to it cannot be said.
            if (Improvements.TryParse(text.Trim().ToLowerInvariant(), out var c1))
                reader.Fail("kind", $"{TomlText.Quote(text)} is a choice of c1: write kind = \"{RectangleAction.Kind}\", c1 = \"{Improvements.Text(c1)}\"");
            else reader.FailChoice("kind", reader.PlaceOf("kind"), text, Kinds.Texts);
            return new(ActionKind.Wilson);
        }
        var settings = kind == ActionKind.Sum ? ReadSum(reader) : ReadOne(reader, kind, isTerm);
        reader.Close($"the action \"{text}\"");
        return settings;
    }

    private static ActionSettings ReadSum(SectionReader reader)
    {
        var terms = reader.Tables("terms", Keys);
        if (reader.IsMissingOrEmpty("terms"))
            reader.Fail("terms", "is missing or empty: give them, for example terms = [ { kind = \"wilson\", beta = 2.0 }, { kind = \"rectangle\", beta = 1.0 } ]");
        return new(ActionKind.Sum) { Terms = [.. (terms ?? []).Select(term => Read(term, isTerm: true))] };
    }

    private static ActionSettings ReadOne(SectionReader reader, ActionKind kind, bool isTerm)
    {
        if (!reader.Has("beta")) reader.Fail("beta", "is missing: give it, for example beta = 2.0");
        // A term may take away from another.
        var beta = isTerm ? reader.Number("beta", 0, _ => true, "a finite number") : reader.Number("beta", 0, value => value >= 0, "0 or greater");
        var c1 = kind == ActionKind.Rectangle ? reader.NumberOrName("c1", RectangleAction.Symanzik, Improvements) : 0;
        return new(kind, beta, c1, reader.Number("anisotropy", 1, value => value > 0, "greater than 0"));
    }

    private TomlNode WriteC1() => Improvements.Name(C1) is { } name ? Of(name) : Of(C1);
}

using System.Text.RegularExpressions;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary><c>[theory]</c>: group, lattice and action.</summary>
public sealed partial record TheorySettings
{
    public static readonly string[] Keys = ["group", "extents", "action"];
    public static readonly string[] ActionKeys = ["kind", "beta", "c1"];

    private const string BuiltGroup = "U1";
    private const string BuiltAction = "wilson";

    public required string Group { get; init; }

    /// <summary>L_0 … L_{D−1}, D = 2, 3 or 4. Empty only while an invalid file is being read.</summary>
    public required ValueList<int> Extents { get; init; }

    public required ActionSettings Action { get; init; }

    public int Dimension => Extents.Count;

    public long Sites => Extents.Aggregate(1L, (product, extent) => product * extent);

    public static TheorySettings Read(SectionReader reader)
    {
        var settings = new TheorySettings { Group = ReadGroup(reader), Extents = ReadExtents(reader), Action = ReadAction(reader) };
        reader.Close();
        return settings;
    }

    public TomlTable Write() => Table(("group", Of(Group)), ("extents", Of(Extents)),
        ("action", Table(("kind", Of(Action.Kind)), ("beta", Of(Action.Beta)))));

    private static string ReadGroup(SectionReader reader)
    {
        var group = reader.Text("group", BuiltGroup);
        if (SpecialUnitary().IsMatch(group)) reader.Fail("group", $"\"{group}\" is not built yet: available is \"{BuiltGroup}\"");
        else if (group != BuiltGroup) reader.FailChoice("group", reader.PlaceOf("group"), group, [BuiltGroup]);
        return group;
    }

    private static ValueList<int> ReadExtents(SectionReader reader)
    {
        if (!reader.Has("extents")) reader.Fail("extents", "is missing: give it, for example extents = [8, 8]");
        if (reader.Integers("extents", 1, 1 << 20) is not { } extents) return [];
        if (extents.Count is < 2 or > 4)
        {
            reader.Fail("extents", $"must have 2, 3 or 4 entries, one a dimension, not {extents.Count}");
            return [];
        }
        var links = extents.Aggregate((double)extents.Count, (product, extent) => product * extent);
        if (links <= int.MaxValue) return extents;
        reader.Fail("extents", $"make {links:0.##e+0} links, more than the {int.MaxValue} a field can hold");
        return [];
    }

    private static ActionSettings ReadAction(SectionReader reader)
    {
        if (!reader.Has("action")) reader.Fail("action", "is missing: give it, for example action = { kind = \"wilson\", beta = 2.0 }");
        if (reader.Table("action", ActionKeys) is not { } action) return new(BuiltAction, 0);
        var kind = action.Text("kind", BuiltAction);
        if (kind == "rectangle") action.Fail("kind", $"\"rectangle\" is not built yet: available is \"{BuiltAction}\"");
        else if (kind != BuiltAction) action.FailChoice("kind", action.PlaceOf("kind"), kind, [BuiltAction]);
        if (!action.Has("beta")) action.Fail("beta", "is missing: give it, for example beta = 2.0");
        var beta = action.Number("beta", 0, value => value >= 0, "0 or greater");
        action.Close(kind == "rectangle" ? null : "the action \"wilson\"");
        return new(kind, beta);
    }

    [GeneratedRegex(@"^SU([2-9]|[1-9][0-9])\z")]
    private static partial Regex SpecialUnitary();
}

/// <summary>The action. Wilson's, for U(1): S = −β Σ_P cos θ_P.</summary>
public sealed record ActionSettings(string Kind, double Beta);

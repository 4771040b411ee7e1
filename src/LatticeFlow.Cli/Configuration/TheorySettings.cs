using LatticeFlow.Actions;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Reports;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary><c>[theory]</c>: field, lattice and action.</summary>
public sealed record TheorySettings
{
    public static readonly string[] Keys = ["group", "field", "extents", "action"];

    /// <summary>Links of the gauge group <c>theory.group</c>, or what <c>theory.field</c> names.</summary>
    public required FieldType Field { get; init; }

    /// <summary>L_0 … L_{D−1}, D = 2, 3 or 4. Empty only while an invalid file is being read.</summary>
    public required ValueList<int> Extents { get; init; }

    public required ActionSettings Action { get; init; }

    public int Dimension => Extents.Count;

    /// <summary>Size of one configuration as it is stored: an angle a link, a complex matrix a link, a number a site. 0 while the extents are invalid.</summary>
    public long BytesOfConfiguration => Extents.Count == 0 ? 0 : sizeof(double) * Sites * (Field.Place == FieldPlace.Links ? Dimension : 1) * Field.StoredNumbers;

    /// <summary>Numbers of one configuration in memory. 0 while the extents are invalid.</summary>
    public long NumbersOfConfiguration => Extents.Count == 0 ? 0 : Sites * (Field.Place == FieldPlace.Links ? Dimension : 1) * Field.Components;

    public long Sites => Extents.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>As analyses and exact results name it.</summary>
    public TheoryDocument Document => new(Field.Name, Action.Kind, Action.Value("beta") ?? double.NaN, Extents)
    {
        C1 = Action.Value("c1"),
        Anisotropy = Action.Value("anisotropy") ?? 1,
        MassSquared = Action.Value(Phi4Action.MassSquaredName),
        Lambda = Action.Value(Phi4Action.LambdaName),
        IsOpen = !Action.IsTorus,
    };

    public static TheorySettings Read(SectionReader reader)
    {
        var field = ReadField(reader);
        var extents = ReadExtents(reader, field);
        var settings = new TheorySettings { Field = field, Extents = extents, Action = ActionSettings.Read(reader, field, extents) };
        reader.Close();
        return settings;
    }

    public TomlTable Write() => Table((Field is GaugeGroup ? "group" : "field", Of(Field.Name)), ("extents", Of(Extents)), ("action", Action.Write()));

    private static FieldType ReadField(SectionReader reader)
    {
        var group = ReadGroup(reader);
        var name = reader.Text("field", FieldType.Scalar.Name);
        if (!reader.Has("field")) return group;
        if (name != FieldType.Scalar.Name)
        {
            reader.Fail("field", $"must be {TomlText.Quote(FieldType.Scalar.Name)}, not {TomlText.Quote(name)}"
                + (GaugeGroup.All.Any(known => known.Name == name) ? $", which is a gauge group: write group = {TomlText.Quote(name)}" : ""));
        }
        else if (reader.Has("group")) reader.Fail("field", "excludes group: a theory has links of a gauge group, or this field on its sites; leave one of them out");
        return FieldType.Scalar;
    }

    private static GaugeGroup ReadGroup(SectionReader reader)
    {
        var name = reader.Text("group", GaugeGroup.U1.Name);
        if (GaugeGroup.All.FirstOrDefault(group => group.Name == name) is { } found) return found;
        // SU9 is no misspelt SU2.
        var meant = GaugeGroup.All.FirstOrDefault(group => string.Equals(group.Name, string.Concat(name.Where(char.IsAsciiLetterOrDigit)), StringComparison.OrdinalIgnoreCase));
        reader.Fail("group", $"must be {string.Join(", ", GaugeGroup.All.SkipLast(1).Select(group => TomlText.Quote(group.Name)))} or {TomlText.Quote(GaugeGroup.All[^1].Name)}, not {TomlText.Quote(name)}"
            + (meant is not null ? $"; did you mean {TomlText.Quote(meant.Name)}?" : name == FieldType.Scalar.Name ? $", which is no gauge group: write field = {TomlText.Quote(name)}" : ""));
        return GaugeGroup.U1;
    }

    private static ValueList<int> ReadExtents(SectionReader reader, FieldType field)
    {
        if (!reader.Has("extents")) reader.Fail("extents", "is missing: give it, for example extents = [8, 8]");
        if (reader.Integers("extents", 1, 1 << 20) is not { } extents) return [];
        if (extents.Count is < 2 or > 4)
        {
            reader.Fail("extents", $"must have 2, 3 or 4 entries, one a dimension, not {extents.Count}");
            return [];
        }
        var links = extents.Aggregate((double)extents.Count, (product, extent) => product * extent);
        if (links * field.Components <= int.MaxValue) return extents;
        reader.Fail("extents", field.Place == FieldPlace.Sites ? $"make {links:0.##e+0} pairs of neighbours, more than the {int.MaxValue} that a lattice can have"
            : field.Components == 1
            ? $"make {links:0.##e+0} links, more than the {int.MaxValue} a field can hold"
            : $"make {links:0.##e+0} links of {field.Components} numbers each, more than the {int.MaxValue} numbers a field can hold");
        return [];
    }
}

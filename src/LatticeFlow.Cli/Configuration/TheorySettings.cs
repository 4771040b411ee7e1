using LatticeFlow.Groups;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary><c>[theory]</c>: group, lattice and action.</summary>
public sealed record TheorySettings
{
    public static readonly string[] Keys = ["group", "extents", "action"];

    /// <summary>A name of <see cref="GaugeGroup.All"/>.</summary>
    public required string Group { get; init; }

    /// <summary>L_0 … L_{D−1}, D = 2, 3 or 4. Empty only while an invalid file is being read.</summary>
    public required ValueList<int> Extents { get; init; }

    public required ActionSettings Action { get; init; }

    public int Dimension => Extents.Count;

    public GaugeGroup GaugeGroup => GaugeGroup.Named(Group);

    /// <summary>Size of the links of one configuration as they are stored: an angle a link, or a complex matrix. 0 while the extents are invalid.</summary>
    public long BytesOfConfiguration => Extents.Count == 0 ? 0 : sizeof(double) * Sites * Dimension * (Group == GaugeGroup.U1.Name ? 1 : 2L * GaugeGroup.Order * GaugeGroup.Order);

    public long Sites => Extents.Aggregate(1L, (product, extent) => product * extent);

    public static TheorySettings Read(SectionReader reader)
    {
        var group = ReadGroup(reader);
        var settings = new TheorySettings { Group = group.Name, Extents = ReadExtents(reader, group), Action = ActionSettings.Read(reader) };
        reader.Close();
        return settings;
    }

    public TomlTable Write() => Table(("group", Of(Group)), ("extents", Of(Extents)), ("action", Action.Write()));

    private static GaugeGroup ReadGroup(SectionReader reader)
    {
        var name = reader.Text("group", GaugeGroup.U1.Name);
        if (GaugeGroup.All.FirstOrDefault(group => group.Name == name) is { } found) return found;
        // SU9 is no misspelt SU2.
        var meant = GaugeGroup.All.FirstOrDefault(group => string.Equals(group.Name, string.Concat(name.Where(char.IsAsciiLetterOrDigit)), StringComparison.OrdinalIgnoreCase));
        reader.Fail("group", $"must be {string.Join(", ", GaugeGroup.All.SkipLast(1).Select(group => TomlText.Quote(group.Name)))} or {TomlText.Quote(GaugeGroup.All[^1].Name)}, not {TomlText.Quote(name)}"
            + (meant is null ? "" : $"; did you mean {TomlText.Quote(meant.Name)}?"));
        return GaugeGroup.U1;
    }

    private static ValueList<int> ReadExtents(SectionReader reader, GaugeGroup group)
    {
        if (!reader.Has("extents")) reader.Fail("extents", "is missing: give it, for example extents = [8, 8]");
        if (reader.Integers("extents", 1, 1 << 20) is not { } extents) return [];
        if (extents.Count is < 2 or > 4)
        {
            reader.Fail("extents", $"must have 2, 3 or 4 entries, one a dimension, not {extents.Count}");
            return [];
        }
        var links = extents.Aggregate((double)extents.Count, (product, extent) => product * extent);
        if (links * group.Components <= int.MaxValue) return extents;
        reader.Fail("extents", group.Components == 1
            ? $"make {links:0.##e+0} links, more than the {int.MaxValue} a field can hold"
            : $"make {links:0.##e+0} links of {group.Components} numbers each, more than the {int.MaxValue} numbers a field can hold");
        return [];
    }
}

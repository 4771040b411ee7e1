using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Groups;

namespace LatticeFlow.Cli.Configuration;

/// <summary>The names <c>analyze.observables</c> accepts. A new observable is one line here.</summary>
public static partial class ObservableName
{
    /// <summary>Fixed names, and whether each exists for U(1) in two dimensions only.</summary>
    private static readonly (string Name, bool OfPlaneAngles)[] Fixed =
    [
        ("plaquette", false),
        ("topological_charge", true),
        ("topological_charge_squared", true),
        ("polyakov_re", false),
        ("polyakov_im", false),
        ("polyakov_abs", false),
    ];

    /// <summary>Every name, patterns with their letters.</summary>
    public static IEnumerable<string> Patterns => Fixed.Select(name => name.Name).Append("wilson_loop_RxT");

    /// <summary>What is wrong with a name in this theory, or null. Extents may be empty: then they are not checked.</summary>
    public static string? Problem(string name, TheorySettings theory)
    {
        var extents = theory.Extents;
        if (WilsonLoop().Match(name) is { Success: true } loop)
        {
            var longest = loop.Groups.Cast<Group>().Skip(1).Max(side => int.Parse(side.ValueSpan, CultureInfo.InvariantCulture));
            return extents.Count == 0 || longest <= extents.Max() ? null : $"\"{name}\" does not fit on the lattice: sides are at most {extents.Max()}";
        }
        var known = Array.Find(Fixed, candidate => candidate.Name == name);
        if (known.Name is not null)
        {
            if (!known.OfPlaneAngles) return null;
            if (theory.Group != GaugeGroup.U1.Name) return $"\"{name}\" exists for U1 in 2 dimensions only, where it is an integer; the group is {theory.Group}";
            return extents.Count > 2 ? $"\"{name}\" exists in 2 dimensions only" : null;
        }
        var nearest = Suggestion.Nearest(name, Patterns);
        return $"{TomlText.Quote(name)} is not known" + (nearest is null ? $"; known are {string.Join(", ", Patterns)}" : $"; did you mean \"{nearest}\"?");
    }

    [GeneratedRegex(@"^wilson_loop_([1-9][0-9]{0,5})x([1-9][0-9]{0,5})\z")]
    private static partial Regex WilsonLoop();
}

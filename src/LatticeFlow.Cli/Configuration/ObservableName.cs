using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;

namespace LatticeFlow.Cli.Configuration;

/// <summary>Whether <c>analyze.observables</c> may name an observable: what there is, the registry of the library knows.</summary>
public static partial class ObservableName
{
    // Names and their numbers are the same on every lattice.
    private static readonly LatticeGeometry AnyLattice = new(4, 4);

    /// <summary>What is wrong with a name in this theory, or null. Extents may be empty: then they are not checked.</summary>
    public static string? Problem(string name, TheorySettings theory)
    {
        var extents = theory.Extents;
        if (extents.Count > 0 && WilsonLoop().Match(name) is { Success: true } loop
            && loop.Groups.Values.Skip(1).Max(side => int.Parse(side.ValueSpan, CultureInfo.InvariantCulture)) > extents.Max())
        {
            return $"\"{name}\" does not fit on the lattice: sides are at most {extents.Max()}";
        }
        try
        {
            ObservableRegistry.Create(name, extents.Count > 0 ? new([.. extents]) : AnyLattice, theory.GaugeGroup);
            return null;
        }
        catch (NotSupportedException exception)
        {
            return extents.Count > 0 ? exception.Message.Replace($"observable '{name}': it ", $"\"{name}\" ", StringComparison.Ordinal).TrimEnd('.') : null;
        }
        catch (ArgumentException exception)
        {
            if (!exception.Message.StartsWith($"observable '{name}' is unknown", StringComparison.Ordinal)) return exception.Message.TrimEnd('.');
            var nearest = Suggestion.Nearest(name, ObservableRegistry.Names);
            return $"{TomlText.Quote(name)} is not known" + (nearest is not null ? $"; did you mean \"{nearest}\"?"
                : $"; known are {string.Join(", ", ObservableRegistry.Names)}, and each with {string.Join(", ", ObservableRegistry.Suffixes)}");
        }
    }

    [GeneratedRegex(@"^wilson_loop_(?:temporal_)?([1-9][0-9]{0,5})x([1-9][0-9]{0,5})")]
    private static partial Regex WilsonLoop();
}

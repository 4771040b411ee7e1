using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Fields;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;

namespace LatticeFlow.Cli.Configuration;

/// <summary>Whether <c>analyze.observables</c> may name an observable: what there is, the registry of the library knows.</summary>
public static partial class ObservableName
{
    // Names and their numbers are the same on every lattice.
    private static readonly LatticeGeometry AnyLattice = new(4, 4);

    // What the analysis makes of observables, and of which.
    private static readonly (string Name, string From)[] Derived =
    [
        ("creutz_ratio", "Wilson loops RxT, (R-1)xT, Rx(T-1) and (R-1)x(T-1)"),
        ("static_potential", "wilson_loop_temporal_RxT and wilson_loop_temporal_Rx(T+1)"),
        ("polyakov_susceptibility", "polyakov_abs"),
        ("topological_susceptibility", "topological_charge_squared (U1 in two dimensions) or clover_charge_flowT"),
        ("clover_susceptibility", "clover_charge with the same suffix"),
        ("susceptibility", "magnetization_abs"), ("binder_cumulant", "magnetization_squared"), ("correlation_length", "two_point"),
        ("flow_t0", "flow_energy_T"), ("flow_w0", "flow_energy_T"), ("t0", "flow_energy_T"), ("w0", "flow_energy_T"),
    ];

    /// <summary>What is wrong with a name in this theory, or null. Extents may be empty: then they are not checked.</summary>
    public static string? Problem(string name, TheorySettings theory) => Problem(name, theory.Field, theory.Extents);

    /// <summary>As above, of a field on a lattice.</summary>
    public static string? Problem(string name, FieldType field, IReadOnlyList<int> extents)
    {
        if (extents.Count > 0 && WilsonLoop().Match(name) is { Success: true } loop
            && loop.Groups.Values.Skip(1).Max(side => int.Parse(side.ValueSpan, CultureInfo.InvariantCulture)) > extents.Max())
        {
            return $"\"{name}\" does not fit on the lattice: sides are at most {extents.Max()}";
        }
        try
        {
            ObservableRegistry.Create(name, extents.Count > 0 ? new([.. extents]) : AnyLattice, field);
            return null;
        }
        catch (NotSupportedException exception)
        {
            return extents.Count > 0 ? RefusedName().Replace(exception.Message, $"\"{name}\" ").TrimEnd('.') : null;
        }
        catch (ArgumentException exception)
        {
            if (!exception.Message.StartsWith($"observable '{name}' is unknown", StringComparison.Ordinal))
                return exception.Message.Split(" (Parameter ")[0].Replace($"observable '{name}'", $"\"{name}\"", StringComparison.Ordinal).TrimEnd('.');
            if (OffGrid().IsMatch(name)) return $"{TomlText.Quote(name)} names a flow time between two steps: use a multiple of 0.1";
            if (Derived.FirstOrDefault(quantity => name.StartsWith(quantity.Name, StringComparison.Ordinal)) is { Name: not null } derived)
                return $"{TomlText.Quote(name)} is not measured but derived by the analysis: name {derived.From} instead, and it is added";
            var nearest = Suggestion.Nearest(name, ObservableRegistry.NamesFor(field));
            return $"{TomlText.Quote(name)} is not known" + (nearest is not null ? $"; did you mean \"{nearest}\"?"
                : $"; {ObservableRegistry.Available(field)}");
        }
    }

    // Of smeared links the refusal names the observable without its suffix.
    [GeneratedRegex(@"^observable '[^']*': it ")]
    private static partial Regex RefusedName();

    [GeneratedRegex(@"(?:_flow|^flow_energy_)[0-9]{1,4}\.[0-9]{2,}\z")]
    private static partial Regex OffGrid();

    [GeneratedRegex(@"^wilson_loop_(?:temporal_)?([1-9][0-9]{0,5})x([1-9][0-9]{0,5})")]
    private static partial Regex WilsonLoop();
}

using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>The observables that a configuration can name. Adding one adds one line here.</summary>
public static class ObservableRegistry
{
    /// <summary>Name pattern, how it is shown, and constructor of every observable; R and T are the numbers in the name.</summary>
    private static readonly (string Shown, string Pattern, Func<LatticeGeometry, int[], IFieldObservable> Construct)[] Entries =
    [
        ("plaquette", "plaquette", (_, _) => WilsonLoop.Plaquette()),
        ("topological_charge", "topological_charge", (lattice, _) => TopologicalCharge.Charge(lattice)),
        ("topological_charge_squared", "topological_charge_squared", (lattice, _) => TopologicalCharge.Squared(lattice)),
        ("wilson_loop_RxT", "wilson_loop_([0-9]{1,4})x([0-9]{1,4})", (_, sides) => new WilsonLoop(sides[0], sides[1])),
        ("polyakov_re", "polyakov_re", (lattice, _) => PolyakovLoop.Real(lattice.Dimensions)),
        ("polyakov_im", "polyakov_im", (lattice, _) => PolyakovLoop.Imaginary(lattice.Dimensions)),
        ("polyakov_abs", "polyakov_abs", (lattice, _) => PolyakovLoop.Absolute(lattice.Dimensions)),
    ];

    /// <summary>The names, with R and T for numbers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(entry => entry.Shown)];

    /// <summary>The observable of this name on this lattice.</summary>
    /// <exception cref="ArgumentException">It is unknown; the message lists what there is.</exception>
    /// <exception cref="NotSupportedException">It is not defined on this lattice.</exception>
    public static IFieldObservable Create(string name, LatticeGeometry lattice)
    {
        foreach (var (_, pattern, construct) in Entries)
        {
            var match = Regex.Match(name, $"^{pattern}$", RegexOptions.CultureInvariant);
            if (match.Success) return construct(lattice, [.. match.Groups.Values.Skip(1).Select(group => int.Parse(group.Value, CultureInfo.InvariantCulture))]);
        }

        throw new ArgumentException($"observable '{name}' is unknown: there is {string.Join(", ", Names)} (R and T are numbers).");
    }
}

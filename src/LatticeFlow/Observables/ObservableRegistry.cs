using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Smearing;

namespace LatticeFlow.Observables;

/// <summary>The observables that a configuration can name. Adding one adds one line here.</summary>
public static class ObservableRegistry
{
    private const string Loop = "([0-9]{1,4})x([0-9]{1,4})";
    private const string Time = @"([0-9]{1,4}(?:\.[0-9])?)";

    /// <summary>How the name is shown, its pattern, what it is defined for, and its constructor; R, T and N are the numbers in the name. Then, if it has one, its symbol in tables and figures.</summary>
    private static readonly Entry[] Entries =
    [
        new("plaquette", "plaquette", Domain.Links, (_, _) => WilsonLoop.Plaquette(), ByDefault: true),
        new("topological_charge", "topological_charge", Domain.U1InTwo, (lattice, _) => TopologicalCharge.Charge(lattice), _ => "Q", ByDefault: true),
        new("topological_charge_squared", "topological_charge_squared", Domain.U1InTwo, (lattice, _) => TopologicalCharge.Squared(lattice), _ => "Q²", ByDefault: true),
        new("wilson_loop_RxT", $"wilson_loop_{Loop}", Domain.Links, (_, sides) => new WilsonLoop((int)sides[0], (int)sides[1]), sides => $"W({sides[0]}×{sides[1]})"),
        new("wilson_loop_temporal_RxT", $"wilson_loop_temporal_{Loop}", Domain.Links, (_, sides) => WilsonLoop.Temporal((int)sides[0], (int)sides[1]), sides => $"W_t({sides[0]}×{sides[1]})"),
        new("polyakov_re", "polyakov_re", Domain.Links, (lattice, _) => PolyakovLoop.Real(lattice.Dimensions), _ => "Re P"),
        new("polyakov_im", "polyakov_im", Domain.Links, (lattice, _) => PolyakovLoop.Imaginary(lattice.Dimensions), _ => "Im P"),
        new("polyakov_abs", "polyakov_abs", Domain.Links, (lattice, _) => PolyakovLoop.Absolute(lattice.Dimensions), _ => "|P|"),
        new("polyakov_projected", "polyakov_projected", Domain.Links, (lattice, _) => PolyakovLoop.Projected(lattice.Dimensions), _ => "P, projected"),
        new("clover_energy", "clover_energy", Domain.Links, (_, _) => new CloverEnergy(), _ => "E"),
        new("clover_charge", "clover_charge", Domain.SUNInFour, (lattice, _) => new CloverCharge(lattice), _ => "Q (clover)"),
        new("flow_energy_T", $"flow_energy_{Time}", Domain.Links, (_, time) => new FlowEnergy(time[0]), time => $"E(t = {time[0]})", Reported: count => count - 1),
        new("phi_squared", "phi_squared", Domain.Scalar, (_, _) => ScalarMoment.PhiSquared(), _ => "φ²", ByDefault: true),
        new("magnetization_squared", "magnetization_squared", Domain.Scalar, (_, _) => ScalarMoment.MagnetizationSquared(), _ => "V M²", ByDefault: true),
        new("magnetization_abs", "magnetization_abs", Domain.Scalar, (_, _) => ScalarMoment.MagnetizationAbsolute(), _ => "|M|", ByDefault: true),
        new("magnetization_fourth", "magnetization_fourth", Domain.Scalar, (_, _) => ScalarMoment.MagnetizationFourth(), _ => "V² M⁴"),
        new(TwoPointFunction.Kind, TwoPointFunction.Kind, Domain.Scalar, (lattice, _) => new TwoPointFunction(lattice), _ => "C(0)", ByDefault: true),
    ];

    /// <summary>What can follow a name, with N steps or to the flow time T, a multiple of 0.1.</summary>
    private static readonly (string Shown, string Pattern, Func<double, (LinkSmearing Smearing, int Steps)> Construct)[] Smearings =
    [
        ("_apeN", "_ape([0-9]{1,4})", n => (new ApeSmearing(ApeSmearing.NamedAlpha), (int)n)),
        ("_stoutN", "_stout([0-9]{1,4})", n => (new StoutSmearing(StoutSmearing.NamedRho), (int)n)),
        ("_spatial_apeN", "_spatial_ape([0-9]{1,4})", n => (new ApeSmearing(ApeSmearing.NamedAlpha, SmearedDirections.Spatial), (int)n)),
        ("_spatial_stoutN", "_spatial_stout([0-9]{1,4})", n => (new StoutSmearing(StoutSmearing.NamedRho, SmearedDirections.Spatial), (int)n)),
        ("_flowT", $"_flow{Time}", t => (GradientFlow.Named, FlowTimes.Named.StepsTo(t))),
    ];

    /// <summary>What an observable is defined for.</summary>
    private enum Domain
    {
        Links,
        U1InTwo,
        SUNInFour,
        Scalar,
    }

    /// <summary>All names, with R, T and N for numbers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(entry => entry.Shown)];

    /// <summary>The names for a field, on some lattice of it.</summary>
    public static IReadOnlyList<string> NamesFor(FieldType field) => [.. Entries.Where(entry => (entry.Domain == Domain.Scalar) == (field == FieldType.Scalar)).Select(entry => entry.Shown)];

    /// <summary>What may be added to a name to measure on smeared links, with N for steps and T for a flow time.</summary>
    public static IReadOnlyList<string> Suffixes { get; } = [.. Smearings.Select(smearing => smearing.Shown)];

    /// <summary>What is measured where nothing is asked for.</summary>
    public static IReadOnlyList<string> DefaultsFor(FieldType field, int dimensions) => [.. Entries.Where(entry => entry.ByDefault && IsFor(entry.Domain, field, dimensions)).Select(entry => entry.Shown)];

    /// <summary>The symbol of an observable in tables and figures, or its name; null of what is no observable without smearing.</summary>
    public static string? Symbol(string name) => Of(name, out var numbers) is { } entry ? entry.Symbol?.Invoke(numbers) ?? name : null;

    /// <summary>Which of so many numbers a configuration is shown in tables: of flow energies up to T the one at T; of others, as Polyakov loops in every direction, the first.</summary>
    public static int Reported(string name, int components) => Of(name, out _)?.Reported?.Invoke(components) ?? 0;

    /// <summary>The observable of this name for this field on this lattice.</summary>
    /// <exception cref="ArgumentException">It is unknown, or its numbers are no good; the message lists what there is.</exception>
    /// <exception cref="NotSupportedException">It is not defined for this field on this lattice.</exception>
    public static IFieldObservable Create(string name, LatticeGeometry lattice, FieldType field)
    {
        var observable = Find(name, lattice, field);
        return observable.Name == name ? observable : throw new ArgumentException($"observable '{name}' is written {observable.Name}.");
    }

    private static IFieldObservable Find(string name, LatticeGeometry lattice, FieldType field)
    {
        foreach (var (_, pattern, construct) in Smearings)
        {
            var match = Regex.Match(name, $@"^(.+?){pattern}\z", RegexOptions.CultureInvariant);
            if (!match.Success || Unsmeared(match.Groups[1].Value, lattice, field) is not { } observable) continue;
            if (observable is not ILinkObservable) throw new NotSupportedException($"observable '{name}': it is defined without a suffix only: the field '{field}' has no links that could be smeared.");
            var (smearing, steps) = construct(double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
            if (smearing.Directions == SmearedDirections.Spatial && lattice.Dimensions < 3)
                throw new NotSupportedException($"observable '{name}': a lattice of {lattice} has no planes of two spatial directions to smear in.");
            return new SmearedObservable(observable, smearing, steps);
        }

        return Unsmeared(name, lattice, field)
            ?? throw new ArgumentException($"observable '{name}' is unknown: {Available(field)}.");
    }

    /// <summary>What there is for a field, in words.</summary>
    public static string Available(FieldType field) => $"there is {string.Join(", ", NamesFor(field))}"
        + (field == FieldType.Scalar ? "" : $", and each with {string.Join(", ", Suffixes)} (R, T and N are numbers)");

    private static IFieldObservable? Unsmeared(string name, LatticeGeometry lattice, FieldType field)
    {
        foreach (var entry in Entries)
        {
            var match = Regex.Match(name, $@"^{entry.Pattern}\z", RegexOptions.CultureInvariant);
            if (!match.Success) continue;
            if ((entry.Domain == Domain.Scalar) != (field == FieldType.Scalar))
            {
                throw new NotSupportedException(
                    $"observable '{name}': it is defined for {(entry.Domain == Domain.Scalar ? $"the field '{FieldType.Scalar}'" : "links of a gauge group")}; of '{field}' {Available(field)}.");
            }

            if (entry.Domain == Domain.U1InTwo && (field != GaugeGroup.U1 || lattice.Dimensions != 2))
                throw new NotSupportedException($"observable '{name}': it is defined for U1 in two dimensions; this is {field} on {lattice}. In four dimensions there is clover_charge.");
            if (entry.Domain == Domain.SUNInFour && (field == GaugeGroup.U1 || lattice.Dimensions != 4))
                throw new NotSupportedException($"observable '{name}': it is defined for SU(N) in four dimensions; this is {field} on {lattice}.");
            return entry.Construct(lattice, [.. match.Groups.Values.Skip(1).Select(number => double.Parse(number.Value, CultureInfo.InvariantCulture))]);
        }

        return null;
    }

    private static bool IsFor(Domain domain, FieldType field, int dimensions) => domain switch
    {
        Domain.Scalar => field == FieldType.Scalar,
        Domain.U1InTwo => field == GaugeGroup.U1 && dimensions == 2,
        Domain.SUNInFour => field is GaugeGroup && field != GaugeGroup.U1 && dimensions == 4,
        _ => field is GaugeGroup,
    };

    private static Entry? Of(string name, out string[] numbers)
    {
        foreach (var entry in Entries)
        {
            var match = Regex.Match(name, $@"^{entry.Pattern}\z", RegexOptions.CultureInvariant);
            if (!match.Success) continue;
            numbers = [.. match.Groups.Values.Skip(1).Select(group => group.Value)];
            return entry;
        }

        numbers = [];
        return null;
    }

    private sealed record Entry(
        string Shown, string Pattern, Domain Domain, Func<LatticeGeometry, double[], IFieldObservable> Construct, Func<string[], string>? Symbol = null, Func<int, int>? Reported = null, bool ByDefault = false);
}

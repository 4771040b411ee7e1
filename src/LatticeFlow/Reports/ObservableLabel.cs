using System.Text.RegularExpressions;
using LatticeFlow.Observables;

namespace LatticeFlow.Reports;

/// <summary>Observable names as symbols for tables and axes; all are in lattice units.</summary>
internal static partial class ObservableLabel
{
    public static string Symbol(string name)
    {
        if (Smeared().Match(name) is not { Success: true } match)
            return Plain(name);
        string spatial = match.Groups[2].Success ? "spatial " : "";
        string kind = match.Groups[3].Value switch { "ape" => "APE ", "stout" => "stout ", _ => "t = " };
        return $"{Plain(match.Groups[1].Value)}, {spatial}{kind}{match.Groups[4].Value}";
    }

    private static string Plain(string name) => ObservableRegistry.Symbol(name) ?? Derived(name);

    // What the analysis makes of observables, and what comes with the files of other codes.
    private static string Derived(string name) => name switch
    {
        EnsembleAnalysis.Susceptibility => "χ = ⟨Q²⟩/V",
        DerivedQuantities.PolyakovBinder => "U_P = 1 − ⟨|P|⁴⟩/3⟨|P|²⟩²",
        DerivedQuantities.CloverSusceptibility => "⟨Q²⟩/V (clover)",
        DerivedQuantities.PolyakovSusceptibility => "χ_P",
        DerivedQuantities.FlowT0 => "t₀",
        DerivedQuantities.FlowW0 => "w₀",
        "link_trace" => "link trace",
        ScalarQuantities.Susceptibility => "χ = V(⟨M²⟩ − ⟨|M|⟩²)",
        ScalarQuantities.BinderCumulant => "U = 1 − ⟨M⁴⟩/3⟨M²⟩²",
        ScalarQuantities.CorrelationLength => "ξ",
        _ => Sided(name, "creutz_ratio_", "χ") ?? Sided(name, "static_potential_", "V") ?? name,
    };

    private static string? Sided(string name, string prefix, string symbol)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        bool temporal = name[prefix.Length..].StartsWith("temporal_", StringComparison.Ordinal);
        string sides = name[(prefix.Length + (temporal ? "temporal_".Length : 0))..].Replace("x", "×", StringComparison.Ordinal);
        return $"{symbol}{(temporal ? "_t" : "")}({sides})";
    }

    [GeneratedRegex(@"^(.+?)_(spatial_)?(ape|stout|flow)([0-9.]+)\z")]
    private static partial Regex Smeared();
}

using System.Text.RegularExpressions;

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

    private static string Plain(string name) => name switch
    {
        "plaquette" => "plaquette",
        "topological_charge" => "Q",
        "topological_charge_squared" => "Q²",
        EnsembleAnalysis.Susceptibility => "χ = ⟨Q²⟩/V",
        "polyakov_re" => "Re P",
        "polyakov_im" => "Im P",
        "polyakov_abs" => "|P|",
        "polyakov_projected" => "P, projected",
        DerivedQuantities.PolyakovBinder => "U_P = 1 − ⟨|P|⁴⟩/3⟨|P|²⟩²",
        "clover_energy" => "E",
        "clover_charge" => "Q (clover)",
        DerivedQuantities.CloverSusceptibility => "⟨Q²⟩/V (clover)",
        DerivedQuantities.PolyakovSusceptibility => "χ_P",
        DerivedQuantities.FlowT0 => "t₀",
        DerivedQuantities.FlowW0 => "w₀",
        "link_trace" => "link trace",
        "phi_squared" => "φ²",
        "magnetization_squared" => "V M²",
        "magnetization_abs" => "|M|",
        "magnetization_fourth" => "V² M⁴",
        "two_point" => "C(0)",
        ScalarQuantities.Susceptibility => "χ = V(⟨M²⟩ − ⟨|M|⟩²)",
        ScalarQuantities.BinderCumulant => "U = 1 − ⟨M⁴⟩/3⟨M²⟩²",
        ScalarQuantities.CorrelationLength => "ξ",
        // Of the energies up to T the report shows the last as a number, and all as a figure.
        _ when name.StartsWith("flow_energy_", StringComparison.Ordinal) => $"E(t = {name["flow_energy_".Length..]})",
        _ => Sided(name, "creutz_ratio_", "χ") ?? Sided(name, "static_potential_", "V") ?? Sided(name, "wilson_loop_", "W") ?? name,
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

namespace LatticeFlow.Reports;

/// <summary>Observable names as symbols for tables and axes; all are dimensionless (lattice units).</summary>
internal static class ObservableLabel
{
    public static string Symbol(string name) => name switch
    {
        "plaquette" => "plaquette",
        "topological_charge" => "Q",
        "topological_charge_squared" => "Q²",
        EnsembleAnalysis.Susceptibility => "χ = ⟨Q²⟩/V",
        "polyakov_re" => "Re P",
        "polyakov_im" => "Im P",
        "polyakov_abs" => "|P|",
        "clover_energy" => "E",
        "clover_charge" => "Q (clover)",
        DerivedQuantities.PolyakovSusceptibility => "χ_P",
        DerivedQuantities.FlowT0 => "t₀",
        DerivedQuantities.FlowW0 => "w₀",
        // Of several numbers the report shows the first.
        _ when name.StartsWith("flow_energy_", StringComparison.Ordinal) => "E(t = 0.1)",
        _ when name.StartsWith("creutz_ratio_", StringComparison.Ordinal) => $"χ({Sides(name, "creutz_ratio_")})",
        _ when name.StartsWith("static_potential_", StringComparison.Ordinal) => $"V({Sides(name, "static_potential_")})",
        _ when name.StartsWith("wilson_loop_", StringComparison.Ordinal) => $"W({Sides(name, "wilson_loop_")})",
        _ => name,
    };

    private static string Sides(string name, string prefix) => name[prefix.Length..].Replace("x", "×", StringComparison.Ordinal);
}

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
        _ when name.StartsWith("wilson_loop_", StringComparison.Ordinal) => $"W({name["wilson_loop_".Length..].Replace("x", "×", StringComparison.Ordinal)})",
        _ => name,
    };
}

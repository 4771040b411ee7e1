using System.Globalization;
using System.Text.Json;

namespace LatticeFlow.Studies;

/// <summary>One table of the flows of several runs, from what <c>latticeflow run</c> left in their <c>analysis.json</c>.</summary>
internal static class FlowTable
{
    private const string Header =
        "| theory | lattice | layers | parameters | flop/configuration | training, s | ESS | −ln(ESS)/V | ln Z − exact, σ | acceptance | ESS from heat bath | plaquette, σ | 2×2 loop, σ | ms/configuration | independent plaquettes/s, flow | heat bath |\n"
        + "|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|";

    /// <summary>Prints the table; exit code 3 where something is further than 4 errors from what it must be.</summary>
    public static int Print(IReadOnlyList<string> runs)
    {
        Console.WriteLine(Header);
        double worst = 0;
        foreach (string run in runs)
        {
            using var document = JsonDocument.Parse(File.ReadAllText(Path.Join(run, "analysis.json")));
            var root = document.RootElement;
            JsonElement theory = root.GetProperty("theory"), flow = root.GetProperty("flow"), ensembles = root.GetProperty("ensembles");
            JsonElement chain = ensembles.GetProperty("flow"), heatBath = ensembles.GetProperty("heatbath");
            double?[] pulls = [Number(flow, "ln_z_pull"), Pull(chain, "plaquette") ?? Difference(chain, heatBath, "plaquette"), Pull(chain, "wilson_loop_2x2")];
            worst = Math.Max(worst, pulls.Max(pull => Math.Abs(pull ?? 0)));
            Console.WriteLine(string.Join(" | ",
            [
                $"| {theory.GetProperty("group").GetString()}, β = {Text(Number(theory, "beta"), "G4")}",
                string.Join('×', theory.GetProperty("extents").EnumerateArray().Select(extent => extent.GetInt32())),
                Layers(run),
                Text(Number(flow, "parameters"), "F0"),
                Text(Number(flow, "flops_per_configuration"), "G2"),
                Text(Number(flow, "training_seconds"), "F0"),
                $"{Text(Number(flow, "ess"), "F4")} ± {Text(Number(flow, "ess_error"), "G2")}",
                $"{Text(Number(flow, "ess_per_site_log"), "E2")} ± {Text(Number(flow, "ess_per_site_log_error"), "E0")}",
                Text(pulls[0], "F1"),
                Text(Number(flow, "acceptance"), "F3"),
                $"{Text(Number(heatBath, "flow_ess"), "F4")} ± {Text(Number(heatBath, "flow_ess_error"), "G2")}",
                Text(pulls[1], "F1"),
                Text(pulls[2], "F1"),
                Text(1e3 * Number(chain, "seconds") / Number(chain, "configurations"), "G3"),
                Text(Rate(chain), "G3"),
                $"{Text(Rate(heatBath), "G3")} |",
            ]));
        }

        return worst < Study.LargestPull ? 0 : 3;
    }

    // The line of the configuration that names them.
    private static string Layers(string run)
    {
        string text = File.ReadAllText(Path.Join(run, "resolved.toml"));
        string[] kinds = [.. System.Text.RegularExpressions.Regex.Matches(text, "kind = \"(doubling|continuous|[a-z]+-coupling)\"(?:[^}]*?loop = \"([a-z]+)\")?").Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}".TrimEnd())];
        return string.Join(", ", kinds);
    }

    private static double? Rate(JsonElement ensemble) => Number(ensemble.GetProperty("observables").GetProperty("plaquette"), "independent_per_second");

    private static double? Pull(JsonElement ensemble, string observable) =>
        ensemble.GetProperty("observables").TryGetProperty(observable, out var result) ? Number(result, "pull") : null;

    // Where nothing is exact: from heat bath of the same run.
    private static double? Difference(JsonElement chain, JsonElement heatBath, string observable)
    {
        JsonElement a = chain.GetProperty("observables").GetProperty(observable), b = heatBath.GetProperty("observables").GetProperty(observable);
        return (Number(a, "mean") - Number(b, "mean")) / Math.Sqrt(((Number(a, "error") * Number(a, "error")) + (Number(b, "error") * Number(b, "error"))) ?? double.NaN);
    }

    private static double? Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string Text(double? value, string format) => value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) : "–";
}

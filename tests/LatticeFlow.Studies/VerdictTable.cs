using System.Globalization;
using System.Text.Json;

namespace LatticeFlow.Studies;

/// <summary>
/// What flows say of themselves and what the target says of them, from the <c>analysis.json</c> of runs; beside it the verdict without configurations of the target, from <c>blind.json</c>, which
/// <c>scripts/study-verdicts.sh</c> leaves there.
/// </summary>
internal static class VerdictTable
{
    // The factor by which a flow may be worse than it says without being found out.
    private const double LargestFactor = 4;

    private const string Header =
        "| β | seed | objective | ESS, own samples | ESS on the target | missed (p/q > 1000), % | Pareto k̂ | longest rejection | ln Z, σ | verdict | verdict from proposals alone |\n|---:|---:|---|---:|---:|---:|---:|---:|---:|---|---|";

    /// <summary>Prints the table; exit code 3 where a flow that is worse than it says by more than a factor of four passes.</summary>
    public static int Print(IReadOnlyList<string> runs)
    {
        Console.WriteLine(Header);
        int silent = 0;
        foreach (string run in runs)
        {
            using var document = JsonDocument.Parse(File.ReadAllText(Path.Join(run, "analysis.json")));
            using var blind = JsonDocument.Parse(File.ReadAllText(Path.Join(run, "blind.json")));
            JsonElement theory = document.RootElement.GetProperty("theory"), flow = document.RootElement.GetProperty("flow"), target = flow.GetProperty("target");
            string resolved = File.ReadAllText(Path.Join(run, "resolved.toml"));
            string verdict = flow.GetProperty("verdict").GetString()!, alone = blind.RootElement.GetProperty("flow").GetProperty("verdict").GetString()!;
            if (verdict == "passed" && Number(flow, "ess") > LargestFactor * Number(target, "ess")) silent++;
            Console.WriteLine(string.Join(" | ",
            [
                $"| {Text(Number(theory, "beta"), "G4")}",
                Word(resolved, "seed = ([0-9]+)"),
                Word(resolved, "objective = \"([a-z]+)\""),
                $"{Text(Number(flow, "ess"), "G3")} ± {Text(Number(flow, "ess_error"), "G2")}",
                $"{Text(Number(target, "ess"), "G3")} ± {Text(Number(target, "ess_error"), "G2")}",
                Text(100 * Number(target, "missed_mass"), "G2"),
                Text(Number(flow, "pareto_k"), "F2"),
                Text(Number(flow, "longest_rejection"), "F0"),
                Text(Number(flow, "ln_z_pull"), "F1"),
                verdict,
                $"{alone} |",
            ]));
        }

        Console.WriteLine($"\n{runs.Count} flows; {silent} of those that passed are worse than they say by more than a factor of {LargestFactor}.");
        return silent == 0 ? 0 : 3;
    }

    private static string Word(string text, string pattern) => System.Text.RegularExpressions.Regex.Match(text, pattern) is { Success: true } match ? match.Groups[1].Value : "–";

    private static double? Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string Text(double? value, string format) => value is { } known ? known.ToString(format, CultureInfo.InvariantCulture) : "–";
}

using System.Text.Json.Nodes;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Where two JSON documents differ, by the paths of their keys.</summary>
public static class JsonDifference
{
    /// <summary>A sentence for each difference of <paramref name="stored"/> from <paramref name="computed"/>; numbers of a path may differ by a fraction of themselves that <paramref name="tolerance"/> gives.</summary>
    public static IEnumerable<string> Of(JsonNode? stored, JsonNode? computed, Func<string, double> tolerance, string path = "") => (stored, computed) switch
    {
        (JsonObject a, JsonObject b) => OfObjects(a, b, tolerance, path),
        (JsonArray a, JsonArray b) when a.Count == b.Count => a.Zip(b).SelectMany((pair, i) => Of(pair.First, pair.Second, tolerance, $"{path}[{i}]")),
        (JsonArray a, JsonArray b) => [$"{path} has {a.Count} entries, computed {b.Count}"],
        _ => AreEqual(stored, computed, tolerance(path)) ? [] : [$"{path} is {Text(stored)}, computed {Text(computed)}"],
    };

    private static IEnumerable<string> OfObjects(JsonObject stored, JsonObject computed, Func<string, double> tolerance, string path)
    {
        var before = path.Length == 0 ? "" : path + ".";
        foreach (var (key, value) in stored)
        {
            if (!computed.TryGetPropertyValue(key, out var other)) yield return $"{before}{key} is in the file and is not computed";
            else foreach (var difference in Of(value, other, tolerance, before + key)) yield return difference;
        }
        foreach (var (key, _) in computed)
        {
            if (!stored.ContainsKey(key)) yield return $"{before}{key} is missing";
        }
    }

    private static bool AreEqual(JsonNode? a, JsonNode? b, double tolerance)
    {
        if (JsonNode.DeepEquals(a, b)) return true;
        return a is JsonValue first && b is JsonValue second && first.TryGetValue(out double x) && second.TryGetValue(out double y) && Math.Abs(x - y) <= tolerance * Math.Max(Math.Abs(x), Math.Abs(y));
    }

    private static string Text(JsonNode? node)
    {
        const int Most = 80;
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= Most ? text : text[..Most] + "…";
    }
}

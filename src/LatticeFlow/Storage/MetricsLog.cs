using System.Text.Json;
using System.Text.Json.Nodes;

namespace LatticeFlow.Storage;

/// <summary><c>metrics.jsonl</c>: one JSON object a training step or sampling block. Numbers that are not finite become null, because JSON has none.</summary>
public sealed class MetricsLog(string path) : IDisposable
{
    private readonly LineLog lines = new(path);

    public void Append(JsonObject entry) => lines.Write(entry.ToJsonString());

    /// <summary>Appends {"kind": …, name: value, …}.</summary>
    public void Append(string kind, params (string Name, double Value)[] values)
    {
        var entry = new JsonObject { ["kind"] = kind };
        foreach (var (name, value) in values)
            entry[name] = double.IsFinite(value) ? value : null;
        Append(entry);
    }

    /// <summary>Drops what follows the last entry of <paramref name="kind"/> with number <paramref name="key"/> ≤ <paramref name="last"/>; used when a run resumes from an older checkpoint.</summary>
    public void RewindTo(string kind, string key, double last) => lines.RewindTo(line =>
    {
        try
        {
            var entry = JsonNode.Parse(line);
            return (string?)entry?["kind"] != kind || entry?[key] is not JsonValue value || !value.TryGetValue(out double number) || number <= last;
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            return false;
        }
    });

    public void Dispose() => lines.Dispose();
}

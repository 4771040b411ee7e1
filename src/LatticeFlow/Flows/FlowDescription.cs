using System.Text.Json;
using System.Text.Json.Nodes;

namespace LatticeFlow.Flows;

/// <summary>The architecture of a flow as JSON text: an array with an object for the prior and one a layer. Parameters fit a flow of the same description, and no other.</summary>
public static class FlowDescription
{
    /// <summary>The description of a flow.</summary>
    public static string Of(FlowModel model) => new JsonArray([model.Prior.Describe(), .. model.Layers.Select(layer => layer.Describe())]).ToJsonString();

    /// <summary>The first difference between a stored description and that of a flow in words, or null where there is none.</summary>
    /// <exception cref="JsonException">The stored text is no description.</exception>
    public static string? Difference(string stored, FlowModel model)
    {
        if (JsonNode.Parse(stored) is not JsonArray there) throw new JsonException("a description of a flow is an array.");
        var here = JsonNode.Parse(Of(model))!.AsArray();
        if (there.Count != here.Count) return $"it has {there.Count - 1} layers, the configuration has {here.Count - 1}";
        for (int layer = 0; layer < here.Count; layer++)
        {
            if (there[layer] is not JsonObject old) throw new JsonException("a layer is an object.");
            var now = here[layer]!.AsObject();
            foreach (string key in now.Select(entry => entry.Key).Union(old.Select(entry => entry.Key)))
            {
                if (!JsonNode.DeepEquals(old[key], now[key]))
                    return $"{(layer == 0 ? "the prior" : $"layer {layer - 1}")} has {key} = {Text(old[key])} there, the configuration says {Text(now[key])}";
            }
        }

        return null;
    }

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "nothing";
}

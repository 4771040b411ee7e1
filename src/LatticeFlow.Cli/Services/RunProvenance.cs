using System.Text.Json;
using System.Text.Json.Nodes;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>What <c>provenance.json</c> says about how a run was made; what it does not say is null, and so is everything where it is missing or damaged.</summary>
public sealed record RunProvenance(string? Commit, string? CommandLine, ulong? Seed, IReadOnlyList<Override>? Overrides, IReadOnlySet<string> Devices)
{
    /// <summary>What each life of the run was asked for beyond the one before, in that order.</summary>
    public IReadOnlyList<IReadOnlyList<Growth>> GrownInLives { get; init; } = [];

    /// <summary>All of it.</summary>
    public IEnumerable<Growth> Grown => GrownInLives.SelectMany(grown => grown);

    /// <summary>All numbers that the run was asked for under a key that grew, in order; none where it did not.</summary>
    public IReadOnlyList<long> AskedFor(string key) => Grown.Where(growth => growth.Key == key).ToArray() is [var first, ..] grown ? [first.From, .. grown.Select(growth => growth.To)] : [];

    /// <summary>A resolved configuration as it was at the start, with what was asked for last.</summary>
    public string WithGrowth(string resolved) => ResolvedConfiguration.With(resolved, [.. Grown.Reverse()]);

    /// <summary>Without the growth of lives that ended between the writing of what they were asked for and of the configuration: <paramref name="stored"/> has the numbers from before them.</summary>
    public RunProvenance CarriedOut(string stored)
    {
        var carried = GrownInLives.ToList();
        while (carried.Count > 0 && carried[^1].All(growth => growth.From != growth.To && ResolvedConfiguration.With(stored, [growth with { To = growth.From }]) == stored)) carried.RemoveAt(carried.Count - 1);
        return this with { GrownInLives = carried };
    }

    public static RunProvenance Of(RunDirectory directory)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(directory.ProvenancePath), documentOptions: new() { AllowDuplicateProperties = false }) is not JsonObject root) return Unknown;
            var lives = new[] { root }.Concat((root["resumes"] as JsonArray ?? []).OfType<JsonObject>());
            return new(
                Text(root["commit"]), Text(root["command_line"]), root["seed"] is JsonValue value && value.TryGetValue(out ulong seed) ? seed : null,
                root["overrides"] is JsonArray overrides ? [.. overrides.Select(Text).OfType<string>().Select(Override.Parse)] : null,
                lives.Select(life => Text(life["device"])).OfType<string>().ToHashSet())
            {
                GrownInLives = [.. lives.Select(life => GrownIn(life).ToArray()).Where(grown => grown.Length > 0)],
            };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException or ConfigurationException)
        {
            return Unknown;
        }
    }

    /// <summary>The texts that the resolved configuration has had, the last one first.</summary>
    public IReadOnlyList<string> Resolved(string now)
    {
        List<string> texts = [now];
        foreach (var grown in GrownInLives.Reverse()) texts.Add(ResolvedConfiguration.With(texts[^1], [.. grown.Select(growth => growth with { To = growth.From })]));
        return texts;
    }

    private static RunProvenance Unknown => new(null, null, null, null, new HashSet<string>());

    private static IEnumerable<Growth> GrownIn(JsonObject life) => (life["grown"] as JsonObject ?? []).Where(entry => entry.Value is JsonObject)
        .Select(entry => (entry.Key, From: Number(entry.Value!["from"]), To: Number(entry.Value!["to"]))).Where(entry => entry is { From: not null, To: not null })
        .Select(entry => new Growth(entry.Key, entry.From!.Value, entry.To!.Value));

    private static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out long number) ? number : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}

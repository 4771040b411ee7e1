using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;

namespace LatticeFlow.Cli.Services;

/// <summary>What a command that only makes files prints: their paths, a line each or as JSON.</summary>
public static class Results
{
    public static void Write(CommandContext context, string name, params IReadOnlyList<string> paths)
    {
        if (context.Json) context.Output.WriteLine(new JsonObject { [name] = new JsonArray([.. paths.Select(path => JsonValue.Create(path))]) }.ToJsonString());
        else foreach (var path in paths) context.Output.WriteLine(path);
    }
}

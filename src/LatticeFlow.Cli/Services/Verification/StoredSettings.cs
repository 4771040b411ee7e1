using System.Text.Json;
using System.Text.Json.Nodes;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>The settings that an <c>analysis.json</c> was made with, as it states them: with other options on the command line they are not those of the configuration.</summary>
public static class StoredSettings
{
    /// <summary>What <paramref name="read"/> makes of them as overrides of <c>[analyze]</c>; null where the file states none that can be read, which the comparison then shows.</summary>
    /// <exception cref="StorageException">The file cannot be read, or states settings that nothing can be made with.</exception>
    public static T? Of<T>(string path, Func<IReadOnlyList<Override>, T> read)
        where T : class
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path)) is not JsonObject document || document["settings"] is not JsonObject settings) return null;
            return read([.. settings.Select(entry => new Override($"analyze.{entry.Key}", TomlText.Inline(Node(entry.Value)), new($"{path}: settings.{entry.Key}")))]);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(path, cause);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
        catch (ConfigurationException exception)
        {
            throw new StorageException(path, $"states settings that cannot be used ({exception.Errors[0].Message})", "Run latticeflow analyze again", StorageException.Corrupt, exception);
        }
    }

    private static TomlNode Node(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject table:
                var result = TomlBuilder.Table();
                foreach (var (key, value) in table) result.Add((key, Node(value)));
                return result;
            case JsonArray array:
                return TomlBuilder.Array(array.Select(Node));
            case JsonValue value when value.TryGetValue(out string? text):
                return TomlBuilder.Of(text);
            case JsonValue value when value.TryGetValue(out bool truth):
                return TomlBuilder.Of(truth);
            case JsonValue value when value.TryGetValue(out long integer) && !value.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E'):
                return TomlBuilder.Of(integer);
            case JsonValue value when value.TryGetValue(out double number):
                return TomlBuilder.Of(number);
            default:
                throw new JsonException("null is no setting");
        }
    }
}

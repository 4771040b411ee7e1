using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LatticeFlow.Cli.Configuration;

/// <summary>Writes a tree of TOML values as TOML or as JSON. What it writes as TOML reads back as the same tree.</summary>
public static class TomlText
{
    /// <summary>Sections of <paramref name="document"/> as <c>[name]</c> and <c>[[name]]</c>; whatever is nested deeper is written inline.</summary>
    public static string Write(TomlTable document)
    {
        var text = new StringBuilder();
        foreach (var (key, _, value) in document.Entries)
        {
            if (value is TomlTable table) Section(text, $"[{Key(key)}]", table);
            else if (value is TomlArray { IsTables: true } tables)
            {
                foreach (var item in tables.Items.Cast<TomlTable>()) Section(text, $"[[{Key(key)}]]", item);
            }
            else text.Append(Key(key)).Append(" = ").Append(Inline(value)).Append('\n');
        }
        return text.ToString();
    }

    public static JsonNode? Json(TomlNode node) => node switch
    {
        TomlTable table => new JsonObject(table.Entries.Select(entry => KeyValuePair.Create(entry.Key, Json(entry.Value)))),
        TomlArray array => new JsonArray([.. array.Items.Select(Json)]),
        TomlScalar { Value: long integer } => JsonValue.Create(integer),
        TomlScalar { Value: double number } => JsonValue.Create(number),
        TomlScalar { Value: bool truth } => JsonValue.Create(truth),
        TomlScalar scalar => JsonValue.Create(scalar.Value.ToString()),
        _ => null,
    };

    public static string Inline(TomlNode node) => node switch
    {
        TomlTable { Entries.Count: 0 } => "{}",
        TomlTable table => $"{{ {string.Join(", ", table.Entries.Select(entry => $"{Key(entry.Key)} = {Inline(entry.Value)}"))} }}",
        TomlArray array when array.Items.Count > 0 && array.Items.All(item => item is TomlTable)
            => $"[\n{string.Concat(array.Items.Select(item => $"    {Inline(item)},\n"))}]",
        TomlArray array => $"[{string.Join(", ", array.Items.Select(Inline))}]",
        TomlScalar { Value: string text } => Quote(text),
        TomlScalar { Value: double number } => Number(number),
        TomlScalar { Value: bool truth } => truth ? "true" : "false",
        TomlScalar scalar => string.Create(CultureInfo.InvariantCulture, $"{scalar.Value}"),
        _ => throw new ArgumentException($"no TOML for {node.GetType().Name}", nameof(node)),
    };

    /// <summary>The shortest text that reads back as the same double, with a point or an exponent so that it stays a float.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
        return text.AsSpan().IndexOfAny('.', 'e') < 0 ? text + ".0" : text;
    }

    /// <summary>A TOML basic string.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            quoted.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\u007f' => $"\\u{(int)character:x4}",
                _ => character.ToString(),
            });
        }
        return quoted.Append('"').ToString();
    }

    private static void Section(StringBuilder text, string header, TomlTable table)
    {
        if (text.Length > 0) text.Append('\n');
        text.Append(header).Append('\n');
        foreach (var (key, _, value) in table.Entries) text.Append(Key(key)).Append(" = ").Append(Inline(value)).Append('\n');
    }

    private static string Key(string key)
        => key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? key : Quote(key);
}

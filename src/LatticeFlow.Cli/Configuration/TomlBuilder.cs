namespace LatticeFlow.Cli.Configuration;

/// <summary>Builds the tree of a configuration that is to be written out.</summary>
public static class TomlBuilder
{
    private static readonly Place Nowhere = new("resolved.toml");

    public static TomlTable Table(params ReadOnlySpan<(string Key, TomlNode? Value)> entries)
    {
        var table = new TomlTable(Nowhere) { IsDefined = true };
        table.Add(entries);
        return table;
    }

    /// <summary>Appends entries; one whose value is null is left out.</summary>
    public static void Add(this TomlTable table, params ReadOnlySpan<(string Key, TomlNode? Value)> entries)
    {
        foreach (var (key, value) in entries)
        {
            if (value is not null) table.Set(key, Nowhere, value);
        }
    }

    public static TomlNode Of(string value) => new TomlScalar(value, Nowhere);

    public static TomlNode Of(long value) => new TomlScalar(value, Nowhere);

    public static TomlNode Of(bool value) => new TomlScalar(value, Nowhere);

    public static TomlNode Of(double value) => new TomlScalar(value, Nowhere);

    public static TomlNode Of(IEnumerable<int> values) => Array(values.Select(value => Of((long)value)));

    public static TomlNode Of(IEnumerable<string> values) => Array(values.Select(Of));

    public static TomlNode Array(IEnumerable<TomlNode> items, bool isTables = false)
    {
        var array = new TomlArray(Nowhere, isTables);
        array.Items.AddRange(items);
        return array;
    }
}

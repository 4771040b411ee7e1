namespace LatticeFlow.Cli.Configuration;

/// <summary>A TOML value that remembers where it was written.</summary>
public abstract class TomlNode(Place place)
{
    public Place Place { get; } = place;

    /// <summary>The kind of value and the value itself, as an error message would say it.</summary>
    public abstract string Describe();
}

/// <summary>A string, long, double, bool, or the text of a date.</summary>
public sealed class TomlScalar(object value, Place place) : TomlNode(place)
{
    public object Value { get; } = value;

    public override string Describe() => Value switch
    {
        string text => $"the string {TomlText.Quote(text)}",
        long integer => $"the integer {integer}",
        double number => $"the number {TomlText.Number(number)}",
        bool truth => truth ? "true" : "false",
        _ => $"the date {Value}",
    };
}

/// <summary>An array of values, or the tables of a <c>[[name]]</c>.</summary>
public sealed class TomlArray(Place place, bool isTables = false) : TomlNode(place)
{
    public List<TomlNode> Items { get; } = [];

    /// <summary>True when it grows by <c>[[name]]</c> headers.</summary>
    public bool IsTables { get; } = isTables;

    public override string Describe() => "an array";
}

/// <summary>A table with its entries in the order they were written.</summary>
public sealed class TomlTable(Place place) : TomlNode(place)
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<Entry> _entries = [];

    public readonly record struct Entry(string Key, Place KeyPlace, TomlNode Value);

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>True once a <c>[name]</c> header or a value has defined it; false while it exists only as somebody's parent.</summary>
    public bool IsDefined { get; set; }

    public bool TryGet(string key, out Entry entry)
    {
        var found = _index.TryGetValue(key, out var index);
        entry = found ? _entries[index] : default;
        return found;
    }

    /// <summary>Adds the entry, or replaces the one of that key.</summary>
    public void Set(string key, Place keyPlace, TomlNode value)
    {
        var entry = new Entry(key, keyPlace, value);
        if (_index.TryGetValue(key, out var index))
        {
            _entries[index] = entry;
            return;
        }
        _index[key] = _entries.Count;
        _entries.Add(entry);
    }

    public override string Describe() => "a table";
}

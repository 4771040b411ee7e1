namespace LatticeFlow.Cli.Configuration;

/// <summary>
/// Reads the keys of one table by type and range. Everything wrong is added to the list of errors and a harmless value returned,
/// so that reading goes on and finds the rest. <see cref="Close"/> then reports the keys nobody asked for.
/// </summary>
public sealed class SectionReader(TomlTable table, string path, IReadOnlyList<string> known, ConfigurationErrors errors)
{
    private readonly HashSet<string> _asked = [];

    /// <summary>The key path of this table, as <c>--set</c> would name it: <c>sample.0</c>.</summary>
    public string Path => path;

    public bool Has(string key) => table.TryGet(key, out _);

    /// <summary>True when there is no such key, or an array without items behind it.</summary>
    public bool IsMissingOrEmpty(string key) => !table.TryGet(key, out var entry) || entry.Value is TomlArray { Items.Count: 0 };

    /// <summary>Where the value of <paramref name="key"/> was written, or the table if it was not.</summary>
    public Place PlaceOf(string key) => table.TryGet(key, out var entry) ? entry.Value.Place : table.Place;

    public void Fail(string key, string message) => FailAt(PlaceOf(key), key, message);

    public void FailAt(Place place, string key, string message)
        => errors.Add(place, $"{path}.{key}{(message.StartsWith(':') ? "" : " ")}{message}");

    public string Text(string key, string fallback) => Ask(key) is not { } node ? fallback : As<string>(key, node, "a string") ?? fallback;

    /// <summary>A string that has to be given.</summary>
    public string? RequiredText(string key, string example)
    {
        if (Ask(key) is { } node) return As<string>(key, node, "a string");
        errors.Add(table.Place, $"{path}.{key} is missing: give it, for example {key} = {example}");
        return null;
    }

    public long Long(string key, long fallback, long minimum, long maximum = long.MaxValue)
    {
        if (Ask(key) is not { } node || As<long?>(key, node, "an integer") is not { } value) return fallback;
        return InRange(key, value, minimum, maximum, node.Place) ? value : fallback;
    }

    public int Integer(string key, int fallback, int minimum, int maximum = int.MaxValue)
        => (int)Long(key, fallback, minimum, maximum);

    public bool Boolean(string key, bool fallback) => Ask(key) is not { } node ? fallback : As<bool?>(key, node, "true or false") ?? fallback;

    /// <summary>A finite number; an integer is one too. <paramref name="valid"/> says which are, <paramref name="rule"/> in words.</summary>
    public double Number(string key, double fallback, Func<double, bool> valid, string rule)
    {
        if (Ask(key) is not { } node) return fallback;
        if (node is not TomlScalar { Value: double or long } scalar)
        {
            errors.Add(node.Place, $"{path}.{key} must be a number, not {node.Describe()}");
            return fallback;
        }
        var value = scalar.Value is long integer ? integer : (double)scalar.Value;
        if (double.IsFinite(value) && valid(value)) return value;
        errors.Add(node.Place, $"{path}.{key} must be {rule}, not {TomlText.Number(value)}");
        return fallback;
    }

    /// <summary>A finite number, or a name that stands for one.</summary>
    public double NumberOrName(string key, double fallback, Choice<double> names)
    {
        if (!table.TryGet(key, out var entry) || entry.Value is not TomlScalar { Value: string text }) return Number(key, fallback, _ => true, "a finite number");
        Ask(key);
        if (names.TryParse(text, out var value)) return value;
        errors.Add(entry.Value.Place, $"{path}.{key} must be a number, {List(names.Texts.Select(TomlText.Quote))}, not {TomlText.Quote(text)}{DidYouMean(text, names.Texts, "\"")}");
        return fallback;
    }

    public T OneOf<T>(string key, Choice<T> choice, T fallback) where T : struct
    {
        if (Ask(key) is not { } node || As<string>(key, node, "a string") is not { } text) return fallback;
        if (choice.TryParse(text, out var value)) return value;
        FailChoice(key, node.Place, text, choice.Texts);
        return fallback;
    }

    /// <summary>One of these words.</summary>
    public string OneOf(string key, IReadOnlyList<string> words, string fallback)
    {
        if (Ask(key) is not { } node || As<string>(key, node, "a string") is not { } text) return fallback;
        if (words.Contains(text)) return text;
        FailChoice(key, node.Place, text, words);
        return fallback;
    }

    /// <summary>An array of these words; null when absent or wrong.</summary>
    public ValueList<string>? ManyOf(string key, IReadOnlyList<string> words)
    {
        if (Items(key) is not { } items) return null;
        List<string> values = [];
        foreach (var item in items)
        {
            if (item is not TomlScalar { Value: string text }) errors.Add(item.Place, $"{path}.{key} must hold strings, not {item.Describe()}");
            else if (words.Contains(text)) values.Add(text);
            else FailChoice(key, item.Place, text, words);
        }
        return values.Count == items.Count ? [.. values] : null;
    }

    /// <summary>Reports a key that is there but has no business to be.</summary>
    public void Reject(string key, string because)
    {
        Ask(key);
        Fail(key, because);
    }

    /// <summary>A choice that has to be given; null, with the error reported, when it is not there or not known.</summary>
    public T? RequiredOneOf<T>(string key, Choice<T> choice) where T : struct
    {
        if (RequiredText(key, TomlText.Quote(choice.Texts.First())) is not { } text) return null;
        if (choice.TryParse(text, out var value)) return value;
        FailChoice(key, PlaceOf(key), text, choice.Texts);
        return null;
    }

    public void FailChoice(string key, Place place, string text, IEnumerable<string> texts)
        => errors.Add(place, $"{path}.{key} must be {List(texts.Select(TomlText.Quote))}, not {TomlText.Quote(text)}{DidYouMean(text, texts, "\"")}");

    /// <summary>The items of an array, each with its place; null when the key is absent or the value is no array.</summary>
    public IReadOnlyList<TomlNode>? Items(string key)
    {
        if (Ask(key) is not { } node) return null;
        if (node is TomlArray array) return array.Items;
        errors.Add(node.Place, $"{path}.{key} must be an array, not {node.Describe()}");
        return null;
    }

    /// <summary>An array of integers of at least <paramref name="minimum"/>; null when absent or wrong.</summary>
    public ValueList<int>? Integers(string key, int minimum, int maximum)
    {
        if (Items(key) is not { } items) return null;
        List<int> values = [];
        foreach (var item in items)
        {
            if (item is not TomlScalar { Value: long value })
                errors.Add(item.Place, $"{path}.{key} must hold integers, not {item.Describe()}");
            else if (InRange(key, value, minimum, maximum, item.Place)) values.Add((int)value);
        }
        return values.Count == items.Count ? [.. values] : null;
    }

    /// <summary>An array of finite numbers; null when absent or wrong.</summary>
    public ValueList<double>? Numbers(string key, Func<double, bool> valid, string rule)
    {
        if (Items(key) is not { } items) return null;
        List<double> values = [];
        foreach (var item in items)
        {
            if (item is not TomlScalar { Value: double or long } scalar) errors.Add(item.Place, $"{path}.{key} must hold numbers, not {item.Describe()}");
            else
            {
                var value = scalar.Value is long integer ? integer : (double)scalar.Value;
                if (double.IsFinite(value) && valid(value)) values.Add(value);
                else errors.Add(item.Place, $"{path}.{key} must hold numbers {rule}, not {TomlText.Number(value)}");
            }
        }
        return values.Count == items.Count ? [.. values] : null;
    }

    /// <summary>The table behind <paramref name="key"/>; null when the key is absent or the value is no table.</summary>
    public SectionReader? Table(string key, IReadOnlyList<string> keys)
    {
        if (Ask(key) is not { } node) return null;
        if (node is TomlTable inner) return new(inner, $"{path}.{key}", keys, errors);
        errors.Add(node.Place, $"{path}.{key} must be a table, not {node.Describe()}");
        return null;
    }

    /// <summary>The tables in the table behind <paramref name="key"/>, by names that the user chose; none when the key is absent.</summary>
    public IReadOnlyList<(string Name, SectionReader Reader)> Named(string key, IReadOnlyList<string> keys)
    {
        if (Ask(key) is not { } node) return [];
        if (node is not TomlTable outer)
        {
            errors.Add(node.Place, $"{path}.{key} must be a table of tables, not {node.Describe()}");
            return [];
        }
        List<(string, SectionReader)> readers = [];
        foreach (var (name, place, value) in outer.Entries)
        {
            if (value is TomlTable inner) readers.Add((name, new(inner, $"{path}.{key}.{name}", keys, errors)));
            else errors.Add(place, $"{path}.{key}.{name} must be a table, such as {{ {keys[0]} = … }}, not {value.Describe()}");
        }
        return readers;
    }

    /// <summary>The tables of an array, each with its key path.</summary>
    public IReadOnlyList<SectionReader>? Tables(string key, IReadOnlyList<string> keys)
    {
        if (Items(key) is not { } items) return null;
        List<SectionReader> readers = [];
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is TomlTable inner) readers.Add(new(inner, $"{path}.{key}.{i}", keys, errors));
            else errors.Add(items[i].Place, $"{path}.{key}.{i} must be a table, not {items[i].Describe()}");
        }
        return readers;
    }

    /// <summary>Reports every key that was not asked for: as unknown, or as one that does not go with <paramref name="kind"/>.</summary>
    public void Close(string? kind = null)
    {
        foreach (var (key, place, _) in table.Entries)
        {
            if (_asked.Contains(key)) continue;
            if (kind is not null && known.Contains(key)) errors.Add(place, $"{path}.{key} does not apply to {kind}");
            else errors.Add(place, $"unknown key '{key}' in {path}{DidYouMeanOrList(key)}");
        }
    }

    private TomlNode? Ask(string key)
    {
        if (!known.Contains(key)) throw new ArgumentException($"'{key}' is not among the declared keys of {path}", nameof(key));
        _asked.Add(key);
        return table.TryGet(key, out var entry) ? entry.Value : null;
    }

    private T? As<T>(string key, TomlNode node, string type)
    {
        if (node is TomlScalar { Value: T value }) return value;
        errors.Add(node.Place, $"{path}.{key} must be {type}, not {node.Describe()}");
        return default;
    }

    private bool InRange(string key, long value, long minimum, long maximum, Place place)
    {
        if (value < minimum) errors.Add(place, $"{path}.{key} must be at least {minimum}, not {value}");
        else if (value > maximum) errors.Add(place, $"{path}.{key} must be at most {maximum}, not {value}");
        else return true;
        return false;
    }

    private string DidYouMeanOrList(string key)
    {
        var suggestion = DidYouMean(key, known, "'");
        return suggestion != "" ? suggestion : $"; known are {string.Join(", ", known)}";
    }

    private static string DidYouMean(string word, IEnumerable<string> candidates, string quote)
        => Suggestion.Nearest(word, candidates) is { } nearest ? $"; did you mean {quote}{nearest}{quote}?" : "";

    private static string List(IEnumerable<string> words)
    {
        var all = words.ToArray();
        return all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }
}

using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace LatticeFlow.Cli.Configuration;

/// <summary>
/// Reads TOML text into a tree with places. Tomlyn's object model drops unknown keys and lets the last of two duplicates win,
/// so the tree is built from its syntax tree, which still has both.
/// </summary>
public sealed class TomlTreeReader
{
    private readonly string _source;
    private readonly ConfigurationErrors _errors;
    private readonly Func<SyntaxNodeBase, Place> _place;

    private TomlTreeReader(string source, ConfigurationErrors errors, Func<SyntaxNodeBase, Place>? place = null)
    {
        _source = source;
        _errors = errors;
        _place = place ?? (node => new(source, node.Span.Start.Line + 1, node.Span.Start.Column + 1));
    }

    /// <summary>
    /// The whole document; null when it is not TOML. Syntax errors (the first of each line) and duplicate keys go to <paramref name="errors"/>.
    /// </summary>
    public static TomlTable? Read(string text, string source, ConfigurationErrors errors)
    {
        var root = new TomlTable(new(source, 1, 1)) { IsDefined = true };
        DocumentSyntax document;
        try
        {
            document = SyntaxParser.Parse(text, source, validate: false);
        }
        catch (TomlException exception)
        {
            errors.Add(root.Place, $"not readable as TOML: {exception.Message}");
            return null;
        }
        var lastLine = -1;
        foreach (var diagnostic in document.Diagnostics)
        {
            var start = diagnostic.Span.Start;
            if (start.Line <= lastLine) continue;
            lastLine = start.Line;
            errors.Add(new(source, start.Line + 1, start.Column + 1), $"not valid TOML: {diagnostic.Message}");
        }
        if (document.HasErrors) return null;
        new TomlTreeReader(source, errors).Document(document, root);
        return root;
    }

    /// <summary>One value as it stands behind <c>key =</c>, or null when the text is not TOML.</summary>
    public static TomlNode? ReadValue(string text, Place place, ConfigurationErrors errors)
    {
        try
        {
            var document = SyntaxParser.Parse($"value = {text}\n", place.Source, validate: false);
            if (document.HasErrors || document.Tables.ChildrenCount != 0 || document.KeyValues.ChildrenCount != 1) return null;
            return new TomlTreeReader(place.Source, errors, _ => place).Value(document.KeyValues.GetChild(0)!.Value!);
        }
        catch (TomlException)
        {
            return null;
        }
    }

    private void Document(DocumentSyntax document, TomlTable root)
    {
        foreach (var item in document.KeyValues) KeyValue(item, root);
        foreach (var syntax in document.Tables)
        {
            var table = Header(syntax, root);
            foreach (var item in syntax.Items) KeyValue(item, table);
        }
    }

    private TomlTable Header(TableSyntaxBase syntax, TomlTable root)
    {
        var path = Path(syntax.Name!);
        var parent = root;
        for (var i = 0; i < path.Count - 1; i++) parent = Descend(parent, path[i]);
        var (key, place) = path[^1];
        var table = new TomlTable(place) { IsDefined = true };
        var exists = parent.TryGet(key, out var entry);
        if (syntax is TableArraySyntax)
        {
            if (!exists) parent.Set(key, place, new TomlArray(place, isTables: true));
            if (!exists || entry.Value is TomlArray { IsTables: true })
            {
                parent.TryGet(key, out entry);
                ((TomlArray)entry.Value).Items.Add(table);
            }
            else _errors.Add(place, $"[[{key}]] was already given as {entry.Value.Describe()} at {Line(entry.KeyPlace)}");
            return table;
        }
        if (!exists) parent.Set(key, place, table);
        else if (entry.Value is TomlTable { IsDefined: false } implied)
        {
            implied.IsDefined = true;
            return implied;
        }
        else _errors.Add(place, $"section [{key}] is given twice (first at {Line(entry.KeyPlace)})");
        return table;
    }

    private void KeyValue(KeyValueSyntax syntax, TomlTable table)
    {
        var path = Path(syntax.Key!);
        for (var i = 0; i < path.Count - 1; i++) table = Descend(table, path[i]);
        var (key, place) = path[^1];
        if (table.TryGet(key, out var first))
        {
            _errors.Add(place, $"key '{key}' is given twice (first at {Line(first.KeyPlace)})");
            return;
        }
        table.Set(key, place, Value(syntax.Value!));
    }

    /// <summary>The table called <paramref name="step"/> inside <paramref name="parent"/>: for a <c>[[name]]</c> its last one.</summary>
    private TomlTable Descend(TomlTable parent, (string Key, Place Place) step)
    {
        var table = new TomlTable(step.Place);
        if (!parent.TryGet(step.Key, out var entry)) parent.Set(step.Key, step.Place, table);
        else if (entry.Value is TomlTable existing) return existing;
        else if (entry.Value is TomlArray { IsTables: true, Items: [.., TomlTable last] }) return last;
        else _errors.Add(step.Place, $"'{step.Key}' is {entry.Value.Describe()} (at {Line(entry.KeyPlace)}), so it has no keys");
        return table;
    }

    private TomlNode Value(ValueSyntax syntax)
    {
        var place = _place(syntax);
        switch (syntax)
        {
            case StringValueSyntax text: return new TomlScalar(text.Value ?? "", place);
            case IntegerValueSyntax integer: return new TomlScalar(integer.Value, place);
            case FloatValueSyntax number: return new TomlScalar(number.Value, place);
            case BooleanValueSyntax truth: return new TomlScalar(truth.Value, place);
            case ArraySyntax array:
                var items = new TomlArray(place);
                foreach (var item in array.Items) items.Items.Add(Value(item.Value!));
                return items;
            case InlineTableSyntax inline:
                var table = new TomlTable(place) { IsDefined = true };
                foreach (var item in inline.Items) KeyValue(item.KeyValue!, table);
                return table;
            default: return new TomlScalar(new TomlDate(syntax.ToString()!.Trim()), place);
        }
    }

    private List<(string Key, Place Place)> Path(KeySyntax key)
    {
        List<(string, Place)> path = [(Name(key.Key!), _place(key.Key!))];
        foreach (var item in key.DotKeys) path.Add((Name(item.Key!), _place(item.Key!)));
        return path;
    }

    private static string Name(BareKeyOrStringValueSyntax key)
        => key is StringValueSyntax text ? text.Value ?? "" : ((BareKeySyntax)key).Key!.Text ?? "";

    private string Line(Place place) => place.Source == _source && place.Line > 0 ? $"line {place.Line}" : place.ToString();

    private sealed record TomlDate(string Text)
    {
        public override string ToString() => Text;
    }
}

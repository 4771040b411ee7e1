namespace LatticeFlow.Cli.Configuration;

/// <summary>A value from the command line that takes the place of one in the file.</summary>
/// <param name="Path">Key path: <c>run.seed</c>, <c>sample.0.steps</c>, <c>sample.hmc.steps</c>, <c>flow.layers.0.count</c>; a key with points in it in quotes, <c>analyze.of."flow_energy_2.0".s</c>.</param>
/// <param name="Value">TOML, or a bare string where that is no TOML (<c>device=cuda</c>).</param>
/// <param name="Place">What the user typed, for error messages.</param>
public sealed record Override(string Path, string Value, Place Place)
{
    /// <summary>The override behind <c>--set</c>: <c>a.b=c</c>.</summary>
    /// <exception cref="ConfigurationException">There is no '=' or no key before it.</exception>
    public static Override Parse(string text)
    {
        var place = new Place($"--set {text}");
        var split = text.IndexOf('=', StringComparison.Ordinal);
        var path = split < 0 ? "" : text[..split].Trim();
        if (path.Length > 0 && !Steps(path).Any(string.IsNullOrWhiteSpace)) return new(path, text[(split + 1)..].Trim(), place);
        throw new ConfigurationException([new(place, "must have the form a.b=c, for example --set train.steps=100")]);
    }

    /// <summary>Writes the value into the tree, making the tables on its way that are not there.</summary>
    public void Apply(TomlTable root, ConfigurationErrors errors)
    {
        var steps = Steps(Path);
        TomlNode node = root;
        for (var i = 0; i < steps.Length; i++)
        {
            var walked = string.Join('.', steps[..i]);
            var last = i == steps.Length - 1;
            if (node is TomlTable table)
            {
                if (last) table.Set(steps[i], Place, Parsed(errors));
                else
                {
                    if (!table.TryGet(steps[i], out var entry))
                    {
                        table.Set(steps[i], Place, new TomlTable(Place) { IsDefined = true });
                        table.TryGet(steps[i], out entry);
                    }
                    node = entry.Value;
                }
            }
            else if (node is TomlArray array)
            {
                if (IndexIn(array, walked, steps[i], errors) is not { } index) return;
                if (last) array.Items[index] = Parsed(errors);
                else node = array.Items[index];
            }
            else
            {
                errors.Add(Place, $"{walked} is {node.Describe()}, so it has no key '{steps[i]}'");
                return;
            }
        }
    }

    /// <summary>The keys of a path; a part in quotes is one key, whatever is in it.</summary>
    private static string[] Steps(string path)
    {
        List<string> steps = [];
        var (start, quoted) = (0, false);
        for (var i = 0; i <= path.Length; i++)
        {
            if (i < path.Length && path[i] == '"') quoted = !quoted;
            if (i < path.Length && (path[i] != '.' || quoted)) continue;
            var step = path[start..i];
            steps.Add(step.Length > 1 && step[0] == '"' && step[^1] == '"' ? step[1..^1] : step);
            start = i + 1;
        }
        return [.. steps];
    }

    private TomlNode Parsed(ConfigurationErrors errors) => TomlTreeReader.ReadValue(Value, Place, errors) ?? new TomlScalar(Value, Place);

    /// <summary>An item by number from 0 or, among tables, by its name (a sample without one is called after its sampler).</summary>
    private int? IndexIn(TomlArray array, string walked, string step, ConfigurationErrors errors)
    {
        if (int.TryParse(step, out var index))
        {
            if (index >= 0 && index < array.Items.Count) return index;
            errors.Add(Place, array.Items.Count == 0 ? $"{walked} is empty" : $"{walked}.{step} does not exist: {walked} has entries 0 to {array.Items.Count - 1}");
            return null;
        }
        var names = array.Items.Select(NameOf).ToArray();
        var matches = Enumerable.Range(0, names.Length).Where(i => names[i] == step).ToArray();
        if (matches.Length == 1) return matches[0];
        var named = names.OfType<string>().Distinct().ToArray();
        errors.Add(Place, matches.Length > 1 ? $"{walked} has {matches.Length} entries called '{step}': use a number from 0"
            : named.Length == 0 ? $"'{step}' is no entry of {walked}: use a number from 0"
            : Suggestion.Nearest(step, named) is { } nearest ? $"no entry of {walked} is called '{step}'; did you mean '{nearest}'?"
            : $"no entry of {walked} is called '{step}'; there are {string.Join(", ", named)}");
        return null;
    }

    private static string? NameOf(TomlNode item)
    {
        if (item is not TomlTable table) return null;
        if (!table.TryGet("name", out var entry) && !table.TryGet("sampler", out entry)) return null;
        return (entry.Value as TomlScalar)?.Value as string;
    }
}

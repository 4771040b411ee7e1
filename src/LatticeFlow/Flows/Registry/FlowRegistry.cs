using System.Globalization;
using System.Text;
using LatticeFlow.Fields;

namespace LatticeFlow.Flows;

/// <summary>The kinds of layers that a configuration can name. Adding one adds one line to <see cref="All"/>.</summary>
public static class FlowRegistry
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<LayerKind> All { get; } = [PlaquetteCouplingKind.Kind, SpectralCouplingKind.Kind, StapleCouplingKind.Kind, DefectCouplingKind.Kind, ContinuousKind.Kind, DoublingKind.Kind, AffineCouplingKind.Kind];

    /// <summary>The kind of this name, or null.</summary>
    public static LayerKind? Named(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>The layers of a chain of kinds with their values.</summary>
    public static IReadOnlyList<IFlowLayer> Create(FieldType field, int dimensions, IEnumerable<(LayerKind Kind, IReadOnlyDictionary<string, object> Values)> chain)
    {
        List<IFlowLayer> layers = [];
        Dictionary<string, int> before = [];
        foreach (var (kind, values) in chain)
        {
            int first = before.GetValueOrDefault(kind.Name);
            var made = kind.Create(new(field, dimensions, first, kind.Complete(values))).ToArray();
            before[kind.Name] = first + made.Length;
            layers.AddRange(made);
        }

        return layers;
    }

    /// <summary>The part of the manual that lists kinds and options.</summary>
    public static string Manual()
    {
        var text = new StringBuilder();
        foreach (var kind in All)
        {
            text.Append(CultureInfo.InvariantCulture, $"#### `kind = \"{kind.Name}\"`\n\n{kind.Summary}\n\n| key | default | meaning |\n| --- | --- | --- |\n");
            foreach (var option in kind.Options)
            {
                string when = option.When is { } condition ? $"; of `{condition.Option} = \"{condition.Value}\"` only" : string.Empty;
                text.Append(CultureInfo.InvariantCulture, $"| `{option.Name}` | `{Text(option.Default)}` | {option.Meaning}{Range(option)}{when} |\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Range(LayerOption option) => option switch
    {
        { Minimum: > double.NegativeInfinity, Maximum: < double.PositiveInfinity } => string.Create(CultureInfo.InvariantCulture, $"; {option.Minimum} to {option.Maximum}"),
        { Minimum: > double.NegativeInfinity } => string.Create(CultureInfo.InvariantCulture, $"; at least {option.Minimum}"),
        _ => string.Empty,
    };

    private static string Text(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        string word => $"\"{word}\"",
        IEnumerable<int> numbers => $"[{string.Join(", ", numbers)}]",
        IEnumerable<string> words => $"[{string.Join(", ", words.Select(word => $"\"{word}\""))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

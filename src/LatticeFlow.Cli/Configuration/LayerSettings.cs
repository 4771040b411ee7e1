using LatticeFlow.Flows;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>One entry of <c>flow.layers</c>: a kind of layer, and the values of all its options that apply.</summary>
public sealed record LayerSettings(LayerKind Kind, ValueList<(string Option, object Value)> Values)
{
    /// <summary>The keys of all kinds.</summary>
    public static readonly string[] Keys = ["kind", .. FlowRegistry.All.SelectMany(kind => kind.Options).Select(option => option.Name).Distinct()];

    /// <summary>The values by option.</summary>
    public IReadOnlyDictionary<string, object> Arguments => Values.ToDictionary(pair => pair.Option, pair => pair.Value);

    public static LayerSettings? Read(SectionReader reader, TheorySettings theory)
    {
        var names = FlowRegistry.All.Select(kind => kind.Name);
        if (reader.RequiredText("kind", $"\"{names.First()}\"") is not { } name) return null;
        if (FlowRegistry.Named(name) is not { } kind)
        {
            reader.FailChoice("kind", reader.PlaceOf("kind"), name, names);
            return null;
        }
        Dictionary<string, object> values = [];
        foreach (var option in kind.Options)
        {
            if (LayerKind.Applies(option, values)) values[option.Name] = Value(reader, option, theory);
            else if (reader.Has(option.Name)) reader.Reject(option.Name, $"does not apply to the {option.When!.Value.Option} \"{values[option.When.Value.Option]}\"");
        }
        reader.Close($"the kind \"{kind.Name}\"");
        return new(kind, [.. kind.Options.Where(option => values.ContainsKey(option.Name)).Select(option => (option.Name, values[option.Name]))]);
    }

    public TomlTable Write() => Table([("kind", Of(Kind.Name)), .. Values.Select(pair => (pair.Option, Node(pair.Value)))]);

    private static object Value(SectionReader reader, LayerOption option, TheorySettings theory)
    {
        object value = option.Default switch
        {
            bool truth => reader.Boolean(option.Name, truth),
            int number => reader.Integer(option.Name, number, (int)Math.Max(int.MinValue, option.Minimum), (int)Math.Min(int.MaxValue, option.Maximum)),
            double number => reader.Number(option.Name, number, x => x >= option.Minimum && x <= option.Maximum, $"between {option.Minimum} and {option.Maximum}"),
            string word => reader.OneOf(option.Name, option.Choices, word),
            IEnumerable<int> numbers => reader.Integers(option.Name, (int)option.Minimum, (int)option.Maximum) ?? [.. numbers],
            IEnumerable<string> words => reader.ManyOf(option.Name, option.Choices) ?? [.. words],
            _ => throw new InvalidOperationException($"option {option.Name} has a default of type {option.Default.GetType()}."),
        };
        if (value is (IReadOnlyCollection<int> { Count: 0 } or IReadOnlyCollection<string> { Count: 0 }) && !option.MayBeEmpty) reader.Fail(option.Name, "is empty: give at least one, or leave it out");
        else if (option.Rule?.Invoke(value, theory.Extents) is { } wrong) reader.Fail(option.Name, wrong);
        return value;
    }

    private static TomlNode Node(object value) => value switch
    {
        bool truth => Of(truth),
        int number => Of((long)number),
        double number => Of(number),
        string word => Of(word),
        ValueList<int> numbers => Of(numbers),
        ValueList<string> words => Array(words.Select(word => (TomlNode)Of(word))),
        _ => throw new InvalidOperationException($"no TOML for {value.GetType()}."),
    };
}

using LatticeFlow.Actions;
using LatticeFlow.Fields;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>
/// <c>theory.action</c>, or where the path of an annealed ensemble starts: an action of <see cref="ActionRegistry"/> with the values of all its parameters, or the sum of the actions <see cref="Terms"/>. What there is, the registry knows.
/// </summary>
public sealed record ActionSettings(string Kind, ValueList<(string Name, double Value)> Values)
{
    private static readonly string[] _parametersOfLinks = [.. ActionRegistry.All.Where(entry => entry.Fields.Any(field => field.Place == FieldPlace.Links)).SelectMany(entry => entry.Parameters).Select(parameter => parameter.Name).Distinct()];

    /// <summary>The keys of a term of a sum.</summary>
    public static readonly string[] TermKeys = ["kind", .. _parametersOfLinks, "terms"];

    /// <summary>The keys of all actions.</summary>
    public static readonly string[] Keys = [.. TermKeys.Union(ActionRegistry.All.SelectMany(entry => entry.Parameters).Select(parameter => parameter.Name))];

    /// <summary>The actions that a sum adds up; empty for all others.</summary>
    public ValueList<ActionSettings> Terms { get; init; } = [];

    /// <summary>β where there is one; else 0.</summary>
    public double Beta => Value("beta") ?? 0;

    /// <summary>The least extent for a heat bath.</summary>
    public int LeastHeatBathExtent => Entry is { } entry ? entry.LeastHeatBathExtent(Parameters) : Terms.Select(term => term.LeastHeatBathExtent).DefaultIfEmpty(2).Max();

    /// <summary>Parts that may be integrated on different time scales: those of the action, or the terms of a sum.</summary>
    public int Parts => Entry?.Parts ?? Terms.Count;

    /// <summary>Whether it is made of more than plaquettes.</summary>
    public bool HasRectangles => Entry is { Parts: > 1 } ? Value("c1") != 0 : Terms.Any(term => term.HasRectangles);

    /// <summary>Whether it is the action of a torus: the same at every place.</summary>
    public bool IsTorus => Entry?.IsTorus(Parameters) ?? Terms.All(term => term.IsTorus);

    /// <summary>What the library makes an action of.</summary>
    public ActionDescription Description => new(Kind, Parameters) { Terms = [.. Terms.Select(term => term.Description)] };

    private ActionEntry? Entry => ActionRegistry.Named(Kind);

    private Dictionary<string, double> Parameters => Values.ToDictionary(value => value.Name, value => value.Value);

    /// <summary>An action with these values, and the defaults of all others.</summary>
    public static ActionSettings With(ActionEntry entry, params IReadOnlyList<(string Name, double Value)> values) =>
        new(entry.Name, [.. entry.Parameters.Select(parameter => (parameter.Name, values.Where(value => value.Name == parameter.Name).Select(value => (double?)value.Value).FirstOrDefault() ?? parameter.Default ?? 0))]);

    /// <summary>A parameter, or null where the action has no such.</summary>
    public double? Value(string name) => Values.Where(value => value.Name == name).Select(value => (double?)value.Value).FirstOrDefault();

    /// <summary>The action of a key of a section.</summary>
    public static ActionSettings Read(SectionReader section, FieldType field, IReadOnlyList<int> extents, string key = "action")
    {
        var usual = ActionRegistry.For(field)[0];
        if (!section.Has(key)) section.Fail(key, $"is missing: give it, for example {key} = {Example(usual)}");
        return section.Table(key, Keys) is { } reader ? Read(reader, field, extents, isTerm: false) : With(usual);
    }

    public TomlTable Write() => Table([("kind", Of(Kind)), .. Values.Where(value => !IsUsual(value.Name, value.Value)).Select(value => (value.Name, Node(value.Name, value.Value))), ("terms", Kind == SumAction.Kind ? Array(Terms.Select(term => term.Write())) : null)]);

    /// <summary>An action as a configuration has it, with the usual value of each parameter that has to be given.</summary>
    private static string Example(ActionEntry entry) =>
        $"{{ kind = {TomlText.Quote(entry.Name)}, {string.Join(", ", entry.Parameters.Where(parameter => parameter.Default is null).Select(parameter => $"{parameter.Name} = {TomlText.Number(parameter.Example)}"))} }}";

    private static ActionSettings Read(SectionReader reader, FieldType field, IReadOnlyList<int> extents, bool isTerm)
    {
        var usual = ActionRegistry.For(field)[0];
        var text = reader.Text("kind", usual.Name);
        var names = ActionRegistry.NamesFor(field);
        if (!names.Contains(text))
        {
            // Which of the other keys belong to it cannot be said.
            FailKind(reader, field, text, names);
            return With(usual);
        }
        var settings = text == SumAction.Kind ? ReadSum(reader, field, extents) : ReadOne(reader, ActionRegistry.Named(text)!, extents, isTerm);
        reader.Close($"the action \"{text}\"");
        return settings;
    }

    private static void FailKind(SectionReader reader, FieldType field, string text, IReadOnlyList<string> names)
    {
        var word = text.Trim().ToLowerInvariant();
        var meant = ActionRegistry.For(field).SelectMany(entry => entry.Parameters.Select(parameter => (entry, parameter))).FirstOrDefault(pair => pair.parameter.Words.Any(known => known.Word == word));
        if (meant.entry is not null) reader.Fail("kind", $"{TomlText.Quote(text)} is a choice of {meant.parameter.Name}: write kind = {TomlText.Quote(meant.entry.Name)}, {meant.parameter.Name} = {TomlText.Quote(word)}");
        else if (ActionRegistry.Names.Contains(text)) reader.Fail("kind", $"{TomlText.Quote(text)} is no action of the field {TomlText.Quote(field.Name)}, which has {string.Join(", ", names.Select(TomlText.Quote))}{OtherField(field)}");
        else reader.FailChoice("kind", reader.PlaceOf("kind"), text, names);
    }

    private static string OtherField(FieldType field) => field == FieldType.Scalar ? "; leave theory.field out for links of theory.group" : $"; write theory.field = \"{FieldType.Scalar}\" for a scalar";

    private static ActionSettings ReadSum(SectionReader reader, FieldType field, IReadOnlyList<int> extents)
    {
        var terms = reader.Tables("terms", TermKeys);
        if (reader.IsMissingOrEmpty("terms"))
            reader.Fail("terms", $"is missing or empty: give them, for example terms = [ {string.Join(", ", ActionRegistry.For(field).Take(2).Select(Example))} ]");
        return new(SumAction.Kind, []) { Terms = [.. (terms ?? []).Select(term => Read(term, field, extents, isTerm: true))] };
    }

    private static ActionSettings ReadOne(SectionReader reader, ActionEntry entry, IReadOnlyList<int> extents, bool isTerm)
    {
        foreach (var parameter in entry.Parameters.Where(parameter => parameter.Default is null && !reader.Has(parameter.Name)))
            reader.Fail(parameter.Name, $"is missing: give it, for example {parameter.Name} = {TomlText.Number(parameter.Example)}");
        ActionSettings settings = new(entry.Name, [.. entry.Parameters.Select(parameter => (parameter.Name, ReadValue(reader, parameter, isTerm)))]);
        if ((entry.Rule(settings.Parameters) ?? entry.RuleOfLattice(settings.Parameters, extents)) is { } wrong) reader.Fail(wrong.Key, $"{wrong.Problem}, not {TomlText.Number(settings.Value(wrong.Key)!.Value)}");
        return settings;
    }

    private static double ReadValue(SectionReader reader, ActionParameter parameter, bool isTerm)
    {
        // Where it is missing, which has been reported, 1 is harmless.
        var fallback = parameter.Default ?? 1;
        var (least, range) = isTerm && !double.IsNaN(parameter.MinimumOfTerm) ? (parameter.MinimumOfTerm, null) : (parameter.Minimum, parameter.Range);
        range ??= string.Create(System.Globalization.CultureInfo.InvariantCulture, $"between {Short(least)} and {Short(parameter.Maximum)}");
        if (parameter.Words.Count == 0) return reader.Number(parameter.Name, fallback, value => value >= least && value <= parameter.Maximum, range);
        var number = reader.NumberOrName(parameter.Name, fallback, new([.. parameter.Words.Select(word => (word.Word, word.Value))]));
        if (!(number >= least && number <= parameter.Maximum)) reader.Fail(parameter.Name, $"must be {range}, not {TomlText.Number(number)}");
        return number;
    }

    // 1e9 and not 1000000000.
    private static string Short(double value) => Math.Abs(value) is >= 1e3 or (> 0 and < 1e-2) ? value.ToString("0.###e0", System.Globalization.CultureInfo.InvariantCulture) : value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    // Rare parameters are written where they say something.
    private bool IsUsual(string name, double value) => Entry?.Parameters.First(parameter => parameter.Name == name) is { IsRare: true } parameter && parameter.Default == value;

    private TomlNode Node(string name, double value) => Entry?.Parameters.First(parameter => parameter.Name == name).WordOf(value) is { } word ? Of(word) : Of(value);
}

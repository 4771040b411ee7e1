using LatticeFlow.Fields;
using LatticeFlow.Groups;

namespace LatticeFlow.Flows;

/// <summary>A kind of layer that a configuration can name.</summary>
/// <param name="Name">The word after <c>kind =</c>.</param>
/// <param name="Summary">What it is, for the manual.</param>
/// <param name="Options">Its keys, in the order of the manual; an option that others depend on comes before them.</param>
/// <param name="Create">The layers.</param>
public sealed record LayerKind(string Name, string Summary, IReadOnlyList<LayerOption> Options, Func<LayerArguments, IEnumerable<IFlowLayer>> Create)
{
    /// <summary>Why there are no such layers for a field in so many dimensions, in words after the name, or null. Unless said otherwise a kind is for links of every gauge group.</summary>
    public Func<FieldType, int, string?> Refusal { get; init; } =
        (field, _) => field is GaugeGroup ? null : $"moves links of a gauge group, not {field.Description}: use \"affine-coupling\"";

    /// <summary>The values of all options left out.</summary>
    public IReadOnlyDictionary<string, object> Defaults() => Complete(new Dictionary<string, object>());

    /// <summary>These values, and the defaults of all other options that apply.</summary>
    public IReadOnlyDictionary<string, object> Complete(IReadOnlyDictionary<string, object> given)
    {
        Dictionary<string, object> values = [];
        foreach (var option in Options)
        {
            if (Applies(option, values)) values[option.Name] = given.TryGetValue(option.Name, out object? value) ? value : option.Default;
        }

        return values;
    }

    /// <summary>Whether an option applies, given those before it.</summary>
    public static bool Applies(LayerOption option, IReadOnlyDictionary<string, object> values) =>
        option.When is not { } when || (values.TryGetValue(when.Option, out object? value) && Equals(value, when.Value));
}

using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>The actions that a configuration can name. Adding one adds one line to <see cref="All"/>.</summary>
public static class ActionRegistry
{
    /// <summary>Every action but sums, which are made of others.</summary>
    public static IReadOnlyList<ActionEntry> All { get; } = [WilsonAction.Entry, RectangleAction.Entry, Phi4Action.Entry];

    /// <summary>All names, sums included.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(entry => entry.Name), SumAction.Kind];

    /// <summary>The action of this name; null for a sum and for what is unknown.</summary>
    public static ActionEntry? Named(string name) => All.FirstOrDefault(entry => entry.Name == name);

    /// <summary>Those of a field; the first is the usual one.</summary>
    public static IReadOnlyList<ActionEntry> For(FieldType field) => [.. All.Where(entry => entry.Fields.Contains(field))];

    /// <summary>The names for a field; sums are of actions of links.</summary>
    public static IReadOnlyList<string> NamesFor(FieldType field) => [.. For(field).Select(entry => entry.Name), .. (field is GaugeGroup ? [SumAction.Kind] : Array.Empty<string>())];

    /// <summary>The action of this name with these parameters.</summary>
    /// <exception cref="ArgumentException">Unknown name, an action of another field, missing or unknown parameter; the message lists what there is.</exception>
    public static IAction Create(LatticeGeometry lattice, FieldType field, string name, IReadOnlyDictionary<string, double> parameters)
    {
        var entry = Named(name) ?? throw new ArgumentException($"action '{name}' is unknown: there is {string.Join(", ", Names)}.");
        if (!entry.Fields.Contains(field)) throw new ArgumentException($"action '{name}' is not for the field '{field}': it takes {string.Join(", ", NamesFor(field))}.");
        foreach (string key in parameters.Keys)
        {
            if (!entry.Parameters.Any(parameter => parameter.Name == key))
                throw new ArgumentException($"action '{name}' has no parameter '{key}': it takes {string.Join(", ", entry.Parameters.Select(parameter => parameter.Name))}.");
        }

        var values = entry.Parameters
            .Select(parameter => parameters.TryGetValue(parameter.Name, out double value) ? value
                : parameter.Default ?? throw new ArgumentException($"action '{name}' needs the parameter '{parameter.Name}'."))
            .ToArray();
        return entry.Construct(lattice, field, values);
    }

    /// <summary>The action of a description.</summary>
    /// <exception cref="ArgumentException">As above; or a sum without terms, or terms of an action that is no sum.</exception>
    public static IAction Create(LatticeGeometry lattice, FieldType field, ActionDescription description)
    {
        if (description.Name == SumAction.Kind)
        {
            if (description.Parameters.Count > 0) throw new ArgumentException($"a sum has no parameter '{description.Parameters.Keys.First()}': its terms have.");
            return new SumAction([.. description.Terms.Select(term => Create(lattice, field, term) as LoopAction
                ?? throw new ArgumentException($"action '{term.Name}' is no term of a sum: sums are of actions of links."))]);
        }

        if (description.Terms.Count > 0) throw new ArgumentException($"action '{description.Name}' has no terms: only a sum has.");
        return Create(lattice, field, description.Name, description.Parameters);
    }
}

using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>The actions that a configuration can name. Adding one adds one line here.</summary>
public static class ActionRegistry
{
    /// <summary>Name, fields, parameters and constructor of every action but sums; parameters come in the order of their names.</summary>
    public static IReadOnlyList<Entry> All { get; } =
    [
        OfLinks(WilsonAction.Kind, [new("beta"), new("anisotropy", 1)], (lattice, group, p) => new WilsonAction(lattice, group, p[0], p[1])),
        OfLinks(RectangleAction.Kind, [new("beta"), new("c1", RectangleAction.Symanzik), new("anisotropy", 1)], (lattice, group, p) => new RectangleAction(lattice, group, p[0], p[1], p[2])),
        new(Phi4Action.Kind, [FieldType.Scalar], [new(Phi4Action.MassSquaredName), new(Phi4Action.LambdaName)], (lattice, _, p) => new Phi4Action(lattice, p[0], p[1])),
    ];

    /// <summary>All names, sums included.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(entry => entry.Name), SumAction.Kind];

    /// <summary>The names for a field; sums are of actions of links.</summary>
    public static IReadOnlyList<string> NamesFor(FieldType field) =>
        [.. All.Where(entry => entry.Fields.Contains(field)).Select(entry => entry.Name), .. (field is GaugeGroup ? [SumAction.Kind] : Array.Empty<string>())];

    /// <summary>The action of this name with these parameters.</summary>
    /// <exception cref="ArgumentException">Unknown name, an action of another field, missing or unknown parameter; the message lists what there is.</exception>
    public static IAction Create(LatticeGeometry lattice, FieldType field, string name, IReadOnlyDictionary<string, double> parameters)
    {
        var entry = All.FirstOrDefault(e => e.Name == name)
            ?? throw new ArgumentException($"action '{name}' is unknown: there is {string.Join(", ", Names)}.");
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

    private static Entry OfLinks(string name, IReadOnlyList<Parameter> parameters, Func<LatticeGeometry, GaugeGroup, double[], LoopAction> construct) =>
        new(name, GaugeGroup.All, parameters, (lattice, field, values) => construct(lattice, (GaugeGroup)field, values));

    /// <summary>A parameter; without a default it has to be given.</summary>
    public sealed record Parameter(string Name, double? Default = null);

    /// <summary>One action that can be named, and the fields that it is for.</summary>
    public sealed record Entry(string Name, IReadOnlyList<FieldType> Fields, IReadOnlyList<Parameter> Parameters, Func<LatticeGeometry, FieldType, double[], IAction> Construct);
}

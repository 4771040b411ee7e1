using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>The actions that a configuration can name. Adding one adds one line here.</summary>
public static class ActionRegistry
{
    /// <summary>Name, parameters and constructor of every action; parameters come in the order of their names.</summary>
    public static IReadOnlyList<Entry> All { get; } =
    [
        new("wilson", ["beta"], (lattice, p) => new WilsonAction(lattice, p[0])),
    ];

    /// <summary>The action of this name with these parameters.</summary>
    /// <exception cref="ArgumentException">Unknown name, missing or unknown parameter; the message lists what there is.</exception>
    public static IAction Create(string name, LatticeGeometry lattice, IReadOnlyDictionary<string, double> parameters)
    {
        var entry = All.FirstOrDefault(e => e.Name == name)
            ?? throw new ArgumentException($"action '{name}' is unknown: there is {string.Join(", ", All.Select(e => e.Name))}.");
        foreach (string key in parameters.Keys)
        {
            if (!entry.Parameters.Contains(key))
                throw new ArgumentException($"action '{name}' has no parameter '{key}': it takes {string.Join(", ", entry.Parameters)}.");
        }

        var values = entry.Parameters
            .Select(key => parameters.TryGetValue(key, out double value) ? value : throw new ArgumentException($"action '{name}' needs the parameter '{key}'."))
            .ToArray();
        return entry.Construct(lattice, values);
    }

    /// <summary>One action that can be named.</summary>
    public sealed record Entry(string Name, IReadOnlyList<string> Parameters, Func<LatticeGeometry, double[], IAction> Construct);
}

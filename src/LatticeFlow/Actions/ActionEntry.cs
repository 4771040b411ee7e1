using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>One action that can be named: fields, parameters and constructor. It stands in the file of its action, and in one line of <see cref="ActionRegistry.All"/>.</summary>
/// <param name="Name">The word after <c>kind =</c>.</param>
/// <param name="Summary">What it is, for the manual.</param>
/// <param name="Fields">What it is for.</param>
/// <param name="Parameters">In the order in which configurations are written.</param>
/// <param name="Construct">The action; values come in the order of the parameters.</param>
public sealed record ActionEntry(
    string Name, string Summary, IReadOnlyList<FieldType> Fields, IReadOnlyList<ActionParameter> Parameters, Func<LatticeGeometry, FieldType, double[], IAction> Construct)
{
    /// <summary>Parts that may be integrated on different time scales.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Whether S = β s with the parameter <c>beta</c> and an s that is the same at every β, so that ensembles at several of them can be joined.</summary>
    public bool IsLinearInBeta { get; init; }

    /// <summary>The least extent for a heat bath: below, a link enters one of the loops twice.</summary>
    public Func<IReadOnlyDictionary<string, double>, int> LeastHeatBathExtent { get; init; } = _ => 2;

    /// <summary>What is wrong with values that are good one by one: the key, and a sentence that goes on from it; null: nothing.</summary>
    public Func<IReadOnlyDictionary<string, double>, (string Key, string Problem)?> Rule { get; init; } = _ => null;

    /// <summary>The same of values on a lattice of these extents.</summary>
    public Func<IReadOnlyDictionary<string, double>, IReadOnlyList<int>, (string Key, string Problem)?> RuleOfLattice { get; init; } = (_, _) => null;

    /// <summary>Whether every place of the lattice is like every other with these values: what is known of a torus holds there alone.</summary>
    public Func<IReadOnlyDictionary<string, double>, bool> IsTorus { get; init; } = _ => true;

    /// <summary>An action of links of every gauge group.</summary>
    public static ActionEntry OfLinks(string name, string summary, IReadOnlyList<ActionParameter> parameters, Func<LatticeGeometry, GaugeGroup, double[], LoopAction> construct) =>
        new(name, summary, GaugeGroup.All, parameters, (lattice, field, values) => construct(lattice, (GaugeGroup)field, values));
}

using LatticeFlow.Actions;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>What a flow acts on: configurations of a field on a lattice.</summary>
/// <param name="Group">The group that the links belong to.</param>
/// <param name="Lattice">The lattice.</param>
public sealed record FlowSpace(GaugeGroup Group, LatticeGeometry Lattice)
{
    /// <summary>The configurations of an action.</summary>
    /// <exception cref="NotSupportedException">They are no links.</exception>
    public static FlowSpace Of(IAction action) => new(GaugeGroup.Of(action.Field, "a flow"), action.Lattice);

    /// <summary>Numbers of a configuration, <c>[link][component]</c>.</summary>
    public int Numbers => Lattice.Links * Group.Components;

    /// <summary>Numbers of a tangent vector or cotangent, <c>[link][a]</c>.</summary>
    public int Tangents => Lattice.Links * Group.Generators;
}

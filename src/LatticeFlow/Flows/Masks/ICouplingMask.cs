using System.Text.Json.Nodes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>Which links a coupling moves, and the frozen paths around them; the same on every lattice that has the pattern.</summary>
public interface ICouplingMask
{
    /// <summary>The mask by name and numbers: part of the description of a layer.</summary>
    JsonObject Describe();

    /// <summary>Why a lattice cannot carry the mask, or null.</summary>
    string? Refusal(LatticeGeometry lattice);

    /// <summary>How far a translation in a direction has to be for the mask to look the same; 0: there is none, but by the whole extent.</summary>
    int Period(int direction);

    /// <summary>Open paths of an active link.</summary>
    int PathsOfOne { get; }

    /// <summary>Loops of a node.</summary>
    int LoopsOfNode { get; }

    /// <summary>The mask on a lattice.</summary>
    CouplingPaths On(LatticeGeometry lattice);
}

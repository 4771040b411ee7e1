using LatticeFlow.Actions;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>A distribution exp(−S) that can be drawn from exactly, without any of the samplers.</summary>
internal interface IExactTarget
{
    LatticeGeometry Lattice { get; }

    /// <summary>S.</summary>
    IAction Action();

    /// <summary>Links from exp(−strength · S).</summary>
    void Draw(Random random, double strength, Span<double> links);

    /// <summary>Re tr of the plaquette at the origin.</summary>
    double Corner(ReadOnlySpan<double> links);
}

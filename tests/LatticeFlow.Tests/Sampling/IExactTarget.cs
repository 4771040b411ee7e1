using LatticeFlow.Actions;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>A distribution exp(−S) that can be drawn from exactly, without any of the samplers.</summary>
internal interface IExactTarget
{
    LatticeGeometry Lattice { get; }

    /// <summary>S.</summary>
    IAction Action();

    /// <summary>A configuration from exp(−strength · S).</summary>
    void Draw(Random random, double strength, Span<double> field);

    /// <summary>A function of what is at the origin: Re tr of the plaquette there, φ².</summary>
    double Corner(ReadOnlySpan<double> field);
}

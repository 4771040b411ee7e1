using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>The distribution r that a flow starts from: gauge-invariant, with a density by Haar measure that can be computed exactly.</summary>
public interface IFlowPrior
{
    /// <summary>Why the prior does not exist on a lattice, or null.</summary>
    string? Refusal(LatticeGeometry lattice);

    /// <summary>The prior as JSON.</summary>
    JsonObject Describe();

    /// <summary>The prior as kernels; <paramref name="key"/> holds the stream key of the draws.</summary>
    ICompiledPrior Compile<T, TDouble>(FlowWorkspace<T> workspace, IndexTable key)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>;
}

/// <summary>A prior as kernels.</summary>
public interface ICompiledPrior : IDisposable
{
    /// <summary>Draws configurations into the angles of the workspace, in a program of the double lane type's shape.</summary>
    void AddDraw(KernelProgram program, int purpose);

    /// <summary>Adds log r of the links to log q; with <paramref name="gradient"/> also ∂ log r/∂θ to the link cotangents.</summary>
    void AddDensity(KernelProgram program, bool gradient);
}

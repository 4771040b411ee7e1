using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Flows;

/// <summary>
/// The distribution r that a flow starts from, with a density that can be computed exactly: of links by Haar measure and gauge-invariant, of a scalar by Π dφ(x).
/// </summary>
public interface IFlowPrior
{
    /// <summary>Why the prior does not exist on a space, or null.</summary>
    string? Refusal(FieldSpace space);

    /// <summary>The prior as JSON.</summary>
    JsonObject Describe();

    /// <summary>The prior as kernels.</summary>
    ICompiledPrior Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T>;

    /// <summary>The draws of the prior for a context of any precision; <paramref name="key"/> holds their stream key.</summary>
    /// <param name="device">The device.</param>
    /// <param name="space">What is drawn.</param>
    /// <param name="shape">The batch in tiles of the double lane type.</param>
    /// <param name="target">Where configurations go, <c>[number]</c>, in tiles of the flow's lanes.</param>
    /// <param name="key">The stream key.</param>
    ICompiledDraw CompileDraw<T>(ComputeDevice device, FieldSpace space, BatchShape shape, SumField target, IndexTable key)
        where T : unmanaged, IReal64<T>;
}

/// <summary>The density of a prior as kernels.</summary>
public interface ICompiledPrior : IDisposable
{
    /// <summary>Adds log r of the configuration to log q; with <paramref name="gradient"/> also ∂ log r/∂U to the cotangents.</summary>
    void AddDensity(KernelProgram program, bool gradient);
}

/// <summary>The draws of a prior as kernels.</summary>
public interface ICompiledDraw : IDisposable
{
    /// <summary>Draws configurations, with <paramref name="purpose"/> Prior or Training.</summary>
    void AddDraw(KernelProgram program, int purpose);
}

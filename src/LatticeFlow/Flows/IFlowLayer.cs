using System.Text.Json.Nodes;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// A layer of a flow: an invertible map of gauge configurations, θ → θ′, that commutes with gauge transformations. It is a description;
/// its parameters are a stretch of the model's one flat vector, and <see cref="Compile"/> makes kernels of it.
/// </summary>
/// <remarks>
/// forward:  θ′ = f(θ),  log q(θ′) = log q(θ) − ln|det ∂θ′/∂θ|
/// inverse:  θ = f⁻¹(θ′), log q(θ) collected with the same sign, so that a whole chain run backwards gives log q(θ′) − log r
/// backward: θ = f⁻¹(θ′) and dL/dθ, dL/dparameters from dL/dθ′ and dL/d ln|det|: nothing is stored going forward
/// path:     forward, and ∂ log q/∂θ′ from ∂ log q/∂θ
/// </remarks>
public interface IFlowLayer
{
    /// <summary>Parameters of the layer.</summary>
    int Parameters { get; }

    /// <summary>Everything that says which function the layer is but its parameters, by name: what a checkpoint is checked against.</summary>
    JsonObject Describe();

    /// <summary>Why the layer cannot act on a lattice, or null.</summary>
    string? Refusal(LatticeGeometry lattice);

    /// <summary>Fresh parameters, drawn with <paramref name="uniform"/> from (0, 1).</summary>
    void Initialize(Span<double> parameters, Func<double> uniform);

    /// <summary>The layer as kernels on a device; its parameters start at <paramref name="firstParameter"/>.</summary>
    ICompiledLayer Compile<T>(FlowWorkspace<T> workspace, int firstParameter)
        where T : unmanaged, IReal<T>;
}

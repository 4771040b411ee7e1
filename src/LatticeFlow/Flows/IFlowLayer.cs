using System.Text.Json.Nodes;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Flows;

/// <summary>
/// A layer of a flow: an invertible map of configurations, U → U′, of links one that commutes with gauge transformations. It is a description; its parameters are a stretch of the
/// model's one flat vector, and <see cref="Compile"/> makes kernels of it.
/// </summary>
/// <remarks>
/// forward:  U′ = f(U),  log q(U′) = log q(U) − ln|det ∂U′/∂U|
/// inverse:  U = f⁻¹(U′), log q(U) collected with the same sign, so that a whole chain run backwards gives log q(U′) − log r
/// backward: U = f⁻¹(U′) and ∂L/∂U, dL/dparameters from ∂L/∂U′ and dL/d ln|det|: nothing is stored going forward
/// path:     forward, and ∂ log q/∂U′ from ∂ log q/∂U
/// Derivatives by links are left variations, ∂_a f(U) = d/ds f(e^{i s T_a} U) at s = 0; of an angle or a scalar that is the derivative by it. |det| is taken with respect to
/// Haar measure, of a scalar with respect to Π dφ(x).
/// </remarks>
public interface IFlowLayer
{
    /// <summary>Parameters of the layer.</summary>
    int Parameters { get; }

    /// <summary>Everything that says which function the layer is but its parameters, by name: what a checkpoint is checked against.</summary>
    JsonObject Describe();

    /// <summary>Why the layer cannot act on configurations of a space, or null.</summary>
    string? Refusal(FieldSpace space);

    /// <summary>Whether f(gz) = g f(z) for every gauge transformation g; of a scalar there is none. A layer that moves between lattices of different spacing has log q(gU) = log q(U) alone.</summary>
    bool IsEquivariant => true;

    /// <summary>How far a translation has to be, in each direction, for the layer to commute with it.</summary>
    int Period(int direction) => 1;

    /// <summary>What layers that have the same parameters have in common, by reference; null: the layer's parameters are its own.</summary>
    object? SharedParameters => null;

    /// <summary>
    /// Layers that do what this one does with half of its error, or more exactly, of the same parameters: of a layer whose ln|det| is that of a differential equation, integrated in steps. Null: ln|det| is that of the map, to rounding.
    /// </summary>
    IReadOnlyList<IFlowLayer>? Refined => null;

    /// <summary>How many elements the layer moves on a lattice, and the flop that it cannot do without for one.</summary>
    FlowFloor Floor(FieldSpace space);

    /// <summary>Fresh parameters, drawn with <paramref name="uniform"/> from (0, 1).</summary>
    void Initialize(Span<double> parameters, Func<double> uniform);

    /// <summary>The layer as kernels on a device, in a context in which it has begun.</summary>
    ICompiledLayer Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T>;
}

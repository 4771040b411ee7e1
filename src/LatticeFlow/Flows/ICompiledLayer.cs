using LatticeFlow.Compute;

namespace LatticeFlow.Flows;

/// <summary>A layer as kernels: appends its launches to programs.</summary>
public interface ICompiledLayer : IDisposable
{
    /// <summary>Takes the layer's own parameters.</summary>
    void Load(ReadOnlySpan<double> parameters);

    /// <summary>U → U′; log q changes by −ln|det|.</summary>
    void AddForward(KernelProgram program);

    /// <summary>
    /// The same, and ∂ log q/∂U → ∂ log q/∂U′ in the cotangents. With <paramref name="score"/> also −f ∂ log q/∂parameters at fixed U′ goes to the gradient, f the
    /// <see cref="LayerContext{T}.ScoreFactor"/> of each replica: log q(U′) changes by −(∂ log q/∂U′ · ∂U′/∂parameters + ∂ ln|det|/∂parameters), both at fixed U.
    /// </summary>
    void AddPathForward(KernelProgram program, bool score = false);

    /// <summary>U′ → U; log q changes by −ln|det|, taken at U.</summary>
    void AddInverse(KernelProgram program);

    /// <summary>
    /// U′ → U; ∂L/∂U′ → ∂L/∂U in the cotangents; adds dL/dparameters to the gradient where the context wants one. <paramref name="logDetCotangent"/> is dL/d ln|det| of a replica of
    /// weight 1.
    /// </summary>
    void AddBackward(KernelProgram program, double logDetCotangent);
}

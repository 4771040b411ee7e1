using LatticeFlow.Compute;

namespace LatticeFlow.Flows;

/// <summary>A layer as kernels: appends its launches to programs.</summary>
public interface ICompiledLayer : IDisposable
{
    /// <summary>Takes the layer's share of the model's parameters.</summary>
    void Load(ReadOnlySpan<double> parameters);

    /// <summary>θ → θ′; log q changes by −ln|det|.</summary>
    void AddForward(KernelProgram program);

    /// <summary>The same, and ∂ log q/∂θ → ∂ log q/∂θ′ in the link cotangents.</summary>
    void AddPathForward(KernelProgram program);

    /// <summary>θ′ → θ; log q changes by −ln|det|, taken at θ.</summary>
    void AddInverse(KernelProgram program);

    /// <summary>θ′ → θ; dL/dθ′ → dL/dθ; adds dL/dparameters to the gradient slots. <paramref name="logDetCotangent"/> is dL/d ln|det|.</summary>
    void AddBackward(KernelProgram program, double logDetCotangent);
}

using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// A monotone map of the circle onto itself, y = h(x), whose parameters are <see cref="Outputs"/> network outputs from element e
/// of a field on. Angles may be given in any branch; results are shifts, so that y = x + shift keeps the branch.
/// </summary>
/// <remarks>Registers go in by reference: by value they would be copied in four parts, which the processor cannot forward to the load of the whole.</remarks>
public interface ICircularTransform<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Parameters of one map.</summary>
    int Outputs { get; }

    /// <summary>Brings the network's outputs into the form that all other members read, in place: once for every map.</summary>
    void Prepare(in Reals<T> net, int e);

    /// <summary>shift = h(x) − x and ln h′(x).</summary>
    void Forward(in Reals<T> net, int e, in T x, out T shift, out T logSlope);

    /// <summary>shift = h⁻¹(y) − y.</summary>
    void Inverse(in Reals<T> net, int e, in T y, out T shift);

    /// <summary>h′(x) and d ln h′(x)/dx.</summary>
    void Slope(in Reals<T> net, int e, in T x, out T slope, out T logSlopeDerivative);

    /// <summary>
    /// With a scalar L that depends on y and ln h′: writes dL/dparameter from element e of <paramref name="netCotangent"/> on and returns
    /// dL/dx, given dL/dy and dL/d ln h′.
    /// </summary>
    T VectorJacobianProduct(in Reals<T> net, int e, in Reals<T> netCotangent, in T x, in T shiftCotangent, in T logSlopeCotangent);
}

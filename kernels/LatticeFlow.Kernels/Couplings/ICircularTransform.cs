using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Couplings;

/// <summary>
/// A monotone map of the circle onto itself, y = h(x), whose parameters are <see cref="Outputs"/> network outputs from element e
/// of a field on. Angles may be given in any branch; results are shifts, so that y = x + shift keeps the branch.
/// </summary>
public interface ICircularTransform<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Parameters of one map.</summary>
    int Outputs { get; }

    /// <summary>Brings the network's outputs into the form that all other members read, in place: once for every map.</summary>
    void Prepare(in Reals<T> net, int e);

    /// <summary>shift = h(x) − x and ln h′(x).</summary>
    void Forward(in Reals<T> net, int e, T x, out T shift, out T logSlope);

    /// <summary>shift = h⁻¹(y) − y.</summary>
    void Inverse(in Reals<T> net, int e, T y, out T shift);

    /// <summary>h′(x) and d ln h′(x)/dx.</summary>
    void Slope(in Reals<T> net, int e, T x, out T slope, out T logSlopeDerivative);

    /// <summary>
    /// With a scalar L that depends on y and ln h′: writes dL/dparameter from element e of <paramref name="netCotangent"/> on and returns
    /// dL/dx, given dL/dy and dL/d ln h′.
    /// </summary>
    T VectorJacobianProduct(in Reals<T> net, int e, in Reals<T> netCotangent, T x, T shiftCotangent, T logSlopeCotangent);
}

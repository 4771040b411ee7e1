using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// One iteration of G′ = (fᵀ)⁻¹ G, f the Jacobian of a step: with Gₙ = fᵀ G′ₙ in the cotangents, G′ ← G′ + G − Gₙ, which also goes to the cotangents. An item is a number of the cotangents.
/// </summary>
public struct CotangentStep<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private Reals<T> cotangents;
    private Reals<T> wanted;
    private Reals<T> found;

    /// <summary>The kernel; items = numbers of the cotangents.</summary>
    /// <param name="cotangents">Gₙ, then G′.</param>
    /// <param name="wanted">G.</param>
    /// <param name="found">G′.</param>
    public CotangentStep(Reals<T> cotangents, Reals<T> wanted, Reals<T> found)
    {
        this.cotangents = cotangents;
        this.wanted = wanted;
        this.found = found;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        cotangents = cotangents.At(place);
        wanted = wanted.At(place);
        found = found.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T next = T.Load(found, item) + T.Load(wanted, item) - T.Load(cotangents, item);
        T.Store(found, item, next);
        T.Store(cotangents, item, next);
    }
}

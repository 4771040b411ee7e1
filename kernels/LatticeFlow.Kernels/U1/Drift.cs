using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>θ[item] += ε · Coefficient · p[item]. Angles are not wrapped: the update must be reversible.</summary>
public struct Drift<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>Link angles.</summary>
    public Reals<T> Links;

    /// <summary>Momenta.</summary>
    public Reals<T> Momenta;

    /// <summary>Shared numbers; ε is number 0.</summary>
    public Reals<T> Step;

    /// <summary>The constant factor on ε.</summary>
    public double Coefficient;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Momenta = Momenta.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item) =>
        T.Store(Links, item, T.Fma(T.Uniform(Step, 0) * T.Of(Coefficient), T.Load(Momenta, item), T.Load(Links, item)));
}

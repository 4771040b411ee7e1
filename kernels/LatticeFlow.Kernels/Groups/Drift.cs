using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>U = exp(i ε P) U, P = Σ p_a T_a. One item a link. Links are not re-unitarised: the update must be reversible.</summary>
public struct Drift<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Links.</summary>
    public Reals<T> Links;

    /// <summary>p_a, an algebra field.</summary>
    public Reals<T> Momenta;

    /// <summary>Shared numbers; ε is number 0 times <see cref="Coefficient"/>.</summary>
    public Reals<T> Step;

    /// <summary>The constant factor on ε.</summary>
    public double Coefficient;

    /// <summary>The work field: 1 + <see cref="ILink{TLink, T}.ExponentialSlots"/> matrices.</summary>
    public Reals<T> Work;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Momenta = Momenta.At(place);
        Work = Work.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var exponential = TLink.Local(Work, 0);
        TLink.Exponential(Momenta, item, T.Uniform(Step, 0) * T.Of(Coefficient), Work, 1, ref exponential);
        var link = TLink.Open(Links, item);
        TLink.MultiplyFromLeft(exponential, ref link);
        TLink.Store(Links, item, link);
    }
}

using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Priors;

/// <summary>Draws plaquettes of SU(2) or SU(3), each from the density ∝ e^{(κ/N) Re tr P} with respect to Haar measure. An item is a plaquette.</summary>
/// <remarks>SU(2): <see cref="VonMisesFisher{T}"/>. SU(3): <see cref="OnePlaquette3{T}"/>.</remarks>
public struct DrawGroupPlaquettes<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    /// <summary>P, a field of links.</summary>
    public Reals<T> Plaquettes;

    /// <summary>h_a of P = e^{i h_a T_a}, an algebra field; of SU(3).</summary>
    public Reals<T> Exponents;

    /// <summary>A work field with <see cref="ILink{TLink, T}.ExponentialSlots"/> matrices.</summary>
    public Reals<T> Work;

    /// <summary>The random numbers; item p of the purpose.</summary>
    public Streams<T> Streams;

    /// <summary>κ.</summary>
    public double Concentration;

    /// <summary>a of the envelope of SU(3).</summary>
    public double Tightness;

    /// <summary>One of <see cref="RandomNumbers.Purpose"/>.</summary>
    public int Purpose;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Plaquettes = Plaquettes.At(place);
        Exponents = Exponents.At(place);
        Work = Work.At(place);
        Streams = Streams.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var plaquette = TLink.Open(Plaquettes, item);
        if (TLink.Order == 2)
        {
            new VonMisesFisher<T>(T.Of(Concentration)).Draw(Streams, Streams.Site(item), Purpose, out T x0, out T x1, out T x2, out T x3);
            TLink.SetOne(ref plaquette);
            TLink.MultiplySubgroup(0, x0, x1, x2, x3, ref plaquette);
        }
        else
        {
            new OnePlaquette3<T>(Concentration, Tightness).Draw(Streams, Streams.Site(item), Purpose, Exponents.From(item * TLink.Generators));
            TLink.Exponential(Exponents, item, T.Of(1), Work, 0, ref plaquette);
        }

        TLink.Store(Plaquettes, item, plaquette);
    }
}

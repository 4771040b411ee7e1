using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.U1;

/// <summary>
/// The uniform field of charge ±1 added to all links of U(1) in two dimensions: θ_1(x) += ± 2π x_0/V, and θ_0(x) −= ± 2π x_1/L_1 on the links from x_0 = L_0 − 1 to 0, the transition function. Every plaquette gains ± 2π/V, and Q changes by ±1
/// unless one of them crosses π. The sign is random, one a replica. One item a link.
/// </summary>
/// <remarks>Floor: 15 flop and 16 bytes a link. Source of the configuration: J. Smit, J. C. Vink, Nucl. Phys. B 286 (1987) 485, section 4.</remarks>
public struct AddInstanton<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>Link angles, not wrapped on return.</summary>
    public Reals<T> Links;

    /// <summary>The random numbers of the chain: number 0 of the replica of <see cref="Purpose.Winding"/>.</summary>
    public Streams<T> Streams;

    /// <summary>L_0 of the whole lattice.</summary>
    public int Length0;

    /// <summary>L_1 of the whole lattice.</summary>
    public int Length1;

    /// <summary>Probability of the sign +; ½, or the proposal is not symmetric.</summary>
    public double PositiveShare;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Streams = Streams.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        Distribution.Uniform(Streams.Block(0, Purpose.Winding), out T u, out _);
        T sign = T.SelectLess(u, T.Of(PositiveShare), T.Of(1), T.Of(-1));
        TorusSite<T>.Coordinates(Streams.Site(item >> 1), Length1, out T x0, out T x1);
        T along = x0 * T.Of(2 * Math.PI / ((double)Length0 * Length1));
        T across = T.SelectLess(T.Of(Length0 - 1.5), x0, x1 * T.Of(-2 * Math.PI / Length1), T.Of(0));
        T shift = (item & 1) == 1 ? along : across;
        T.Store(Links, item, T.Fma(sign, shift, T.Load(Links, item)));
    }
}

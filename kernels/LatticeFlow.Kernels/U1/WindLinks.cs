using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.U1;

/// <summary>
/// Winding of U(1) in two dimensions: θ_μ(x) += ± [φ(x) − φ(x+μ)] for links with both ends in a square of (ℓ+1)² sites, where φ grows by π/2ℓ from site to site counterclockwise around the border of the square, 2π in all, and is 0 inside. The
/// 4ℓ plaquettes around the square gain ± π/2ℓ each and all others stay, so that Q changes by ±1 unless one of them crosses π. Corner of the square, sign and ℓ are random, one of each a replica. One item a link.
/// </summary>
/// <remarks>
/// Floor: 60 flop and 16 bytes a link. A link's φ is a gauge transformation inside the square. Source: D. Albandea, P. Hernández, A. Ramos, F. Romero-López, Eur. Phys. J. C 81 (2021) 873, section 3.
/// </remarks>
public struct WindLinks<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>Link angles, not wrapped on return.</summary>
    public Reals<T> Links;

    /// <summary>The random numbers of the chain: the numbers of the replica of <see cref="Purpose.Winding"/>.</summary>
    public Streams<T> Streams;

    /// <summary>The sizes ℓ to choose from, shared.</summary>
    public Reals<T> Sizes;

    /// <summary>How many sizes there are.</summary>
    public int SizesCount;

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
        int site = item >> 1;
        Distribution.Uniform(Streams.Block(0, Purpose.Winding), out T first, out T second);
        Distribution.Uniform(Streams.Block(1, Purpose.Winding), out T third, out T fourth);
        T choice = fourth * T.Of(SizesCount);
        T size = T.Uniform(Sizes, 0);
        for (int k = 1; k < SizesCount; k++) size = T.SelectLess(choice, T.Of(k), size, T.Uniform(Sizes, k));
        TorusSite<T>.Coordinates(Streams.Site(site), Length1, out T x0, out T x1);
        T u = From(x0, TorusSite<T>.Floor(first * T.Of(Length0)), Length0);
        T v = From(x1, TorusSite<T>.Floor(second * T.Of(Length1)), Length1);

        // The square ends at ℓ in both directions; the other end of the link is one further.
        T step0 = T.Of(1 - (item & 1)), step1 = T.Of(item & 1);
        T nextU = u + step0, nextV = v + step1;
        T inside = T.SelectLess(size + T.Of(0.5), T.Max(nextU, nextV), T.Of(0), T.Of(1));
        T shift = (Place(u, v, size) - Place(nextU, nextV, size)) * (T.Of(Math.PI / 2) / size) * inside;
        T sign = T.SelectLess(third, T.Of(PositiveShare), T.Of(1), T.Of(-1));
        T.Store(Links, item, T.Fma(sign, shift, T.Load(Links, item)));
    }

    // How far a coordinate is from the corner, forwards.
    private static T From(T x, T corner, int length)
    {
        T distance = x - corner;
        return T.SelectLess(distance, T.Of(-0.5), distance + T.Of(length), distance);
    }

    // The place on the border, counterclockwise from the corner in lattice spacings; 0 inside.
    private static T Place(T u, T v, T size)
    {
        T half = T.Of(0.5), last = size - half;
        T left = T.SelectLess(u, half, T.Of(4) * size - v, T.Of(0));
        T top = T.SelectLess(last, v, T.Of(3) * size - u, left);
        T right = T.SelectLess(last, u, size + v, top);
        return T.SelectLess(v, half, u, right);
    }
}

using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// Heat bath of SU(N) links, S = −Re tr(U V): one SU(2) subgroup after the other, U → g U with g drawn from its density ∝ e^{Re tr(g U V)}. The links of one launch are in no
/// common loop of the action. U(1) has no subgroups; its links stay as they are.
/// </summary>
/// <remarks>
/// Source: N. Cabibbo, E. Marinari, Phys. Lett. B 119 (1982) 387. The subgroup sees a = k â, |â| = 1, of U V: Re tr(g U V) = 2k (g â)₀ + const, so x = g â has the
/// density ∝ e^{2k x0} and g = x â†. Rounding takes a link 10⁻¹⁶ off the group at each update, so the last step re-unitarises it.
/// </remarks>
public struct SubgroupHeatBath<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = Staples<T>.Slots + 1;

    // A subgroup that sees less than this sees nothing: ζ is 0 to rounding, and no direction is preferred.
    private const double Nothing = 1e-150;

    /// <summary>The links and their staples.</summary>
    public Staples<T> Staples;

    /// <summary>The factor on the action of each replica, one number.</summary>
    public Reals<T> Strength;

    /// <summary>The links of this launch, one an item.</summary>
    public Table LinksOfLaunch;

    /// <summary>The random numbers: <see cref="Purpose.Heatbath"/>, item link · subgroups + subgroup, which must stay below 2³².</summary>
    public Streams<T> Streams;

    /// <summary>D: links of a site.</summary>
    public int Dimensions;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Staples = Staples.At(place);
        Strength = Strength.At(place);
        Streams = Streams.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int number = T.Index(LinksOfLaunch, item);
        var sum = TLink.Local(Staples.Work, 0);
        var product = TLink.Local(Staples.Work, Staples<T>.Slots);
        Staples.Sum(number, ref sum);
        var link = TLink.Open(Staples.Links, number);
        TLink.Multiply(link, sum, ref product);
        T scale = T.Load(Strength, 0) * Staples.Factor;
        T items = T.LowWord(T.MultiplyWords(Streams.Link(number, Dimensions), T.Word((uint)TLink.Subgroups)));
        for (int k = 0; k < TLink.Subgroups; k++)
        {
            TLink.Subgroup(product, k, out T a0, out T a1, out T a2, out T a3);
            Draw(T.AddWords(items, T.Word((uint)k)), scale, ref a0, ref a1, ref a2, ref a3);
            TLink.MultiplySubgroup(k, a0, a1, a2, a3, ref link);
            if (k + 1 < TLink.Subgroups) TLink.MultiplySubgroup(k, a0, a1, a2, a3, ref product);
        }

        TLink.Reunitarise(ref link);
        TLink.Store(Staples.Links, number, link);
    }

    // Replaces a by g = x â†. A negative scale is that of −a.
    private readonly void Draw(T items, T scale, ref T a0, ref T a1, ref T a2, ref T a3)
    {
        T size = T.Sqrt(T.Fma(a0, a0, T.Fma(a1, a1, T.Fma(a2, a2, a3 * a3))));
        new VonMisesFisher<T>(T.Abs(scale + scale) * size).Draw(Streams, items, Purpose.Heatbath, out T x0, out T x1, out T x2, out T x3);
        T inverse = T.CopySign(T.Of(1) / size, scale);
        T nothing = T.Of(Nothing);
        T zero = T.Of(0);
        T b0 = T.SelectLess(size, nothing, T.Of(1), inverse * a0);
        T b1 = T.SelectLess(size, nothing, zero, inverse * a1);
        T b2 = T.SelectLess(size, nothing, zero, inverse * a2);
        T b3 = T.SelectLess(size, nothing, zero, inverse * a3);
        a0 = T.Fma(x0, b0, T.Fma(x1, b1, T.Fma(x2, b2, x3 * b3)));
        a1 = T.Fma(x1, b0, T.Fnma(x0, b1, T.Fnma(x3, b2, x2 * b3)));
        a2 = T.Fma(x2, b0, T.Fnma(x0, b2, T.Fnma(x1, b3, x3 * b1)));
        a3 = T.Fma(x3, b0, T.Fnma(x0, b3, T.Fnma(x2, b1, x1 * b2)));
    }
}

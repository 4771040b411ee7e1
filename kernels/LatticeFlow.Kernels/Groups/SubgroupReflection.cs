using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// Overrelaxation of SU(N) links, S = −Re tr(U V): one SU(2) subgroup after the other, U → g U with g = (â†)², which leaves S as it is. The links of one launch are in no common
/// loop of the action. U(1) has no subgroups; its links stay as they are.
/// </summary>
/// <remarks>
/// Source: M. Creutz, Phys. Rev. D 36 (1987) 515. The subgroup sees a = k â, |â| = 1, of U V, and Re tr(g U V) = 2k (g â)₀ + const is the same for g = 1 and g â = â†. The update
/// of one subgroup is its own inverse. Links are not re-unitarised: the heat bath between reflections does that.
/// </remarks>
public struct SubgroupReflection<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = Staples<T>.Slots + 1;

    // k² below this: the subgroup sees nothing to reflect about, and leaves the link.
    private const double Nothing = 1e-300;

    /// <summary>The links and their staples.</summary>
    public Staples<T> Staples;

    /// <summary>The links of this launch, one an item.</summary>
    public Table LinksOfLaunch;

    /// <inheritdoc/>
    public void Bind(in Place place) => Staples = Staples.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int number = T.Index(LinksOfLaunch, item);
        var sum = TLink.Local(Staples.Work, 0);
        var product = TLink.Local(Staples.Work, Staples<T>.Slots);
        Staples.Sum(number, ref sum);
        var link = TLink.Open(Staples.Links, number);
        TLink.Multiply(link, sum, ref product);
        for (int k = 0; k < TLink.Subgroups; k++)
        {
            TLink.Subgroup(product, k, out T a0, out T a1, out T a2, out T a3);
            Reflect(ref a0, ref a1, ref a2, ref a3);
            TLink.MultiplySubgroup(k, a0, a1, a2, a3, ref link);
            if (k + 1 < TLink.Subgroups) TLink.MultiplySubgroup(k, a0, a1, a2, a3, ref product);
        }

        TLink.Store(Staples.Links, number, link);
    }

    // Replaces a by g = (a†)²/|a|² = (a0² − a·a − 2i a0 a·σ)/|a|².
    private static void Reflect(ref T a0, ref T a1, ref T a2, ref T a3)
    {
        T squares = T.Fma(a1, a1, T.Fma(a2, a2, a3 * a3));
        T square = T.Fma(a0, a0, squares);
        T nothing = T.Of(Nothing);
        T zero = T.Of(0);
        T inverse = T.Of(1) / T.Max(nothing, square);
        T turn = T.SelectLess(square, nothing, zero, T.Of(-2) * a0 * inverse);
        a0 = T.SelectLess(square, nothing, T.Of(1), T.Fma(a0, a0, -squares) * inverse);
        a1 *= turn;
        a2 *= turn;
        a3 *= turn;
    }
}

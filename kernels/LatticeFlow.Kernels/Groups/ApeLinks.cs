using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// Target = the element u of the group with the largest Re tr(u X†), X = <see cref="Keep"/> · U + V†, V the staples of a link U. Item i is link FirstItem + i, and element i of the target.
/// </summary>
/// <remarks>
/// U(1) and SU(2): X/|X|. SU(N): u = U is turned in one SU(2) subgroup after the other into the place of the largest Re tr (N. Cabibbo, E. Marinari, Phys. Lett. B 119 (1982) 387)
/// until no turn is larger than rounding, so that the result does not depend on the choice of subgroups. Source of the smearing: M. Albanese et al., Phys. Lett. B 192 (1987) 163.
/// </remarks>
public struct ApeLinks<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = Staples<T>.Slots + 3;

    // Sweeps reduce the turns by a factor that is worst for the roughest links; Haar-random ones of SU(3) take some twenty.
    private const int MostSweeps = 200;

    // Squares of turns: what is left after them is below 2⁻⁵³.
    private const double Converged = 1e-29;
    private const double Tiny = 1e-300;

    /// <summary>The staples; their couplings are the weights of V.</summary>
    public Staples<T> Staples;

    /// <summary>The result, another field than the links.</summary>
    public Reals<T> Target;

    /// <summary>The link that the first item is.</summary>
    public int FirstItem;

    /// <summary>The weight of U.</summary>
    public double Keep;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Staples = Staples.At(place);
        Target = Target.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var sum = TLink.Local(Staples.Work, 0);
        var mean = TLink.Local(Staples.Work, Staples<T>.Slots);
        var result = TLink.Local(Staples.Work, Staples<T>.Slots + 1);
        Staples.Sum(FirstItem + item, ref sum);

        // Not before: a device has no registers for it beside the staples.
        var link = TLink.Open(Staples.Links, FirstItem + item);
        TLink.Adjoint(sum, ref mean);
        TLink.Scale(Staples.Factor, ref mean);
        TLink.AddScaled(T.Of(Keep), link, ref mean);
        if (TLink.Order <= 2)
        {
            TLink.Copy(mean, ref result);
            TLink.Reunitarise(ref result);
        }
        else
        {
            TLink.Copy(link, ref result);
            Turn(mean, ref result);
        }

        TLink.Store(Target, item, result);
    }

    private readonly void Turn(in TLink mean, ref TLink result)
    {
        var product = TLink.Local(Staples.Work, Staples<T>.Slots + 2);
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            var largest = T.Of(0);
            TLink.MultiplyAdjoint(result, mean, ref product);
            for (int k = 0; k < TLink.Subgroups; k++)
            {
                TLink.Subgroup(product, k, out var a0, out var a1, out var a2, out var a3);
                var square = T.Fma(a3, a3, T.Fma(a2, a2, a1 * a1));
                var norm = T.Max(T.Fma(a0, a0, square), T.Of(Tiny));
                var inverse = T.Of(1) / T.Sqrt(norm);
                largest = T.Max(largest, square / norm);

                // Re tr(g w) = 2(g0 a0 − g·a) + … is largest at g ∝ (a0, −a).
                TLink.MultiplySubgroup(k, a0 * inverse, -(a1 * inverse), -(a2 * inverse), -(a3 * inverse), ref product);
                TLink.MultiplySubgroup(k, a0 * inverse, -(a1 * inverse), -(a2 * inverse), -(a3 * inverse), ref result);
            }

            if (T.AllLess(largest, T.Of(Converged))) break;
        }

        TLink.Reunitarise(ref result);
    }
}

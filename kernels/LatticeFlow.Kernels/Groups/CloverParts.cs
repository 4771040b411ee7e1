using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// Parts[item] = Σ_x Σ_{μ&lt;ν} tr C_μν C_μν† and, in four dimensions, Σ_x tr[C_01 C_23† − C_02 C_13† + C_03 C_12†] over one chunk of sites x. C is the anti-Hermitian (SU(N):
/// traceless) part of the sum of the four plaquettes of a plane that begin at x: C_μν = 4 i F_μν + O(a²) in lattice units, P_μν = e^{i F_μν}.
/// </summary>
/// <remarks>Source of the clover: B. Sheikholeslami, R. Wohlert, Nucl. Phys. B 259 (1985) 572.</remarks>
public struct CloverParts<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    /// <summary>Sums of a chunk: the squares, the charge.</summary>
    public const int Components = 2;

    /// <summary>Entries of a plane at a site: four leaves of four links.</summary>
    public const int EntriesOfPlane = 16;

    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 7;

    /// <summary>Links.</summary>
    public Reals<T> Links;

    /// <summary>
    /// Entries of the leaves, <c>[site][plane][4][4]</c>: each leaf is four links a, b, c, d, and stands for a b (c d)†, a b† c† d, (a b)† c d and a† b c d† in this order.
    /// </summary>
    public Table Leaves;

    /// <summary>What entries mean.</summary>
    public LaneShifts Lanes;

    /// <summary>Partial sums.</summary>
    public Sums Parts;

    /// <summary>Sites of a lane.</summary>
    public int Sites;

    /// <summary>Planes of the lattice.</summary>
    public int Planes;

    /// <summary>Pairs of planes without a common direction: 3 in four dimensions, else 0. Plane p is paired with plane Planes − 1 − p.</summary>
    public int Pairs;

    /// <summary>The work field.</summary>
    public Reals<T> Work;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Parts = Parts.At<T>(place);
        Work = Work.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T squares = T.Of(0);
        T charge = T.Of(0);
        int end = Chunk.End(item, Sites);
        for (int site = Chunk.First(item); site < end; site++)
        {
            for (int plane = 0; plane < Planes - Pairs; plane++)
            {
                var first = TLink.Local(Work, 0);
                Clover((site * Planes) + plane, ref first);
                TLink.TraceMultiplyAdjoint(first, first, out var square, out _);
                squares += square;
                if (plane >= Pairs) continue;
                var second = TLink.Local(Work, 1);
                Clover((site * Planes) + Planes - 1 - plane, ref second);
                TLink.TraceMultiplyAdjoint(second, second, out square, out _);
                squares += square;
                TLink.TraceMultiplyAdjoint(first, second, out var product, out _);
                charge = T.Fma(T.Of(plane == 1 ? -1 : 1), product, charge);
            }
        }

        T.StoreTo(Parts, Components * item, squares);
        T.StoreTo(Parts, (Components * item) + 1, charge);
    }

    private readonly void Clover(int plane, ref TLink result)
    {
        var sum = TLink.Local(Work, 2);
        var a = TLink.Local(Work, 3);
        var b = TLink.Local(Work, 4);
        int entry = plane * EntriesOfPlane;
        TLink.SetZero(ref sum);
        TLink.Multiply(First(entry), Second(entry + 1), ref a);
        TLink.Multiply(First(entry + 2), Second(entry + 3), ref b);
        TLink.AddMultiplyAdjoint(a, b, ref sum);
        TLink.MultiplyAdjoint(First(entry + 4), Second(entry + 5), ref a);
        TLink.AdjointMultiply(First(entry + 6), Second(entry + 7), ref b);
        TLink.AddMultiply(a, b, ref sum);
        TLink.Multiply(First(entry + 8), Second(entry + 9), ref a);
        TLink.Multiply(First(entry + 10), Second(entry + 11), ref b);
        TLink.AddAdjointMultiply(a, b, ref sum);
        TLink.AdjointMultiply(First(entry + 12), Second(entry + 13), ref a);
        TLink.MultiplyAdjoint(First(entry + 14), Second(entry + 15), ref b);
        TLink.AddMultiply(a, b, ref sum);
        TLink.ProjectToAlgebra(sum, ref result);
    }

    private readonly TLink First(int entry) => LinkReference.Open(Links, Lanes, T.Index(Leaves, entry), TLink.Local(Work, 5));

    private readonly TLink Second(int entry) => LinkReference.Open(Links, Lanes, T.Index(Leaves, entry), TLink.Local(Work, 6));
}

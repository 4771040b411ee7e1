using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// Target_a = F^a_μν(x), 4 i F^a T_a the anti-Hermitian (SU(N): traceless) part of the sum of the four plaquettes of the plane that begin at x; P_μν = e^{i F_μν} up to higher orders in the lattice spacing. One item a plane at a site.
/// </summary>
/// <remarks>Each plaquette is added to the field as it is made: a device has no registers for their sum beside the factors. Source of the clover: B. Sheikholeslami, R. Wohlert, Nucl. Phys. B 259 (1985) 572.</remarks>
public struct FieldStrength<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Entries of a plane at a site: four leaves of four links.</summary>
    public const int EntriesOfPlane = 16;

    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 5;

    /// <summary>Links.</summary>
    public Reals<T> Links;

    /// <summary>
    /// Entries of the leaves, <c>[site][plane][4][4]</c>: each leaf is four links a, b, c, d, and stands for a b (c d)†, a b† c† d, (a b)† c d and a† b c d† in this order.
    /// </summary>
    public Table Leaves;

    /// <summary>What entries mean.</summary>
    public LaneShifts Lanes;

    /// <summary>The result, <c>[site][plane][a]</c> of the items of the launch.</summary>
    public Reals<T> Target;

    /// <summary>The plane at a site that the first item is: large lattices are worked on in parts, so that the result of a part is all that is held.</summary>
    public int FirstItem;

    /// <summary>The work field.</summary>
    public Reals<T> Work;

    // A quarter for four leaves, and 2 as tr T_a T_b = δ_ab/2, but for U(1), whose generator is 1.
    private static double Scale => TLink.Order == 1 ? 0.25 : 0.5;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Target = Target.At(place);
        Work = Work.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var a = TLink.Local(Work, 0);
        var b = TLink.Local(Work, 1);
        var leaf = TLink.Local(Work, 2);
        int entry = (FirstItem + item) * EntriesOfPlane;
        for (int i = 0; i < TLink.Generators; i++) T.Store(Target, (item * TLink.Generators) + i, T.Of(0));
        TLink.Multiply(First(entry), Second(entry + 1), ref a);
        TLink.Multiply(First(entry + 2), Second(entry + 3), ref b);
        TLink.MultiplyAdjoint(a, b, ref leaf);
        TLink.AddAlgebra(Target, item, T.Of(Scale), leaf);
        TLink.MultiplyAdjoint(First(entry + 4), Second(entry + 5), ref a);
        TLink.AdjointMultiply(First(entry + 6), Second(entry + 7), ref b);
        TLink.Multiply(a, b, ref leaf);
        TLink.AddAlgebra(Target, item, T.Of(Scale), leaf);
        TLink.Multiply(First(entry + 8), Second(entry + 9), ref a);
        TLink.Multiply(First(entry + 10), Second(entry + 11), ref b);
        TLink.AdjointMultiply(a, b, ref leaf);
        TLink.AddAlgebra(Target, item, T.Of(Scale), leaf);
        TLink.AdjointMultiply(First(entry + 12), Second(entry + 13), ref a);
        TLink.MultiplyAdjoint(First(entry + 14), Second(entry + 15), ref b);
        TLink.Multiply(a, b, ref leaf);
        TLink.AddAlgebra(Target, item, T.Of(Scale), leaf);
    }

    private readonly TLink First(int entry) => LinkReference.Open(Links, Lanes, T.Index(Leaves, entry), TLink.Local(Work, 3));

    private readonly TLink Second(int entry) => LinkReference.Open(Links, Lanes, T.Index(Leaves, entry), TLink.Local(Work, 4));
}

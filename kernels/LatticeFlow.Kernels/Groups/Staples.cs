using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// The sum V of the paths that close the loops of an action around a link U: the action depends on U through −Re tr(U V). Paths of three links close plaquettes, paths of
/// five close 1×2 rectangles.
/// </summary>
/// <remarks>
/// A short path is three entries a, b, c: even ones of a link stand for a b† c† (the plaquette ahead), odd ones for a† b† c (behind). A long path is five entries, −1 − e where a
/// link enters daggered.
/// </remarks>
public partial struct Staples<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices that <see cref="Sum"/> takes of the work field, from slot 0 on; kernels have the slots after these.</summary>
    public const int Slots = 6;

    /// <summary>Links of a short path.</summary>
    public const int ShortLength = 3;

    /// <summary>Links of a long path.</summary>
    public const int LongLength = 5;

    /// <summary>The links.</summary>
    public Reals<T> Links;

    /// <summary>The work field of the kernel.</summary>
    public Reals<T> Work;

    /// <summary>What entries mean.</summary>
    public LaneShifts Lanes;

    /// <summary>Short paths, <c>[link][ShortOfOne][3]</c>.</summary>
    public Table Short;

    /// <summary>Long paths, <c>[link][LongOfOne][5]</c>.</summary>
    public Table Long;

    /// <summary>Short paths a link: 2(D − 1).</summary>
    public int ShortOfOne;

    /// <summary>Long paths a link: 6(D − 1), or 0.</summary>
    public int LongOfOne;

    /// <summary>
    /// Links below this number ask for the links that the next one needs before it is worked on: the number of links less one where the field is larger than the caches of a core,
    /// else 0, because asking takes time as well.
    /// </summary>
    public int PrefetchEnd;

    /// <summary>Numbers of each replica: β/N of the plaquettes, then of the rectangles, where these are all alike; else a list that <see cref="CouplingOfPath"/> picks from.</summary>
    public Reals<T> Couplings;

    /// <summary>1 where couplings differ from path to path.</summary>
    public int Weighted;

    /// <summary>The coupling of each path, <c>[link][short paths, long paths]</c>. Read only where couplings differ.</summary>
    public Table CouplingOfPath;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly Staples<T> At(in Place place)
    {
        var bound = this;
        bound.Links = Links.At(place);
        bound.Work = Work.At(place);
        bound.Couplings = Couplings.At(place);
        return bound;
    }

    /// <summary>What V of <see cref="Sum"/> is still to be multiplied with.</summary>
    public readonly T Factor => Weighted == 0 && LongOfOne == 0 ? T.Load(Couplings, 0) : T.Of(1);

    /// <summary>sum = V / <see cref="Factor"/> of a link; the sum may be slot 0 of the work field.</summary>
    public readonly void Sum<TLink>(int link, ref TLink sum)
        where TLink : unmanaged, ILink<TLink, T>
    {
        if (T.Bytes == Lane.NarrowBytes && Weighted == 0 && ShortOfOne > 0)
        {
            SetShort(link, ref sum);
        }
        else
        {
            TLink.SetZero(ref sum);
            AddShort(link, ref sum);
        }

        if (LongOfOne == 0) return;
        if (Weighted == 0) TLink.Scale(T.Load(Couplings, 0), ref sum);
        AddLong(link, ref sum);
    }

    private readonly void AddShort<TLink>(int link, ref TLink sum)
        where TLink : unmanaged, ILink<TLink, T>
    {
        var product = TLink.Local(Work, 1);
        int entry = link * ShortOfOne * ShortLength;
        for (int k = 0; k < ShortOfOne; k += 2)
        {
            if (link < PrefetchEnd) Prefetch<TLink>(entry + (ShortOfOne * ShortLength));
            var a = LinkReference.Open(Links, Lanes, T.Index(Short, entry), TLink.Local(Work, 3));
            var b = LinkReference.Open(Links, Lanes, T.Index(Short, entry + 1), TLink.Local(Work, 4));
            var c = LinkReference.Open(Links, Lanes, T.Index(Short, entry + 2), TLink.Local(Work, 5));
            TLink.MultiplyAdjoint(a, b, ref product);
            if (Weighted != 0) TLink.Scale(Coupling(link, k), ref product);
            TLink.AddMultiplyAdjoint(product, c, ref sum);
            a = LinkReference.Open(Links, Lanes, T.Index(Short, entry + 3), TLink.Local(Work, 3));
            b = LinkReference.Open(Links, Lanes, T.Index(Short, entry + 4), TLink.Local(Work, 4));
            c = LinkReference.Open(Links, Lanes, T.Index(Short, entry + 5), TLink.Local(Work, 5));
            TLink.Multiply(b, a, ref product);
            if (Weighted != 0) TLink.Scale(Coupling(link, k + 1), ref product);
            TLink.AddAdjointMultiply(product, c, ref sum);
            entry += 2 * ShortLength;
        }
    }

    // What a pair of short paths will read, but for the link at its own site.
    private readonly void Prefetch<TLink>(int entry)
        where TLink : unmanaged, ILink<TLink, T>
    {
        TLink.Prefetch(Links, Lanes.Number(T.Index(Short, entry)));
        TLink.Prefetch(Links, Lanes.Number(T.Index(Short, entry + 1)));
        TLink.Prefetch(Links, Lanes.Number(T.Index(Short, entry + 3)));
        TLink.Prefetch(Links, Lanes.Number(T.Index(Short, entry + 4)));
        TLink.Prefetch(Links, Lanes.Number(T.Index(Short, entry + 5)));
    }

    private readonly void AddLong<TLink>(int link, ref TLink sum)
        where TLink : unmanaged, ILink<TLink, T>
    {
        var product = TLink.Local(Work, 1);
        var other = TLink.Local(Work, 2);
        int first = link * LongOfOne * LongLength;
        for (int k = 0; k < LongOfOne; k++)
        {
            TLink.SetOne(ref product);
            for (int i = 0; i < LongLength; i++)
            {
                int entry = T.Index(Long, first + (k * LongLength) + i);
                if (entry >= 0) TLink.Multiply(product, LinkReference.Open(Links, Lanes, entry, TLink.Local(Work, 3)), ref other);
                else TLink.MultiplyAdjoint(product, LinkReference.Open(Links, Lanes, -1 - entry, TLink.Local(Work, 3)), ref other);
                (product, other) = (other, product);
            }

            TLink.AddScaled(Weighted == 0 ? T.Load(Couplings, 1) : Coupling(link, ShortOfOne + k), product, ref sum);
        }
    }

    private readonly T Coupling(int link, int path) => T.Load(Couplings, T.Index(CouplingOfPath, (link * (ShortOfOne + LongOfOne)) + path));
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <content>
/// The sum of short paths where a product costs so little beside what surrounds it that this counts: the first path is written, not added to zero, and the three links of a path
/// are asked at once whether all are as they lie.
/// </content>
public partial struct Staples<T>
{
    private readonly void SetShort<TLink>(int link, ref TLink sum)
        where TLink : unmanaged, ILink<TLink, T>
    {
        var product = TLink.Local(Work, 1);
        int entry = link * ShortOfOne * ShortLength;
        int shifts = (1 << Lanes.Bits) - 1;
        for (int k = 0; k < ShortOfOne; k += 2)
        {
            if (link < PrefetchEnd) Prefetch<TLink>(entry + (ShortOfOne * ShortLength));
            OpenPath(entry, shifts, out TLink a, out TLink b, out TLink c);
            TLink.MultiplyAdjoint(a, b, ref product);
            if (k == 0) TLink.MultiplyAdjoint(product, c, ref sum);
            else TLink.AddMultiplyAdjoint(product, c, ref sum);
            OpenPath(entry + ShortLength, shifts, out a, out b, out c);
            TLink.Multiply(b, a, ref product);
            TLink.AddAdjointMultiply(product, c, ref sum);
            entry += 2 * ShortLength;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void OpenPath<TLink>(int entry, int shifts, out TLink a, out TLink b, out TLink c)
        where TLink : unmanaged, ILink<TLink, T>
    {
        int first = T.Index(Short, entry), second = T.Index(Short, entry + 1), third = T.Index(Short, entry + 2);
        if (((first | second | third) & shifts) == 0)
        {
            a = TLink.Open(Links, Lanes.Number(first));
            b = TLink.Open(Links, Lanes.Number(second));
            c = TLink.Open(Links, Lanes.Number(third));
        }
        else
        {
            a = LinkReference.Open(Links, Lanes, first, TLink.Local(Work, 3));
            b = LinkReference.Open(Links, Lanes, second, TLink.Local(Work, 4));
            c = LinkReference.Open(Links, Lanes, third, TLink.Local(Work, 5));
        }
    }
}

using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>Links named by the entries of a stencil table.</summary>
public static class LinkReference
{
    /// <summary>The link that an entry ≥ 0 names; <paramref name="local"/> is a matrix of the kernel's own that may be taken to hold it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLink Open<TLink, T>(in Reals<T> links, in LaneShifts lanes, int entry, in TLink local)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal<T>
    {
        int shift = lanes.Shift(entry);
        return shift == 0 ? TLink.Open(links, lanes.Number(entry)) : TLink.OpenShifted(links, lanes.Number(entry), lanes.Permutations, shift, local);
    }

    /// <summary>Number <paramref name="entry"/> of a field with one real an element: angles of U(1) links, numbers of plaquettes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(in Reals<T> field, in LaneShifts lanes, int entry)
        where T : unmanaged, IReal<T>
    {
        int shift = lanes.Shift(entry);
        return shift == 0 ? T.Load(field, lanes.Number(entry)) : T.LoadShifted(field, lanes.Number(entry), lanes.Permutations, shift);
    }
}

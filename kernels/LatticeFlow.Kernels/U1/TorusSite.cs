using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.U1;

/// <summary>Coordinates of sites of a two-dimensional lattice as numbers of each lane, whichever part of the lattice the lane holds.</summary>
internal static class TorusSite<T>
    where T : unmanaged, IReal64<T>
{
    /// <summary>x_0 and x_1 of a site, x_0·L_1 + x_1, that is a word of each lane below 2³¹.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Coordinates(T site, int length1, out T x0, out T x1)
    {
        // A word as the high half of a number in (0, 1) is the word times 2⁻³², up to 2⁻⁵³.
        T number = T.Round(T.UnitInterval(site, T.Word(0)) * T.Of(4294967296.0));
        x0 = Floor((number + T.Of(0.5)) / T.Of(length1));
        x1 = number - (x0 * T.Of(length1));
    }

    /// <summary>The integer below a number that is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Floor(T x) => T.Round(x - T.Of(0.5));
}

using LatticeFlow.Lattice;

namespace LatticeFlow.Interchange;

/// <summary>Group and lattice in the words of other codes.</summary>
public static class GaugeDescription
{
    /// <summary>As <c>SU(3) on 8x8x8x4 (x, y, z, t)</c>, in two dimensions <c>U(1) on 8x8 (x, t)</c>.</summary>
    public static string Of(int n, LatticeGeometry lattice)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        string[] axes = ["x", "y", "z", "t"];
        var named = lattice.Dimensions == 4 ? axes : [.. axes.Take(lattice.Dimensions - 1), "t"];
        return $"{(n == 1 ? "U(1)" : $"SU({n})")} on {Extents(lattice)} ({string.Join(", ", named)})";
    }

    /// <summary>L_x … L_t joined by x.</summary>
    public static string Extents(LatticeGeometry lattice) => string.Join("x", ForeignOrder.Extents(lattice));
}

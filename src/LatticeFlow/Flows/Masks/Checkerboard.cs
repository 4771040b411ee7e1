using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>The two colours of a lattice of even extents: a site has the parity (Σ_μ x_μ) mod 2, and all its neighbours have the other.</summary>
/// <param name="Parity">The parity of the active sites, 0 or 1; the others are frozen.</param>
public readonly record struct Checkerboard(int Parity)
{
    /// <summary>How far a translation has to be for the colours to look the same.</summary>
    public const int Period = 2;

    /// <summary>Why a lattice has no such colours, or null.</summary>
    public static string? Refusal(LatticeGeometry lattice)
    {
        int odd = lattice.Extents.FirstOrDefault(extent => extent % Period != 0);
        return odd == 0 ? null : $"extent {odd} is odd, and a checkerboard has even extents: use 2, 4, 6, 8, …";
    }

    /// <summary>Whether a site is active.</summary>
    public bool IsActive(LatticeGeometry lattice, int site)
    {
        int sum = 0;
        for (int mu = 0; mu < lattice.Dimensions; mu++) sum += lattice.Coordinate(site, mu);
        return sum % Period == Parity;
    }
}

using System.Numerics;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>How the sites of a lattice of even extents are divided into colours.</summary>
public enum SiteColours
{
    /// <summary>Two: the parity (Σ_μ x_μ) mod 2. All neighbours of a site have the other colour.</summary>
    Checkerboard,

    /// <summary>2^D: the place (x_μ mod 2) in cells of 2^D sites, those of even parity first.</summary>
    Cells,
}

/// <summary>The sites that a layer of a scalar moves: those of one colour; all others are frozen.</summary>
/// <param name="Colours">The colours.</param>
/// <param name="Dimensions">Dimensions of the lattice.</param>
/// <param name="Index">The number of a layer: colours follow each other in turn.</param>
public readonly record struct SiteMask(SiteColours Colours, int Dimensions, int Index)
{
    /// <summary>How far a translation has to be for the colours to look the same.</summary>
    public const int Period = 2;

    /// <summary>Layers after which every site has moved once.</summary>
    public int Cycle => Colours == SiteColours.Checkerboard ? 2 : 1 << Dimensions;

    /// <summary>The colour of the active sites.</summary>
    public int Colour => Index % Cycle;

    /// <summary>Why a lattice has no such colours, or null.</summary>
    public static string? Refusal(LatticeGeometry lattice)
    {
        int odd = lattice.Extents.FirstOrDefault(extent => extent % Period != 0);
        return odd == 0 ? null : $"extent {odd} is odd, and sites alternate between colours: use 2, 4, 6, 8, …";
    }

    /// <summary>The active sites of a lattice.</summary>
    public bool[] ActiveSites(LatticeGeometry lattice)
    {
        int dimensions = lattice.Dimensions;
        int[] places = [.. Enumerable.Range(0, 1 << dimensions).OrderBy(Parity).ThenBy(place => place)];
        int colour = Colour;
        var colours = Colours;
        return [.. Enumerable.Range(0, lattice.Volume).Select(site =>
        {
            int place = Enumerable.Range(0, dimensions).Sum(mu => (lattice.Coordinate(site, mu) % Period) << mu);
            return colours == SiteColours.Checkerboard ? Parity(place) == colour : place == places[colour];
        })];
    }

    private static int Parity(int place) => BitOperations.PopCount((uint)place) % Period;
}

using System.Text.Json.Nodes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// Links of one direction μ of one colour, (a x_μ + Σ_ν b_ν x_ν) mod colours = c, with all short paths that close loops around them, frozen: 2 colours (the parity of x) leave the staples of
/// plaquettes free of other active links; 4 colours, (2 x_μ + Σ_ν x_ν) mod 4, rectangles and chairs as well.
/// </summary>
/// <param name="Dimensions">D.</param>
/// <param name="Mu">μ.</param>
/// <param name="Colours">2 or 4.</param>
/// <param name="Colour">c.</param>
/// <param name="Rectangles">Whether rectangles are among the paths; takes 4 colours.</param>
/// <remarks>
/// With the parity mask every planar rectangle through an active link holds a second active link: its derivative would be wrong in silence. <see cref="CouplingPaths.Verify"/> checks every mask on every
/// lattice that it is used on.
/// </remarks>
public sealed record StapleMask(int Dimensions, int Mu, int Colours, int Colour, bool Rectangles) : ICouplingMask
{
    /// <inheritdoc/>
    public int PathsOfOne => (Rectangles ? 8 : 2) * (Dimensions - 1);

    /// <summary>All pairs of staples.</summary>
    public int LoopsOfNode => Staples * (Staples - 1) / 2;

    private int Staples => 2 * (Dimensions - 1);

    /// <summary>The masks that move every link once: direction after direction, colour after colour.</summary>
    public static StapleMask OfIndex(int dimensions, int index, bool rectangles)
    {
        int colours = rectangles ? 4 : 2;
        return new(dimensions, index / colours % dimensions, colours, index % colours, rectangles);
    }

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["mask"] = "staples", ["mu"] = Mu, ["colours"] = Colours, ["colour"] = Colour, ["rectangles"] = Rectangles };

    /// <inheritdoc/>
    public string? Refusal(LatticeGeometry lattice)
    {
        if (lattice.Dimensions != Dimensions) return $"the mask is for {Dimensions} dimensions, not {lattice.Dimensions}";
        int bad = lattice.Extents.FirstOrDefault(extent => extent % Colours != 0);
        return bad == 0 ? null : $"extent {bad} is not a multiple of {Colours}, the colours of the staple mask: use {Colours}, {2 * Colours}, {3 * Colours}, …";
    }

    /// <inheritdoc/>
    public int Period(int direction) => Colours;

    /// <inheritdoc/>
    public CouplingPaths On(LatticeGeometry lattice) => On(lattice, _ => true);

    /// <summary>The mask of those links alone that begin at chosen sites.</summary>
    internal CouplingPaths On(LatticeGeometry lattice, Func<int, bool> chosen)
    {
        var level = new LatticeLevel(lattice, LevelPattern.Fine(Dimensions));
        (int Link, int Node)[] active = [.. Enumerable.Range(0, lattice.Volume).Where(site => IsOfColour(lattice, site, Mu, Colours, Colour) && chosen(site)).Select(site => (lattice.Link(site, Mu), site))];
        var shapes = PathCatalogue.Staples(Dimensions, Mu).Concat(Rectangles ? PathCatalogue.Rectangles(Dimensions, Mu) : []).ToArray();
        int[][] paths = [.. active.SelectMany(one => shapes.Select(steps => level.Path(lattice.Neighbour(one.Node, Mu), steps)))];
        List<(int, int, int, int)> loops = [];
        for (int a = 0; a < active.Length; a++)
        {
            int place = 0;
            for (int j = 0; j < Staples; j++)
            {
                for (int k = j + 1; k < Staples; k++) loops.Add(((a * PathsOfOne) + j, (a * PathsOfOne) + k, active[a].Node, place++));
            }
        }

        return new(lattice, active, PathsOfOne, paths, loops, LoopsOfNode);
    }

    /// <summary>Whether U_μ(x) has a colour.</summary>
    internal static bool IsOfColour(LatticeGeometry lattice, int site, int mu, int colours, int colour)
    {
        int sum = Enumerable.Range(0, lattice.Dimensions).Sum(nu => (nu == mu && colours == 4 ? 2 : 1) * lattice.Coordinate(site, nu));
        return sum % colours == colour;
    }
}

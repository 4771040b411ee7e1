using System.Text.Json.Nodes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// Stripes in a plane of a lattice of any dimension: links of direction μ where x_ν ≡ o modulo 4, each moved by the one plaquette of the plane that lies towards +ν; the network reads what is frozen.
/// </summary>
/// <param name="Dimensions">D.</param>
/// <param name="Mu">μ.</param>
/// <param name="Nu">ν.</param>
/// <param name="Offset">o.</param>
/// <param name="Rectangles">Whether the network also reads loops of 1×2 and 2×1 plaquettes, and those around active links.</param>
/// <remarks>In two dimensions these are the stripes of G. Kanwar et al., arXiv:2003.06413. The loops of a node: plaquettes of all planes at its site; then rectangles, and the two plaquettes of ±ν together.</remarks>
public sealed record PlaquetteStripes(int Dimensions, int Mu, int Nu, int Offset, bool Rectangles) : ICouplingMask
{
    private const int Stripe = 4;

    /// <inheritdoc/>
    public int PathsOfOne => 1;

    /// <inheritdoc/>
    public int LoopsOfNode => Rectangles ? (3 * Planes) + 1 : Planes;

    private int Planes => Dimensions * (Dimensions - 1) / 2;

    /// <summary>Masks that move every link once in every plane: all ordered pairs of directions, then the next stripe.</summary>
    public static PlaquetteStripes OfIndex(int dimensions, int index, bool rectangles)
    {
        int pairs = dimensions * (dimensions - 1), pair = index % pairs, step = index / pairs % Stripe;
        int mu = pair / (dimensions - 1), other = pair % (dimensions - 1);

        // The stripes move on with the excess that a layer pushes to the next line.
        return new(dimensions, mu, other < mu ? other : other + 1, (Stripe - step) % Stripe, rectangles);
    }

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["mask"] = "plaquette-stripes", ["mu"] = Mu, ["nu"] = Nu, ["offset"] = Offset, ["rectangles"] = Rectangles };

    /// <inheritdoc/>
    public string? Refusal(LatticeGeometry lattice)
    {
        if (lattice.Dimensions != Dimensions) return $"the mask is for {Dimensions} dimensions, not {lattice.Dimensions}";
        int bad = lattice.Extents.FirstOrDefault(extent => extent % Stripe != 0);
        return bad == 0 ? null : $"extent {bad} is not a multiple of {Stripe}, the period of the stripes: use 4, 8, 12, 16, …";
    }

    /// <inheritdoc/>
    public int Period(int direction) => Stripe;

    /// <inheritdoc/>
    public CouplingPaths On(LatticeGeometry lattice)
    {
        var level = new LatticeLevel(lattice, LevelPattern.Fine(Dimensions));
        (int Link, int Node)[] active = [.. Enumerable.Range(0, lattice.Volume).Where(site => lattice.Coordinate(site, Nu) % Stripe == Offset).Select(site => (lattice.Link(site, Mu), site))];
        var moving = active.Select(one => one.Link).ToHashSet();
        List<int[]> paths = [.. active.Select(one => level.Staple(one.Node, Mu, Nu, 1))];
        List<(int, int, int, int)> loops = [];
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int plane = 0; plane < Planes; plane++)
            {
                var (a, b) = lattice.Planes[plane];
                Add(site, plane, [(a, 1), (b, 1), (a, -1), (b, -1)]);
                if (!Rectangles) continue;
                Add(site, Planes + plane, [(a, 1), (a, 1), (b, 1), (a, -1), (a, -1), (b, -1)]);
                Add(site, (2 * Planes) + plane, [(a, 1), (b, 1), (b, 1), (a, -1), (b, -1), (b, -1)]);
            }
        }

        if (Rectangles)
        {
            foreach (var (_, site) in active)
            {
                int below = lattice.Neighbour(site, Nu, -1);
                Add(below, 3 * Planes, [(Mu, 1), (Nu, 1), (Nu, 1), (Mu, -1), (Nu, -1), (Nu, -1)], site);
            }
        }

        return new(lattice, active, PathsOfOne, paths, loops, LoopsOfNode);

        void Add(int site, int place, (int, int)[] steps, int node = -1)
        {
            int[] path = level.Path(site, steps);
            if (path.Any(entry => moving.Contains(entry >= 0 ? entry : -1 - entry))) return;
            loops.Add((paths.Count, -1, node < 0 ? site : node, place));
            paths.Add(path);
        }
    }
}

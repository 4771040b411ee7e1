using System.Text.Json.Nodes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// Links of one direction μ of one of 2^D colours, and all that a staple coupling asks of them: the staples, the three links of each, and beside each of those the paths around the other plaquettes that
/// hold it. Loops are the pairs of staples and these plaquettes.
/// </summary>
/// <param name="Dimensions">D.</param>
/// <param name="Mu">μ.</param>
/// <param name="Colour">c + 4 Σ_i 2^i p_i, with c = (2 x_μ + Σ_ν x_ν) mod 4 as in <see cref="StapleMask"/>, and the parities p of all x_ν, ν ≠ μ, but the first.</param>
/// <remarks>
/// Planar rectangles want the four colours c. A chair over the far link of a staple ends in a link of direction μ displaced by ±ν ± ρ, which has the same c for half of the signs: those take the
/// parities. Displacements by ±ν, ±2ν, ±μ, ±ν ± μ and ±ν ± ρ change the colour, for extents that are multiples of 4.
/// </remarks>
public sealed record StapleSurroundings(int Dimensions, int Mu, int Colour) : ICouplingMask
{
    // Of each direction: translations by less may change colours.
    private const int Extent = 4;

    /// <summary>2(D − 1).</summary>
    public int Staples => 2 * (Dimensions - 1);

    /// <summary>Paths beside a link of a staple: 2D − 3.</summary>
    public int Neighbours => (2 * Dimensions) - 3;

    /// <inheritdoc/>
    public int PathsOfOne => Staples * (4 + (3 * Neighbours));

    /// <inheritdoc/>
    public int LoopsOfNode => (Staples * (Staples - 1) / 2) + (3 * Staples * Neighbours);

    /// <summary>The masks of a sweep over all links.</summary>
    public static IEnumerable<StapleSurroundings> Sweep(int dimensions) =>
        Enumerable.Range(0, 1 << (dimensions - 2)).SelectMany(parities => ((int[])[0, 2, 1, 3]).SelectMany(colour =>
            Enumerable.Range(0, dimensions).Select(mu => new StapleSurroundings(dimensions, mu, (4 * parities) + colour))));

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["mask"] = "surroundings", ["mu"] = Mu, ["colour"] = Colour };

    /// <inheritdoc/>
    public string? Refusal(LatticeGeometry lattice)
    {
        if (lattice.Dimensions != Dimensions) return $"the mask is for {Dimensions} dimensions, not {lattice.Dimensions}";
        int bad = lattice.Extents.FirstOrDefault(extent => extent % Extent != 0);
        return bad == 0 ? null : $"extent {bad} is not a multiple of {Extent}, the period of the colours of staple couplings: use {Extent}, {2 * Extent}, {3 * Extent}, …";
    }

    /// <inheritdoc/>
    public int Period(int direction) => Extent;

    /// <inheritdoc/>
    public CouplingPaths On(LatticeGeometry lattice)
    {
        var level = new LatticeLevel(lattice, LevelPattern.Fine(Dimensions));
        (int Link, int Node)[] active =
            [.. Enumerable.Range(0, lattice.Volume).Where(site => IsActive(lattice, site)).Select(site => (lattice.Link(site, Mu), site))];
        var staples = PathCatalogue.Staples(Dimensions, Mu);
        List<int[]> paths = [];
        List<(int, int, int, int)> loops = [];
        foreach (var (_, node) in active)
        {
            int first = paths.Count, place = 0, end = lattice.Neighbour(node, Mu);
            paths.AddRange(staples.Select(steps => level.Path(end, steps)));
            for (int j = 0; j < Staples; j++)
            {
                for (int k = j + 1; k < Staples; k++) loops.Add((first + j, first + k, node, place++));
            }

            paths.AddRange(staples.SelectMany(steps => level.Path(end, steps).Select(entry => new[] { entry })));
            foreach (var (steps, j) in staples.Select((steps, j) => (steps, j)))
            {
                int site = end;
                for (int i = 0; i < steps.Length; i++)
                {
                    int own = first + Staples + (3 * j) + i;
                    foreach (var detour in Detours(steps, i))
                    {
                        loops.Add((own, paths.Count, node, place++));
                        paths.Add(level.Path(site, detour));
                    }

                    site = lattice.Neighbour(site, steps[i].Direction, steps[i].Sign);
                }
            }
        }

        return new(lattice, active, PathsOfOne, paths, loops, LoopsOfNode);
    }

    private bool IsActive(LatticeGeometry lattice, int site)
    {
        if (!StapleMask.IsOfColour(lattice, site, Mu, 4, Colour % 4)) return false;
        int parities = Colour / 4;
        foreach (int nu in Enumerable.Range(0, Dimensions).Where(nu => nu != Mu).Skip(1))
        {
            if (lattice.Coordinate(site, nu) % 2 != parities % 2) return false;
            parities /= 2;
        }

        return true;
    }

    // The paths of three links that lead where step i of a staple leads, by the other side of its plane first, then by other planes.
    private IEnumerable<(int Direction, int Sign)[]> Detours((int Direction, int Sign)[] staple, int i)
    {
        var step = staple[i];

        // Where the active link lies: the plaquette of the staple is on that side.
        (int Direction, int Sign) inwards = i switch { 0 => staple[1], 1 => staple[2], _ => (staple[1].Direction, -staple[1].Sign) };
        yield return Detour(step, (inwards.Direction, -inwards.Sign));
        for (int nu = 0; nu < Dimensions; nu++)
        {
            if (nu == step.Direction || nu == inwards.Direction) continue;
            yield return Detour(step, (nu, 1));
            yield return Detour(step, (nu, -1));
        }
    }

    private static (int Direction, int Sign)[] Detour((int Direction, int Sign) step, (int Direction, int Sign) aside) => [aside, step, (aside.Direction, -aside.Sign)];
}

using System.Text.Json.Nodes;
using LatticeFlow.Flows;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>
/// A mask for the smallest two-dimensional lattices: links of direction μ where x_ν ≡ o modulo 2, each moved by the plaquette towards +ν; the network reads the frozen loops along ν around the lattice.
/// </summary>
internal sealed record PlaquetteRows(int Mu, int Offset) : ICouplingMask
{
    private const int Rows = 2;

    /// <inheritdoc/>
    public int PathsOfOne => 1;

    /// <inheritdoc/>
    public int LoopsOfNode => 1;

    private int Nu => 1 - Mu;

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["mask"] = "plaquette-rows", ["mu"] = Mu, ["offset"] = Offset };

    /// <inheritdoc/>
    public string? Refusal(LatticeGeometry lattice) => lattice.Dimensions != 2 || lattice.Extents.Any(extent => extent % Rows != 0) ? "the rows want two even extents" : null;

    /// <inheritdoc/>
    public int Period(int direction) => Rows;

    /// <inheritdoc/>
    public CouplingPaths On(LatticeGeometry lattice)
    {
        var level = new LatticeLevel(lattice, LevelPattern.Fine(2));
        (int Link, int Node)[] active = [.. Sites(lattice).Select(site => (lattice.Link(site, Mu), site))];
        List<int[]> paths = [.. active.Select(one => level.Staple(one.Node, Mu, Nu, 1))];
        List<(int, int, int, int)> loops = [];
        foreach (int site in Enumerable.Range(0, lattice.Volume))
        {
            loops.Add((paths.Count, -1, site, 0));
            paths.Add(level.Path(site, [.. Enumerable.Repeat((Nu, 1), lattice.Extents[Nu])]));
        }

        return new(lattice, active, PathsOfOne, paths, loops, LoopsOfNode);
    }

    /// <summary>The plaquette of each active link, which has the number of its site.</summary>
    public int[] Plaquettes(LatticeGeometry lattice) => [.. Sites(lattice)];

    private IEnumerable<int> Sites(LatticeGeometry lattice) => Enumerable.Range(0, lattice.Volume).Where(site => lattice.Coordinate(site, Nu) % Rows == Offset);
}

using System.Text.Json.Nodes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// Of a level to which coordinates have just been inserted in a direction μ, all links of a direction ν ≠ μ at these coordinates, with their two staples towards ±μ, which are frozen.
/// </summary>
/// <param name="Level">The level with the inserted coordinates.</param>
/// <param name="Mu">μ.</param>
/// <param name="Nu">ν.</param>
/// <param name="Inserted">The residues of the coordinates; no two of them are neighbours on the level.</param>
public sealed record InsertedLinks(LevelPattern Level, int Mu, int Nu, IReadOnlyList<int> Inserted) : ICouplingMask
{
    /// <inheritdoc/>
    public int PathsOfOne => 2;

    /// <inheritdoc/>
    public int LoopsOfNode => 1;

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["mask"] = "inserted", ["level"] = Level.ToString(), ["mu"] = Mu, ["nu"] = Nu, ["inserted"] = string.Join(',', Inserted) };

    /// <inheritdoc/>
    public string? Refusal(LatticeGeometry lattice) => Level.Refusal(lattice);

    /// <inheritdoc/>
    public int Period(int direction) => Level.Period;

    /// <inheritdoc/>
    public CouplingPaths On(LatticeGeometry lattice)
    {
        var level = new LatticeLevel(lattice, Level);
        (int Link, int Node)[] active = [.. Enumerable.Range(0, level.Sites.Volume)
            .Where(site => Inserted.Contains(level.Coordinate(site, Mu) % Level.Period))
            .Select(site => (level.Link(site, Nu), site))];
        int[][] paths = [.. active.SelectMany(one => (int[][])[level.Staple(one.Node, Nu, Mu, 1), level.Staple(one.Node, Nu, Mu, -1)])];
        return new(level.Sites, active, PathsOfOne, paths, CouplingPaths.Pairs(active, PathsOfOne), LoopsOfNode);
    }

    /// <inheritdoc/>
    public bool Equals(InsertedLinks? other) => other is not null && Describe().ToJsonString() == other.Describe().ToJsonString();

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Level, Mu, Nu);
}

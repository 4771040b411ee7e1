namespace LatticeFlow.Lattice;

/// <summary>A <see cref="LevelPattern"/> on a lattice: a lattice of its own, whose links are held in links of the fine one.</summary>
public sealed class LatticeLevel
{
    private readonly int[][] coordinates;

    /// <summary>The level of a pattern.</summary>
    /// <exception cref="ArgumentException">The lattice does not have the pattern.</exception>
    public LatticeLevel(LatticeGeometry fine, LevelPattern pattern)
    {
        if (pattern.Refusal(fine) is { } reason) throw new ArgumentException(reason + ".", nameof(pattern));
        Fine = fine;
        Pattern = pattern;
        coordinates = [.. fine.Extents.Select((extent, mu) => Enumerable.Range(0, extent).Where(x => pattern.Residues(mu).Contains(x % pattern.Period)).ToArray())];
        Sites = new LatticeGeometry([.. coordinates.Select(one => one.Length)]);
    }

    /// <summary>The lattice that holds the links.</summary>
    public LatticeGeometry Fine { get; }

    /// <summary>The pattern.</summary>
    public LevelPattern Pattern { get; }

    /// <summary>The level as a lattice of its own.</summary>
    public LatticeGeometry Sites { get; }

    /// <summary>The coordinate on the fine lattice of a site of the level.</summary>
    public int Coordinate(int site, int mu) => coordinates[mu][Sites.Coordinate(site, mu)];

    /// <summary>The site of the fine lattice.</summary>
    public int FineSite(int site)
    {
        Span<int> at = stackalloc int[Sites.Dimensions];
        for (int mu = 0; mu < at.Length; mu++) at[mu] = Coordinate(site, mu);
        return Fine.Site(at);
    }

    /// <summary>The link of the fine lattice that holds link U_μ of a site of the level.</summary>
    public int Link(int site, int mu) => Fine.Link(FineSite(site), mu);

    /// <summary>The links along a path of steps (direction, ±1) from a site of the level: fine links, −1 − l where they are walked backwards.</summary>
    public int[] Path(int site, params ReadOnlySpan<(int Direction, int Sign)> steps)
    {
        var path = new int[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            var (mu, sign) = steps[i];
            if (sign < 0) site = Sites.Neighbour(site, mu, -1);
            path[i] = sign > 0 ? Link(site, mu) : -1 - Link(site, mu);
            if (sign > 0) site = Sites.Neighbour(site, mu);
        }

        return path;
    }

    /// <summary>The path from x + μ to x that closes the plaquette with U_μ(x) on the side of ±ν.</summary>
    public int[] Staple(int site, int mu, int nu, int side) => Path(Sites.Neighbour(site, mu), (nu, side), (mu, -1), (nu, -side));
}

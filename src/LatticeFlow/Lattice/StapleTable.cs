namespace LatticeFlow.Lattice;

/// <summary>
/// The plaquettes around every link without the link itself: for ν ≠ μ in increasing order the one at x, then the one at x−ν. Each
/// entry is <see cref="IntegersOfOne"/> integers: the plaquette's number, then entries of links a, b, c such that the plaquette angle is
/// ±(θ_link + θ_a − θ_b − θ_c).
/// </summary>
public static class StapleTable
{
    /// <summary>Integers of a staple: plaquette, a, b, c.</summary>
    public const int IntegersOfOne = 4;

    /// <summary>The table, <c>[link][2(D−1)][4]</c>.</summary>
    /// <exception cref="NotSupportedException">An extent is 1, so that a link enters one plaquette twice.</exception>
    public static int[] OfLinks(LatticeLayout layout)
    {
        var lattice = layout.OfLane;
        if (lattice.Extents.Contains(1))
            throw new NotSupportedException($"extents {layout.Lattice}: with an extent of 1 a link enters the same plaquette twice and has no staple; a heat bath needs extents of at least 2 (use HMC).");
        var table = new List<int>(lattice.Links * 2 * (lattice.Dimensions - 1) * IntegersOfOne);
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < lattice.Dimensions; mu++)
            {
                for (int nu = 0; nu < lattice.Dimensions; nu++)
                {
                    if (nu == mu) continue;
                    int plane = PlaquetteTable.PlaneOf(lattice, Math.Min(mu, nu), Math.Max(mu, nu));
                    var at = new LatticePosition(site, 0);
                    var ahead = layout.Move(at, mu);
                    var behind = layout.Move(at, nu, -1);
                    var behindAhead = layout.Move(ahead, nu, -1);
                    table.AddRange([lattice.Plaquette(site, plane), layout.LinkEntry(ahead, nu), layout.LinkEntry(layout.Move(at, nu), mu), layout.LinkEntry(at, nu)]);
                    table.AddRange([lattice.Plaquette(behind.Site, plane), layout.LinkEntry(behind, nu), layout.LinkEntry(behind, mu), layout.LinkEntry(behindAhead, nu)]);
                }
            }
        }

        return [.. table];
    }
}

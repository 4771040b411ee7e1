namespace LatticeFlow.Lattice;

/// <summary>
/// The links of every plaquette, P_μν(x) = U_μ(x) U_ν(x+μ) U_μ(x+ν)† U_ν(x)†: four link numbers each, in this order. The first
/// two enter with sign +, the last two with −.
/// </summary>
public static class PlaquetteTable
{
    /// <summary>Links a plaquette.</summary>
    public const int LinksOfOne = 4;

    /// <summary>The table, <c>[plaquette][4]</c>.</summary>
    public static int[] Links(LatticeGeometry lattice) => Links(LatticeLayout.Plain(lattice));

    /// <summary>The same for the lattice of a lane, as entries of stencil tables.</summary>
    public static int[] Links(LatticeLayout layout)
    {
        var lattice = layout.OfLane;
        var table = new int[lattice.Plaquettes * LinksOfOne];
        int i = 0;
        for (int site = 0; site < lattice.Volume; site++)
        {
            foreach (var (mu, nu) in lattice.Planes)
            {
                var at = new LatticePosition(site, 0);
                table[i++] = layout.LinkEntry(at, mu);
                table[i++] = layout.LinkEntry(layout.Move(at, mu), nu);
                table[i++] = layout.LinkEntry(layout.Move(at, nu), mu);
                table[i++] = layout.LinkEntry(at, nu);
            }
        }

        return table;
    }

    /// <summary>
    /// The plaquettes that hold each link, <c>[link][2(D−1)]</c>, for ν ≠ μ in increasing order the one at x, then the one at x−ν. The
    /// entry is the plaquette's number p where the link enters with sign +, and −1−p where it enters with −.
    /// </summary>
    public static int[] OfLinks(LatticeGeometry lattice) => OfLinks(LatticeLayout.Plain(lattice));

    /// <summary>The same for the lattice of a lane, as entries of stencil tables.</summary>
    public static int[] OfLinks(LatticeLayout layout)
    {
        var lattice = layout.OfLane;
        var table = new int[lattice.Links * 2 * (lattice.Dimensions - 1)];
        int i = 0;
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < lattice.Dimensions; mu++)
            {
                for (int nu = 0; nu < lattice.Dimensions; nu++)
                {
                    if (nu == mu) continue;
                    int plane = PlaneOf(lattice, Math.Min(mu, nu), Math.Max(mu, nu));
                    var at = new LatticePosition(site, 0);
                    int here = layout.PlaquetteEntry(at, plane);
                    int behind = layout.PlaquetteEntry(layout.Move(at, nu, -1), plane);
                    table[i++] = mu < nu ? here : -1 - here;
                    table[i++] = mu < nu ? -1 - behind : behind;
                }
            }
        }

        return table;
    }

    /// <summary>The number of the plane (μ, ν), μ &lt; ν.</summary>
    internal static int PlaneOf(LatticeGeometry lattice, int mu, int nu)
    {
        for (int plane = 0; plane < lattice.Planes.Count; plane++)
        {
            if (lattice.Planes[plane] == (mu, nu)) return plane;
        }

        throw new ArgumentOutOfRangeException(nameof(mu));
    }
}

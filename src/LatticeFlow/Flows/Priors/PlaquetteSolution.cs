using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// The order in which links of a two-dimensional torus are solved for, given the plaquettes: links U_0 at x_1 = 0 and U_1 at x_1 &lt; L_1 − 1 are zero (a
/// gauge), but U_0(0) and U_1(0, L_1 − 1), which carry the Polyakov loops; every other link closes one plaquette.
/// </summary>
internal static class PlaquetteSolution
{
    /// <summary>Numbers of a step.</summary>
    public const int Step = 6;

    /// <summary>The two links that carry the Polyakov loops.</summary>
    public static int[] Loops(LatticeGeometry lattice) => [lattice.Link(0, 0), lattice.Link(lattice.Extents[1] - 1, 1)];

    /// <summary>The steps, see <see cref="Kernels.Priors.AssemblePlaquettes{T}.Steps"/>.</summary>
    public static int[] Steps(LatticeGeometry lattice)
    {
        int rows = lattice.Extents[0], columns = lattice.Extents[1];
        var ofPlaquette = PlaquetteTable.Links(lattice);
        var steps = new List<int>();

        void Solve(int plaquette, int link)
        {
            int place = Enumerable.Range(0, 4).Single(k => ofPlaquette[(4 * plaquette) + k] == link);
            steps.AddRange([plaquette, link, place < 2 ? 1 : -1]);
            steps.AddRange(Enumerable.Range(0, 4).Where(k => k != place).Select(k => k < 2 ? ofPlaquette[(4 * plaquette) + k] : -1 - ofPlaquette[(4 * plaquette) + k]));
        }

        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j + 1 < columns; j++) Solve(lattice.Site(i, j), lattice.Link(lattice.Site(i, j + 1), 0));
        }

        for (int i = 0; i + 1 < rows; i++) Solve(lattice.Site(i, columns - 1), lattice.Link(lattice.Site(i + 1, columns - 1), 1));
        return [.. steps];
    }

    /// <summary><c>[link]{x, x+μ}</c>.</summary>
    public static int[] SitesOfLinks(LatticeGeometry lattice)
    {
        var table = new int[2 * lattice.Links];
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < lattice.Dimensions; mu++)
            {
                int link = lattice.Link(site, mu);
                table[2 * link] = site;
                table[(2 * link) + 1] = lattice.Neighbour(site, mu);
            }
        }

        return table;
    }
}

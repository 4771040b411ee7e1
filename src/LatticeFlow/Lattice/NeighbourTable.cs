namespace LatticeFlow.Lattice;

/// <summary>The table of the neighbours of sites.</summary>
public static class NeighbourTable
{
    /// <summary>The sites ahead and behind in direction 0, in direction 1, … of every site of a lane, <c>[site][2μ, 2μ + 1]</c>. On an extent of 2 both are one site, of 1 both are the site itself.</summary>
    public static int[] OfSites(LatticeLayout layout)
    {
        var lattice = layout.OfLane;
        var entries = new List<int>(2 * lattice.Links);
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < lattice.Dimensions; mu++)
            {
                entries.Add(layout.SiteEntry(layout.Move(new(site, 0), mu)));
                entries.Add(layout.SiteEntry(layout.Move(new(site, 0), mu, -1)));
            }
        }

        return [.. entries];
    }
}

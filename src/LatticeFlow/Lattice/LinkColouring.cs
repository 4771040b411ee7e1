namespace LatticeFlow.Lattice;

/// <summary>Sets of links no two of which share a plaquette: they may be updated at once by single-link updates.</summary>
/// <remarks>
/// Links of one direction are coloured greedily in the order of their sites, which gives 2 colours a direction for even extents and
/// 3 or a few more for odd ones, on any extents.
/// </remarks>
public static class LinkColouring
{
    /// <summary>The sets, direction after direction; every link is in exactly one.</summary>
    public static IReadOnlyList<int[]> Colours(LatticeGeometry lattice)
    {
        var ofPlaquette = PlaquetteTable.Links(lattice);
        var ofLink = PlaquetteTable.OfLinks(lattice);
        int perLink = 2 * (lattice.Dimensions - 1);
        var colour = new int[lattice.Links];
        Array.Fill(colour, -1);
        var sets = new List<List<int>>();
        for (int mu = 0; mu < lattice.Dimensions; mu++)
        {
            int first = sets.Count;
            for (int site = 0; site < lattice.Volume; site++)
            {
                int link = lattice.Link(site, mu);
                var taken = new HashSet<int>();
                for (int k = 0; k < perLink; k++)
                {
                    int entry = ofLink[(link * perLink) + k];
                    int plaquette = entry >= 0 ? entry : -1 - entry;
                    for (int j = 0; j < PlaquetteTable.LinksOfOne; j++) taken.Add(colour[ofPlaquette[(plaquette * PlaquetteTable.LinksOfOne) + j]]);
                }

                int free = first;
                while (taken.Contains(free)) free++;
                if (free == sets.Count) sets.Add([]);
                sets[free].Add(link);
                colour[link] = free;
            }
        }

        return [.. sets.Select(set => set.ToArray())];
    }
}

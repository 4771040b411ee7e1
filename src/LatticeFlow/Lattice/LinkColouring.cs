namespace LatticeFlow.Lattice;

/// <summary>Sets of links that may be updated at once by single-link updates: no two of a set share a loop of the action.</summary>
/// <remarks>
/// Links of one direction are coloured greedily in the order of their sites, which for plaquettes gives 2 colours a direction for even extents and
/// 3 or a few more for odd ones, on any extents.
/// </remarks>
public static class LinkColouring
{
    /// <summary>The links of the sets that are to be updated; sets without any are left out.</summary>
    /// <param name="sets">Sets of all links.</param>
    /// <param name="links">Which links, by number; null: all.</param>
    public static IEnumerable<int[]> Chosen(IReadOnlyList<int[]> sets, Func<int, bool>? links) => links is null ? sets : sets.Select(set => set.Where(links).ToArray()).Where(set => set.Length > 0);

    /// <summary>The sets for an action of plaquettes, direction after direction; every link is in exactly one.</summary>
    public static IReadOnlyList<int[]> Colours(LatticeGeometry lattice)
    {
        var layout = LatticeLayout.Plain(lattice);
        return Colours(layout, (LoopTables.ShortPaths(layout), 2 * (lattice.Dimensions - 1) * LoopTables.ShortLength));
    }

    /// <summary>
    /// The sets for the lattice of a lane and the loops that these tables of paths close, each with its entries a link (see <see cref="LoopTables"/>). Links of different lanes are
    /// taken as one, so that lanes may be updated together.
    /// </summary>
    public static IReadOnlyList<int[]> Colours(LatticeLayout layout, params ReadOnlySpan<(int[] Paths, int EntriesOfLink)> tables)
    {
        var lattice = layout.OfLane;
        var colour = new int[lattice.Links];
        Array.Fill(colour, -1);
        var taken = new List<int>();
        var sets = new List<List<int>>();
        for (int mu = 0; mu < lattice.Dimensions; mu++)
        {
            int first = sets.Count;
            for (int site = 0; site < lattice.Volume; site++)
            {
                // A link that shares a loop with this one is on a path that closes it.
                int link = lattice.Link(site, mu);
                taken.Clear();
                foreach (var (paths, entries) in tables)
                {
                    if (paths.Length == 0) continue;
                    for (int i = link * entries; i < (link + 1) * entries; i++)
                    {
                        int entry = paths[i] >= 0 ? paths[i] : -1 - paths[i];
                        taken.Add(colour[entry >> layout.ShiftBits]);
                    }
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

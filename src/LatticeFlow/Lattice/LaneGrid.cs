namespace LatticeFlow.Lattice;

/// <summary>How many sub-lattices a lattice is cut into in each direction when its lanes are sub-lattices.</summary>
public static class LaneGrid
{
    // Sums of the same surfaces in another order are equal within this.
    private const double Rounding = 1e-12;

    /// <summary>
    /// The cut into <paramref name="lanes"/> equal sub-lattices with the smallest surface for their volume, or null where none leaves the extents that it cuts at least
    /// <paramref name="leastExtent"/>. Among equals the
    /// directions that come last are cut, so that the slices of the first direction, of which a sweep through the sites needs three at a time, are small.
    /// </summary>
    public static int[]? Best(LatticeGeometry lattice, int lanes, int leastExtent)
    {
        int[]? best = null;
        double least = double.PositiveInfinity;
        foreach (var grid in Cuts(lattice, 0, lanes, leastExtent))
        {
            double surface = 0;
            for (int mu = 0; mu < grid.Length; mu++)
            {
                if (grid[mu] > 1) surface += (double)grid[mu] / lattice.Extents[mu];
            }

            if (surface > least * (1 + Rounding)) continue;
            least = Math.Min(least, surface);
            best = grid;
        }

        return best;
    }

    private static IEnumerable<int[]> Cuts(LatticeGeometry lattice, int mu, int lanes, int leastExtent)
    {
        if (mu == lattice.Dimensions)
        {
            if (lanes == 1) yield return [];
            yield break;
        }

        for (int cut = lanes; cut >= 1; cut--)
        {
            if (lanes % cut != 0 || lattice.Extents[mu] % cut != 0 || (cut > 1 && lattice.Extents[mu] / cut < leastExtent)) continue;
            foreach (var rest in Cuts(lattice, mu + 1, lanes / cut, leastExtent)) yield return [cut, .. rest];
        }
    }
}

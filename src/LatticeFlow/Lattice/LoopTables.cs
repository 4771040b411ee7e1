namespace LatticeFlow.Lattice;

/// <summary>
/// The links of closed loops, walked forwards first and then backwards, and the paths that close them around each link. Entries are those of stencil tables of the lattice of a lane.
/// </summary>
public static class LoopTables
{
    /// <summary>Links of a 1×2 rectangle.</summary>
    public const int LinksOfRectangle = 6;

    /// <summary>Links of a path that closes a plaquette.</summary>
    public const int ShortLength = 3;

    /// <summary>Links of a path that closes a rectangle.</summary>
    public const int LongLength = 5;

    /// <summary>Long paths of a link for each other direction.</summary>
    public const int LongOfDirection = 6;

    /// <summary>
    /// The R×T rectangle with corner x in directions μ, ν: entries of R links μ and T links ν forwards, then R links μ and T links ν that are walked backwards; U(C) is F B† with F the product of
    /// the first R + T, and B† that of the adjoint others in this order.
    /// </summary>
    public static void AddRectangle(LatticeLayout layout, LatticePosition corner, int mu, int nu, int r, int t, List<int> table)
    {
        var at = corner;
        for (int i = 0; i < r; i++, at = layout.Move(at, mu)) table.Add(layout.LinkEntry(at, mu));
        for (int i = 0; i < t; i++, at = layout.Move(at, nu)) table.Add(layout.LinkEntry(at, nu));
        for (int i = 0; i < r; i++)
        {
            at = layout.Move(at, mu, -1);
            table.Add(layout.LinkEntry(at, mu));
        }

        for (int i = 0; i < t; i++)
        {
            at = layout.Move(at, nu, -1);
            table.Add(layout.LinkEntry(at, nu));
        }
    }

    /// <summary>Both 1×2 rectangles of every plane at every site, <c>[site][plane][2][6]</c>: two links in μ, then two in ν.</summary>
    public static int[] Rectangles(LatticeLayout layout)
    {
        var table = new List<int>(layout.OfLane.Plaquettes * 2 * LinksOfRectangle);
        for (int site = 0; site < layout.OfLane.Volume; site++)
        {
            foreach (var (mu, nu) in layout.OfLane.Planes)
            {
                AddRectangle(layout, new(site, 0), mu, nu, 2, 1, table);
                AddRectangle(layout, new(site, 0), mu, nu, 1, 2, table);
            }
        }

        return [.. table];
    }

    /// <summary>
    /// Paths a, b, c of every link U_μ(x), <c>[link][2(D−1)][3]</c>: for ν ≠ μ in increasing order U_ν(x+μ), U_μ(x+ν), U_ν(x), which stand for a b† c†, then U_ν(x+μ−ν), U_μ(x−ν), U_ν(x−ν), for a† b† c.
    /// </summary>
    public static int[] ShortPaths(LatticeLayout layout) => [.. ShortEntries(layout)];

    /// <summary>The entries of <see cref="ShortPaths"/>, made one after the other.</summary>
    public static IEnumerable<int> ShortEntries(LatticeLayout layout) => OfLinks(layout).SelectMany(link =>
    {
        var (at, mu, nu) = link;
        var below = layout.Move(at, nu, -1);
        return (int[])
        [
            layout.LinkEntry(layout.Move(at, mu), nu), layout.LinkEntry(layout.Move(at, nu), mu), layout.LinkEntry(at, nu),
            layout.LinkEntry(layout.Move(below, mu), nu), layout.LinkEntry(below, mu), layout.LinkEntry(below, nu),
        ];
    });

    /// <summary>
    /// The six paths of five links that close rectangles around U_μ(x) in each plane, <c>[link][6(D−1)][5]</c>, −1 − e for links walked backwards. V = product along the path, from x+μ to x.
    /// </summary>
    public static int[] LongPaths(LatticeLayout layout)
    {
        var table = new List<int>();
        foreach (var (at, mu, nu) in OfLinks(layout))
        {
            var from = layout.Move(at, mu);
            foreach (int sign in (int[])[1, -1])
            {
                // The rectangle is two wide in ν, or two long in μ with the link in its first or in its second half.
                AddPath(layout, from, table, [(nu, sign), (nu, sign), (mu, -1), (nu, -sign), (nu, -sign)]);
                AddPath(layout, from, table, [(mu, 1), (nu, sign), (mu, -1), (mu, -1), (nu, -sign)]);
                AddPath(layout, from, table, [(nu, sign), (mu, -1), (mu, -1), (nu, -sign), (mu, 1)]);
            }
        }

        return [.. table];
    }

    /// <summary>Whether a link is part of a path that closes a loop around itself, which happens on extents of 1 and 2.</summary>
    public static bool LinksMeetThemselves(LatticeLayout layout, int[] paths, int entriesOfLink)
    {
        for (int i = 0; i < paths.Length; i++)
        {
            int entry = paths[i] >= 0 ? paths[i] : -1 - paths[i];
            if (entry >> layout.ShiftBits == i / entriesOfLink) return true;
        }

        return false;
    }

    private static IEnumerable<(LatticePosition At, int Mu, int Nu)> OfLinks(LatticeLayout layout)
    {
        int dimensions = layout.OfLane.Dimensions;
        for (int site = 0; site < layout.OfLane.Volume; site++)
        {
            for (int mu = 0; mu < dimensions; mu++)
            {
                for (int nu = 0; nu < dimensions; nu++)
                {
                    if (nu != mu) yield return (new(site, 0), mu, nu);
                }
            }
        }
    }

    private static void AddPath(LatticeLayout layout, LatticePosition at, List<int> table, ReadOnlySpan<(int Direction, int Sign)> steps)
    {
        foreach (var (direction, sign) in steps)
        {
            if (sign > 0)
            {
                table.Add(layout.LinkEntry(at, direction));
                at = layout.Move(at, direction);
            }
            else
            {
                at = layout.Move(at, direction, -1);
                table.Add(-1 - layout.LinkEntry(at, direction));
            }
        }
    }
}

using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Lattice;

/// <summary>
/// How the replicas of a lattice lie on a device. Either lanes are replicas: every lane holds a whole lattice. Or lanes are sub-lattices: the lattice of one
/// replica is cut into as many equal blocks as there are lanes, each lane holds a block, and a neighbour across the border of a block is the same site of another lane.
/// Kernels are the same: they know the lattice of a lane, and entries of stencil tables that say where neighbours are.
/// </summary>
/// <remarks>Source of the second form: P. Boyle, A. Yamaguchi, G. Cossu, A. Portelli, Grid: A next generation data parallel C++ QCD library, arXiv:1512.03487.</remarks>
public sealed class LatticeLayout
{
    private readonly int[] grid;
    private readonly int[] gridStrides;
    private readonly int[] siteOfLane;

    private LatticeLayout(LatticeGeometry lattice, int replicas, int[] grid, BatchShape shape)
    {
        Lattice = lattice;
        Replicas = replicas;
        this.grid = grid;
        Shape = shape;
        Lanes = grid.Aggregate(1, (product, cut) => product * cut);
        ShiftBits = int.Log2(Lanes);
        OfLane = new LatticeGeometry([.. lattice.Extents.Select((extent, mu) => extent / grid[mu])]);
        gridStrides = new int[grid.Length];
        for (int mu = grid.Length - 1, stride = 1; mu >= 0; mu--)
        {
            gridStrides[mu] = stride;
            stride *= grid[mu];
        }

        siteOfLane = [.. Enumerable.Range(0, Lanes).Select(lane => SiteAt(0, lane))];
        CheckEntries();
    }

    /// <summary>The whole lattice.</summary>
    public LatticeGeometry Lattice { get; }

    /// <summary>Independent replicas of it.</summary>
    public int Replicas { get; }

    /// <summary>The lattice that a lane holds: all of it, or a block.</summary>
    public LatticeGeometry OfLane { get; }

    /// <summary>Lanes that hold one replica: 1 where lanes are replicas.</summary>
    public int Lanes { get; }

    /// <summary>Whether lanes are sub-lattices.</summary>
    public bool IsSplit => Lanes > 1;

    /// <summary>Bits of a table entry that hold a lane shift.</summary>
    public int ShiftBits { get; }

    /// <summary>The batch as the device sees it, counting every lane as a replica.</summary>
    public BatchShape Shape { get; }

    /// <summary>Source lanes of every shift, <c>[shift][lane]</c>: lane j of shift s reads lane Permutations[s·Lanes + j].</summary>
    public int[] Permutations
    {
        get
        {
            var table = new int[Lanes * Lanes];
            for (int shift = 0; shift < Lanes; shift++)
            {
                for (int lane = 0; lane < Lanes; lane++)
                {
                    int source = 0;
                    for (int mu = 0; mu < grid.Length; mu++) source += (GridCoordinate(lane, mu) + GridCoordinate(shift, mu)) % grid[mu] * gridStrides[mu];
                    table[(shift * Lanes) + lane] = source;
                }
            }

            return table;
        }
    }

    /// <summary>The number on the whole lattice of each site of the first lane.</summary>
    public int[] Sites => [.. Enumerable.Range(0, OfLane.Volume).Select(site => SiteAt(site, 0))];

    /// <summary>What the number on the whole lattice grows by from the first lane to each lane.</summary>
    public int[] LaneSites => [.. siteOfLane];

    /// <summary>Lanes are replicas.</summary>
    public static LatticeLayout OfReplicas<T>(ComputeDevice device, LatticeGeometry lattice, int replicas)
        where T : unmanaged, IReal<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        return new(lattice, replicas, [.. Enumerable.Repeat(1, lattice.Dimensions)], device.Shape<T>(replicas));
    }

    /// <summary>
    /// Lanes are sub-lattices, or null where the lattice cannot be cut into as many as there are lanes with extents of at least <paramref name="leastExtent"/>: with less than 2 a link would meet
    /// itself in another lane.
    /// </summary>
    public static LatticeLayout? OfSubLattices<T>(ComputeDevice device, LatticeGeometry lattice, int replicas, int leastExtent = 2)
        where T : unmanaged, IReal<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        if (T.Width == 1 || LaneGrid.Best(lattice, T.Width, leastExtent) is not { } grid) return null;
        return new(lattice, replicas, grid, device.Shape<T>(checked(replicas * T.Width)));
    }

    /// <summary>Sub-lattices where replicas alone would leave lanes idle and the lattice can be cut; else replicas.</summary>
    public static LatticeLayout Best<T>(ComputeDevice device, LatticeGeometry lattice, int replicas, int leastExtent = 2)
        where T : unmanaged, IReal<T> => (replicas < T.Width ? OfSubLattices<T>(device, lattice, replicas, leastExtent) : null) ?? OfReplicas<T>(device, lattice, replicas);

    /// <summary>A whole lattice in every lane without a device, for tables that only say what neighbours what.</summary>
    public static LatticeLayout Plain(LatticeGeometry lattice) => new(lattice, 1, [.. Enumerable.Repeat(1, lattice.Dimensions)], new(1, 1, 1));

    /// <summary>The position <paramref name="steps"/> lattice spacings away in direction μ.</summary>
    public LatticePosition Move(LatticePosition from, int mu, int steps = 1)
    {
        int x = OfLane.Coordinate(from.Site, mu) + steps;
        int blocks = (int)Math.Floor((double)x / OfLane.Extents[mu]);
        int cell = GridCoordinate(from.Shift, mu);
        int moved = (((cell + blocks) % grid[mu]) + grid[mu]) % grid[mu];
        return new(OfLane.Neighbour(from.Site, mu, steps), from.Shift + ((moved - cell) * gridStrides[mu]));
    }

    /// <summary>The table entry of a site, or of anything that has one number a site.</summary>
    public int SiteEntry(LatticePosition at) => (at.Site << ShiftBits) | at.Shift;

    /// <summary>The table entry of link U_μ.</summary>
    public int LinkEntry(LatticePosition at, int mu) => (OfLane.Link(at.Site, mu) << ShiftBits) | at.Shift;

    /// <summary>The table entry of plaquette P_μν, where plane counts the planes of the lattice.</summary>
    public int PlaquetteEntry(LatticePosition at, int plane) => (OfLane.Plaquette(at.Site, plane) << ShiftBits) | at.Shift;

    /// <summary>Sorts numbers of some sites of every lane from <c>[site][element]</c> of a whole lattice to <c>[lane][site][element]</c>, as fields are written.</summary>
    public void ToLanes(ReadOnlySpan<double> lattice, Span<double> lanes, int elementsOfSite, int firstSite, int sites)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            for (int site = 0; site < sites; site++)
                lattice.Slice(SiteAt(firstSite + site, lane) * elementsOfSite, elementsOfSite).CopyTo(lanes[(((lane * sites) + site) * elementsOfSite)..]);
        }
    }

    /// <summary>The reverse of <see cref="ToLanes"/>.</summary>
    public void FromLanes(ReadOnlySpan<double> lanes, Span<double> lattice, int elementsOfSite, int firstSite, int sites)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            for (int site = 0; site < sites; site++)
                lanes.Slice(((lane * sites) + site) * elementsOfSite, elementsOfSite).CopyTo(lattice[(SiteAt(firstSite + site, lane) * elementsOfSite)..]);
        }
    }

    /// <summary>How many of the next <paramref name="most"/> sites of a lane, from <paramref name="site"/> on, follow one another on the whole lattice, and the number of the first there.</summary>
    public int RunOfSites(int site, int lane, int most, out int first)
    {
        int last = OfLane.Extents[^1];
        first = SiteAt(site, lane);
        return Math.Min(most, last - (site % last));
    }

    private int GridCoordinate(int lane, int mu) => lane / gridStrides[mu] % grid[mu];

    private int SiteAt(int site, int lane)
    {
        Span<int> x = stackalloc int[grid.Length];
        for (int mu = 0; mu < grid.Length; mu++) x[mu] = OfLane.Coordinate(site, mu) + (GridCoordinate(lane, mu) * OfLane.Extents[mu]);
        return Lattice.Site(x);
    }

    private void CheckEntries()
    {
        long most = Math.Max(OfLane.Links, OfLane.Plaquettes);
        if (most << ShiftBits > int.MaxValue) throw new ArgumentException($"a lattice of {Lattice} has more links than 32-bit table entries can name: use fewer sites.");
    }
}

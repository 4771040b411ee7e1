using LatticeFlow.Compute;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>The tables and couplings of the staples of an action on its device.</summary>
internal sealed class StapleFields<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    // Prefetching what the next link reads gains a factor of up to 3 where the links of a tile come from memory, and costs a fifth where they are in cache.
    private const long CachedBytes = 6L << 20;
    private readonly LatticeLayout layout;
    private readonly IndexTable shortPaths;
    private readonly IndexTable longPaths;
    private readonly IndexTable couplingOfPath;
    private readonly Field<T> couplings;
    private readonly bool weighted;
    private readonly int shortOfOne;
    private readonly int longOfOne;

    public StapleFields(ComputeDevice device, LatticeLayout layout, LoopCouplings loops, int order)
    {
        this.layout = layout;
        int others = layout.OfLane.Dimensions - 1;
        shortOfOne = 2 * others;
        longOfOne = loops.HasRectangles ? LoopTables.LongOfDirection * others : 0;
        shortPaths = device.NewTable(layout.OfLane.Links * shortOfOne * LoopTables.ShortLength, LoopTables.ShortEntries(layout));
        longPaths = device.NewTable(Long);
        weighted = !loops.IsUniform;
        var (values, indices) = weighted ? Weights(layout, loops) : ([loops.Plaquettes[0], loops.Rectangles[0]], []);
        couplingOfPath = device.NewTable(indices);
        couplings = device.NewShared<T>(values.Count);
        couplings.WriteShared([.. values.Select(beta => beta / order)]);
    }

    /// <summary>Entries of the short paths; made anew each time, as the device has them.</summary>
    public int[] Short => LoopTables.ShortPaths(layout);

    /// <summary>Entries of the long paths; none without rectangles.</summary>
    public int[] Long => longOfOne > 0 ? LoopTables.LongPaths(layout) : [];

    /// <summary>The staples as kernels see them.</summary>
    public Staples<T> View(StencilTables stencil, Field<T> links, Field<T> work) => new()
    {
        Links = links.View,
        Work = work.View,
        Lanes = stencil.Shifts,
        Short = shortPaths.View,
        Long = longPaths.View,
        ShortOfOne = shortOfOne,
        LongOfOne = longOfOne,
        Couplings = couplings.View,
        Weighted = weighted ? 1 : 0,
        CouplingOfPath = couplingOfPath.View,
        PrefetchEnd = links.Bytes / links.Blocks > CachedBytes ? stencil.Layout.OfLane.Links - 1 : 0,
    };

    public void Dispose()
    {
        shortPaths.Dispose();
        longPaths.Dispose();
        couplingOfPath.Dispose();
        couplings.Dispose();
    }

    /// <summary>The different couplings, and which of them each path has, <c>[link][short paths, long paths]</c> in the order of the path tables.</summary>
    private static (List<double> Values, int[] Indices) Weights(LatticeLayout layout, LoopCouplings loops)
    {
        var values = new List<double>();
        var numbers = new Dictionary<double, int>();
        var indices = new List<int>();
        var lattice = layout.OfLane;
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < lattice.Dimensions; mu++)
            {
                var others = Enumerable.Range(0, lattice.Dimensions).Where(nu => nu != mu);
                foreach (int nu in others)
                {
                    int plane = PlaquetteTable.PlaneOf(lattice, Math.Min(mu, nu), Math.Max(mu, nu));
                    Add(loops.Plaquettes[lattice.Plaquette(layout.IsSplit ? 0 : site, plane)]);
                    Add(loops.Plaquettes[lattice.Plaquette(layout.IsSplit ? 0 : lattice.Neighbour(site, nu, -1), plane)]);
                }

                if (!loops.HasRectangles) continue;
                foreach (int nu in others)
                {
                    int plane = PlaquetteTable.PlaneOf(lattice, Math.Min(mu, nu), Math.Max(mu, nu));
                    for (int k = 0; k < LoopTables.LongOfDirection; k++) Add(loops.Rectangles[plane]);
                }
            }
        }

        return (values, [.. indices]);

        void Add(double beta)
        {
            if (!numbers.TryGetValue(beta, out int number))
            {
                number = values.Count;
                numbers.Add(beta, number);
                values.Add(beta);
            }

            indices.Add(number);
        }
    }
}

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
    private readonly CouplingMixture<T> couplings;
    private readonly ActionCoefficients<T>? owned;
    private readonly bool weighted;
    private readonly int shortOfOne;
    private readonly int longOfOne;

    /// <summary>The staples of loops that have the same couplings in every replica.</summary>
    public StapleFields(ComputeDevice device, LatticeLayout layout, LoopCouplings loops, int order)
        : this(device, layout, [loops], order, new ActionCoefficients<T>(device, layout), owns: true)
    {
    }

    /// <summary>The staples of the components of an action.</summary>
    public StapleFields(ComputeDevice device, LatticeLayout layout, IReadOnlyList<LoopCouplings> loops, int order, ActionCoefficients<T> coefficients, bool owns = false)
    {
        this.layout = layout;
        owned = owns ? coefficients : null;
        int others = layout.OfLane.Dimensions - 1;
        shortOfOne = 2 * others;
        longOfOne = loops.Any(component => component.HasRectangles) ? LoopTables.LongOfDirection * others : 0;
        shortPaths = device.NewTable(layout.OfLane.Links * shortOfOne * LoopTables.ShortLength, LoopTables.ShortEntries(layout));
        longPaths = device.NewTable(Long);
        weighted = !loops.All(component => component.IsUniform);
        var distinct = new DistinctCouplings(loops.Count);
        couplingOfPath = device.NewTable(weighted ? Weights(layout, loops, longOfOne > 0, distinct) : []);
        IReadOnlyList<IReadOnlyList<double>> values = weighted ? distinct.Components : [.. loops.Select(component => new[] { component.Plaquettes[0], component.Rectangles[0] })];
        couplings = coefficients.Mix([.. values.Select(component => component.Select(beta => beta / order).ToArray())]);
    }

    /// <summary>What kernels multiply with besides, one number a replica.</summary>
    public Field<T> Strength => couplings.Strength;

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
        Couplings = couplings.Couplings.View,
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
        owned?.Dispose();
    }

    /// <summary>Which of the different couplings each path has, <c>[link][short paths, long paths]</c> in the order of the path tables.</summary>
    private static int[] Weights(LatticeLayout layout, IReadOnlyList<LoopCouplings> loops, bool hasRectangles, DistinctCouplings distinct)
    {
        var indices = new List<int>();
        var lattice = layout.OfLane;
        var values = new double[loops.Count];
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < lattice.Dimensions; mu++)
            {
                var others = Enumerable.Range(0, lattice.Dimensions).Where(nu => nu != mu);
                foreach (int nu in others)
                {
                    int plane = PlaquetteTable.PlaneOf(lattice, Math.Min(mu, nu), Math.Max(mu, nu));
                    AddPlaquette(lattice.Plaquette(layout.IsSplit ? 0 : site, plane));
                    AddPlaquette(lattice.Plaquette(layout.IsSplit ? 0 : lattice.Neighbour(site, nu, -1), plane));
                }

                if (!hasRectangles) continue;
                foreach (int nu in others)
                {
                    int plane = PlaquetteTable.PlaneOf(lattice, Math.Min(mu, nu), Math.Max(mu, nu));
                    for (int k = 0; k < values.Length; k++) values[k] = loops[k].Rectangles[plane];
                    for (int path = 0; path < LoopTables.LongOfDirection; path++) indices.Add(distinct.NumberOf(values));
                }
            }
        }

        return [.. indices];

        void AddPlaquette(int plaquette)
        {
            for (int k = 0; k < values.Length; k++) values[k] = loops[k].Plaquettes[plaquette];
            indices.Add(distinct.NumberOf(values));
        }
    }
}

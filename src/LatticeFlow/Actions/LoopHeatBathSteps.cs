using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.U1;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>Heat bath and overrelaxation of <see cref="LoopAction"/>, one launch a colour. SU(N): in SU(2) subgroups.</summary>
internal sealed class LoopHeatBathSteps<TLink, T> : IHeatBathSteps<T>
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    private readonly StencilTables stencil;
    private readonly StapleFields<T> staples;
    private readonly Field<T> work;
    private readonly IndexTable[] colours;

    public LoopHeatBathSteps(ComputeDevice device, StencilTables stencil, IReadOnlyList<LoopCouplings> loops, ActionCoefficients<T> coefficients, Func<int, bool>? links)
    {
        this.stencil = stencil;
        var layout = stencil.Layout;
        staples = new StapleFields<T>(device, layout, loops, TLink.Order, coefficients);
        int others = layout.OfLane.Dimensions - 1;
        int shortEntries = 2 * others * LoopTables.ShortLength;
        int longEntries = LoopTables.LongOfDirection * others * LoopTables.LongLength;
        int[] shortPaths = staples.Short, longPaths = staples.Long;
        if (LoopTables.LinksMeetThemselves(layout, shortPaths, shortEntries) || LoopTables.LinksMeetThemselves(layout, longPaths, longEntries))
        {
            throw new NotSupportedException($"extents {layout.OfLane}: a link is in one loop of the action twice, so that it has no staple; a heat bath needs extents of at least "
                + $"{(longPaths.Length > 0 ? 3 : 2)} (use HMC).");
        }

        work = GroupSteps.NewWork<TLink, T>(device, layout, SubgroupHeatBath<TLink, T>.Slots);
        colours = [.. LinkColouring.Chosen(LinkColouring.Colours(layout, (shortPaths, shortEntries), (longPaths, longEntries)), links).Select(set => device.NewTable(set))];
    }

    public int Colours => colours.Length;

    public void AddDraw(KernelProgram program, int colour, Field<T> links, IndexTable key)
    {
        var view = staples.View(stencil, links, work);
        var streams = stencil.Streams<T>(key);
        int dimensions = stencil.Layout.OfLane.Dimensions;
        if (TLink.Subgroups == 0)
        {
            program.Add(
                new StapleHeatBath<T> { Staples = view, Strength = staples.Strength.View, LinksOfLaunch = colours[colour].View, Streams = streams, Dimensions = dimensions },
                colours[colour].Length);
            return;
        }

        program.Add(
            new SubgroupHeatBath<TLink, T> { Staples = view, Strength = staples.Strength.View, LinksOfLaunch = colours[colour].View, Streams = streams, Dimensions = dimensions },
            colours[colour].Length);
    }

    public void AddReflect(KernelProgram program, int colour, Field<T> links)
    {
        var view = staples.View(stencil, links, work);
        if (TLink.Subgroups == 0) program.Add(new StapleReflection<T> { Staples = view, LinksOfLaunch = colours[colour].View }, colours[colour].Length);
        else program.Add(new SubgroupReflection<TLink, T> { Staples = view, LinksOfLaunch = colours[colour].View }, colours[colour].Length);
    }

    public void Dispose()
    {
        staples.Dispose();
        work.Dispose();
        foreach (var table in colours) table.Dispose();
    }
}

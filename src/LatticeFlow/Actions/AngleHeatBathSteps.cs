using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.U1;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>Heat bath and overrelaxation of the U(1) Wilson action, one launch a colour.</summary>
internal sealed class AngleHeatBathSteps<T> : IHeatBathSteps<T>
    where T : unmanaged, IReal64<T>
{
    private readonly StencilTables stencil;
    private readonly AngleCouplingFields<T> couplings;
    private readonly IndexTable staples;
    private readonly IndexTable[] colours;
    private readonly int staplesOfOne;

    public AngleHeatBathSteps(ComputeDevice device, StencilTables stencil, IReadOnlyList<LoopCouplings> loops, ActionCoefficients<T> coefficients, Func<int, bool>? links)
    {
        this.stencil = stencil;
        couplings = new AngleCouplingFields<T>(device, stencil.Layout, loops, coefficients);
        var lattice = stencil.Layout.OfLane;
        staples = device.NewTable(StapleTable.OfLinks(stencil.Layout));
        colours = [.. LinkColouring.Chosen(LinkColouring.Colours(lattice), links).Select(set => device.NewTable(set))];
        staplesOfOne = 2 * (lattice.Dimensions - 1);
    }

    public int Colours => colours.Length;

    public void AddDraw(KernelProgram program, int colour, Field<T> links, IndexTable key) => program.Add(
        new HeatBathDraw<T>
        {
            Links = links.View,
            Couplings = couplings.View,
            LinksOfLaunch = colours[colour].View,
            StaplesOfLinks = staples.View,
            Streams = stencil.Streams<T>(key),
            Dimensions = stencil.Layout.OfLane.Dimensions,
            Strength = couplings.Strength.View,
            StaplesOfOne = staplesOfOne,
            Lanes = stencil.Shifts,
        },
        colours[colour].Length);

    public void AddReflect(KernelProgram program, int colour, Field<T> links) => program.Add(
        new HeatBathReflect<T>
        {
            Links = links.View,
            Couplings = couplings.View,
            LinksOfLaunch = colours[colour].View,
            StaplesOfLinks = staples.View,
            StaplesOfOne = staplesOfOne,
            Lanes = stencil.Shifts,
        },
        colours[colour].Length);

    public void Dispose()
    {
        couplings.Dispose();
        staples.Dispose();
        foreach (var table in colours) table.Dispose();
    }
}

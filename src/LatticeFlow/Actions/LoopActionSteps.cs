using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>The kernels of <see cref="LoopAction"/> for a batch, for links in any form.</summary>
internal sealed class LoopActionSteps<TLink, T> : IActionSteps<T>
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly StencilTables stencil;
    private readonly Field<T> strength;
    private readonly StapleFields<T> staples;
    private readonly Field<T> work;
    private readonly LoopSum<TLink, T> plaquettes;
    private readonly LoopSum<TLink, T>? rectangles;
    private readonly SumField terms;

    public LoopActionSteps(ComputeDevice device, StencilTables stencil, LoopCouplings couplings, Field<T> strength)
    {
        this.stencil = stencil;
        this.strength = strength;
        var layout = stencil.Layout;
        staples = new StapleFields<T>(device, layout, couplings, TLink.Order);
        work = GroupSteps.NewWork<TLink, T>(device, layout, Force<TLink, T>.Slots);
        terms = device.NewSums<T>(layout.Shape, 2 * LoopTraces<TLink, T>.Components);
        int planes = layout.OfLane.Planes.Count;
        int[] ofLane = layout.IsSplit ? [.. Enumerable.Range(0, planes)] : [.. Enumerable.Range(0, layout.OfLane.Plaquettes)];
        double[] weights = [.. ofLane.Select(p => -couplings.Plaquettes[p] / TLink.Order)];
        var loops = PlaquetteTable.Links(layout);
        plaquettes = new(device, stencil, loops, PlaquetteTable.LinksOfOne, 2, weights, [.. Enumerable.Range(0, layout.OfLane.Plaquettes).Select(p => p % weights.Length)]);
        if (!couplings.HasRectangles) return;
        double[] wide = [.. couplings.Rectangles.Select(beta => -beta / TLink.Order)];
        rectangles = new(device, stencil, LoopTables.Rectangles(layout), LoopTables.LinksOfRectangle, 3, wide, [.. Enumerable.Range(0, 2 * layout.OfLane.Plaquettes).Select(r => r / 2 % planes)]);
    }

    public void AddEvaluate(KernelProgram program, Field<T> links, SumField action, int element = 0)
    {
        plaquettes.AddTotal(program, links, terms, 0);
        rectangles?.AddTotal(program, links, terms, LoopTraces<TLink, T>.Components);
        program.Add(
            new WeighSum<T>
            {
                Terms = terms.View,
                Count = rectangles is null ? 1 : 2,
                Stride = LoopTraces<TLink, T>.Components,
                Total = action.View,
                Element = element,
                Strength = strength.View,
            },
            1);
    }

    public void AddForce(KernelProgram program, Field<T> links, Field<T> scale, double coefficient, Field<T> target) => program.Add(
        new Force<TLink, T>
        {
            Staples = staples.View(stencil, links, work),
            Target = target.View,
            Scale = scale.View,
            Coefficient = coefficient,
            Strength = strength.View,
        },
        stencil.Layout.OfLane.Links);

    public void Dispose()
    {
        staples.Dispose();
        work.Dispose();
        plaquettes.Dispose();
        rectangles?.Dispose();
        terms.Dispose();
    }
}

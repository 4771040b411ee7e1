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
    private readonly ActionCoefficients<T> coefficients;
    private readonly StapleFields<T> staples;
    private readonly Field<T> work;
    private readonly LoopTerm[] terms;
    private readonly SumField traces;
    private readonly SumField? components;

    public LoopActionSteps(ComputeDevice device, StencilTables stencil, IReadOnlyList<LoopCouplings> loops, ActionCoefficients<T> coefficients, bool all)
    {
        this.stencil = stencil;
        this.coefficients = coefficients;
        var layout = stencil.Layout;
        staples = new StapleFields<T>(device, layout, loops, TLink.Order, coefficients);
        work = GroupSteps.NewWork<TLink, T>(device, layout, Force<TLink, T>.Slots);
        traces = device.NewSums<T>(layout.Shape, LoopTerm.Shapes * LoopTraces<TLink, T>.Components);
        terms = [.. loops.Select(one => new LoopTerm(device, stencil, one, all))];
        if (loops.Count > 1) components = device.NewSums<T>(layout.Shape, 2 * loops.Count);
    }

    public void AddEvaluate(KernelProgram program, Field<T> links, SumField action, int element = 0)
    {
        if (components is null)
        {
            Add(program, links, terms[0], coefficients.Field, action, element);
            return;
        }

        for (int k = 0; k < terms.Length; k++) AddEvaluateComponent(program, links, k, components, k);
        program.Add(
            new AddComponents<T> { Components = components.View, Count = terms.Length, Coefficients = coefficients.Field.View, Total = action.View, Element = element }, 1);
    }

    public void AddEvaluateComponent(KernelProgram program, Field<T> links, int component, SumField target, int element = 0) =>
        Add(program, links, terms[component], coefficients.Ones, target, element);

    public void AddForce(KernelProgram program, Field<T> links, Field<T> scale, double coefficient, Field<T> target) => program.Add(
        new Force<TLink, T>
        {
            Staples = staples.View(stencil, links, work),
            Target = target.View,
            Scale = scale.View,
            Coefficient = coefficient,
            Strength = staples.Strength.View,
        },
        stencil.Layout.OfLane.Links);

    public void Dispose()
    {
        staples.Dispose();
        work.Dispose();
        foreach (var term in terms) term.Dispose();
        traces.Dispose();
        components?.Dispose();
    }

    private void Add(KernelProgram program, Field<T> links, LoopTerm term, Field<T> strength, SumField total, int element)
    {
        term.Plaquettes?.AddTotal(program, links, traces, 0);
        term.Rectangles?.AddTotal(program, links, traces, LoopTraces<TLink, T>.Components);
        program.Add(
            new WeighSum<T>
            {
                Terms = traces.View,
                First = term.Plaquettes is null ? LoopTraces<TLink, T>.Components : 0,
                Count = term.Plaquettes is null || term.Rectangles is null ? 1 : LoopTerm.Shapes,
                Stride = LoopTraces<TLink, T>.Components,
                Total = total.View,
                Element = element,
                Strength = strength.View,
            },
            1);
    }

    // S^(k): its loops, or those of them that have a coupling. One of the two shapes is there always.
    private sealed class LoopTerm : IDisposable
    {
        public const int Shapes = 2;

        public LoopTerm(ComputeDevice device, StencilTables stencil, LoopCouplings couplings, bool all)
        {
            var layout = stencil.Layout;
            int planes = layout.OfLane.Planes.Count;
            int[] ofLane = layout.IsSplit ? [.. Enumerable.Range(0, planes)] : [.. Enumerable.Range(0, layout.OfLane.Plaquettes)];
            double[] weights = [.. ofLane.Select(p => -couplings.Plaquettes[p] / TLink.Order)];
            if (all || !couplings.HasRectangles || weights.Any(weight => weight != 0))
            {
                int[] plaquettes = [.. Enumerable.Range(0, layout.OfLane.Plaquettes).Where(p => all || weights[p % weights.Length] != 0)];
                if (plaquettes.Length == 0) plaquettes = [0];
                Plaquettes = Sum(PlaquetteTable.Links(layout), PlaquetteTable.LinksOfOne, 2, plaquettes, weights, p => p % weights.Length);
            }

            if (!couplings.HasRectangles) return;
            double[] wide = [.. couplings.Rectangles.Select(beta => -beta / TLink.Order)];
            int[] rectangles = [.. Enumerable.Range(0, 2 * layout.OfLane.Plaquettes).Where(r => all || wide[r / 2 % planes] != 0)];
            Rectangles = Sum(LoopTables.Rectangles(layout), LoopTables.LinksOfRectangle, 3, rectangles, wide, r => r / 2 % planes);

            LoopSum<TLink, T> Sum(int[] links, int linksOfOne, int forwards, int[] chosen, double[] weightsOfLoops, Func<int, int> weightOf) =>
                new(device, stencil, chosen.Length * linksOfOne == links.Length ? links : [.. chosen.SelectMany(loop => links[(loop * linksOfOne)..((loop + 1) * linksOfOne)])],
                    linksOfOne, forwards, OnlyOf(chosen, weightsOfLoops, weightOf), [.. chosen.Select(weightOf)]);

            // Loops of one weight are summed without it: the weights of loops that are left out do not count.
            double[] OnlyOf(int[] chosen, double[] weightsOfLoops, Func<int, int> weightOf)
            {
                double first = weightsOfLoops[weightOf(chosen[0])];
                return all || chosen.Any(loop => weightsOfLoops[weightOf(loop)] != first) ? weightsOfLoops : [first];
            }
        }

        public LoopSum<TLink, T>? Plaquettes { get; }

        public LoopSum<TLink, T>? Rectangles { get; }

        public void Dispose()
        {
            Plaquettes?.Dispose();
            Rectangles?.Dispose();
        }
    }
}

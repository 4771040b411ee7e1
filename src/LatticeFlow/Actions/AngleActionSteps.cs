using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.U1;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>
/// The kernels of a U(1) action of plaquettes alone: with angles a plaquette costs one sine for the force of all its links, where staples would take one a path.
/// </summary>
internal sealed class AngleActionSteps<T> : IActionSteps<T>
    where T : unmanaged, IReal<T>
{
    private readonly StencilTables stencil;
    private readonly LatticeGeometry lattice;
    private readonly ActionCoefficients<T> coefficients;
    private readonly AngleCouplingFields<T> couplings;
    private readonly Field<T> forces;
    private readonly LatticeSums<T> sums;
    private readonly SumField? components;
    private readonly AngleTerm[] terms;
    private readonly IndexTable linksOfPlaquettes;
    private readonly IndexTable plaquettesOfLinks;

    public AngleActionSteps(ComputeDevice device, StencilTables stencil, IReadOnlyList<LoopCouplings> loops, ActionCoefficients<T> coefficients, bool all)
    {
        this.stencil = stencil;
        this.coefficients = coefficients;
        lattice = stencil.Layout.OfLane;
        couplings = new AngleCouplingFields<T>(device, stencil.Layout, loops, coefficients);
        forces = device.NewField<T>(stencil.Layout.Shape, lattice.Plaquettes, Scope.Scratch);
        sums = new LatticeSums<T>(device, stencil.Layout, lattice.Plaquettes);
        linksOfPlaquettes = device.NewTable(PlaquetteTable.Links(stencil.Layout));
        plaquettesOfLinks = device.NewTable(PlaquetteTable.OfLinks(stencil.Layout));
        terms = [.. loops.Select(one => new AngleTerm(device, stencil.Layout, one, all))];
        if (loops.Count > 1) components = device.NewSums<T>(stencil.Layout.Shape, 2 * loops.Count);
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

    public void AddForce(KernelProgram program, Field<T> links, Field<T> scale, double coefficient, Field<T> target)
    {
        program.Add(
            new PlaquetteForces<T> { Links = links.View, Couplings = couplings.View, Forces = forces.View, LinksOfPlaquettes = linksOfPlaquettes.View, Lanes = stencil.Shifts },
            lattice.Plaquettes);
        program.Add(
            new GatherForce<T>
            {
                Forces = forces.View,
                Target = target.View,
                Scale = scale.View,
                Coefficient = coefficient,
                PlaquettesOfLinks = plaquettesOfLinks.View,
                PlaquettesOfOne = 2 * (lattice.Dimensions - 1),
                Lanes = stencil.Shifts,
                Strength = couplings.Strength.View,
            },
            lattice.Links);
    }

    public void Dispose()
    {
        couplings.Dispose();
        forces.Dispose();
        sums.Dispose();
        components?.Dispose();
        foreach (var term in terms) term.Dispose();
        linksOfPlaquettes.Dispose();
        plaquettesOfLinks.Dispose();
    }

    private void Add(KernelProgram program, Field<T> links, AngleTerm term, Field<T> strength, SumField total, int element)
    {
        program.Add(
            new WilsonActionParts<T>
            {
                Links = links.View,
                Couplings = term.Couplings.View,
                LinksOfPlaquettes = (term.LinksOfPlaquettes ?? linksOfPlaquettes).View,
                Lanes = stencil.Shifts,
                Parts = sums.Parts.View,
                Plaquettes = term.Plaquettes,
                Strength = strength.View,
            },
            Chunk.Count(term.Plaquettes));
        sums.AddTotal(program, term.Plaquettes, total, element);
    }

    // S^(k): its plaquettes, or those of them that have a coupling.
    private sealed class AngleTerm : IDisposable
    {
        public AngleTerm(ComputeDevice device, LatticeLayout layout, LoopCouplings loops, bool all)
        {
            double[] ofLane = AngleCouplingFields<T>.OfLane(layout, loops);
            int[] chosen = [.. Enumerable.Range(0, ofLane.Length).Where(p => all || ofLane[p] != 0)];

            // A component without plaquettes is the sum of one of them with the coupling 0.
            if (chosen.Length == 0) chosen = [0];
            Plaquettes = chosen.Length;
            Couplings = device.NewShared<T>(Plaquettes);
            Couplings.WriteShared([.. chosen.Select(p => ofLane[p])]);
            if (chosen.Length == ofLane.Length) return;
            int[] links = PlaquetteTable.Links(layout);
            LinksOfPlaquettes = device.NewTable([.. chosen.SelectMany(p => links[(p * PlaquetteTable.LinksOfOne)..((p + 1) * PlaquetteTable.LinksOfOne)])]);
        }

        public int Plaquettes { get; }

        public Field<T> Couplings { get; }

        public IndexTable? LinksOfPlaquettes { get; }

        public void Dispose()
        {
            Couplings.Dispose();
            LinksOfPlaquettes?.Dispose();
        }
    }
}

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
    private readonly Field<T> strength;
    private readonly Field<T> couplings;
    private readonly Field<T> forces;
    private readonly LatticeSums<T> sums;
    private readonly IndexTable linksOfPlaquettes;
    private readonly IndexTable plaquettesOfLinks;

    public AngleActionSteps(ComputeDevice device, StencilTables stencil, LoopCouplings loops, Field<T> strength)
    {
        this.stencil = stencil;
        this.strength = strength;
        lattice = stencil.Layout.OfLane;
        couplings = Couplings(device, stencil.Layout, loops);
        forces = device.NewField<T>(stencil.Layout.Shape, lattice.Plaquettes, Scope.Scratch);
        sums = new LatticeSums<T>(device, stencil.Layout, lattice.Plaquettes);
        linksOfPlaquettes = device.NewTable(PlaquetteTable.Links(stencil.Layout));
        plaquettesOfLinks = device.NewTable(PlaquetteTable.OfLinks(stencil.Layout));
    }

    /// <summary>β of every plaquette of a lane.</summary>
    public static Field<T> Couplings(ComputeDevice device, LatticeLayout layout, LoopCouplings loops)
    {
        var lattice = layout.OfLane;
        var couplings = device.NewShared<T>(lattice.Plaquettes);
        couplings.WriteShared([.. Enumerable.Range(0, lattice.Plaquettes).Select(p => loops.Plaquettes[layout.IsSplit ? p % lattice.Planes.Count : p])]);
        return couplings;
    }

    public void AddEvaluate(KernelProgram program, Field<T> links, SumField action, int element = 0)
    {
        program.Add(
            new WilsonActionParts<T>
            {
                Links = links.View,
                Couplings = couplings.View,
                LinksOfPlaquettes = linksOfPlaquettes.View,
                Lanes = stencil.Shifts,
                Parts = sums.Parts.View,
                Plaquettes = lattice.Plaquettes,
                Strength = strength.View,
            },
            Chunk.Count(lattice.Plaquettes));
        sums.AddTotal(program, lattice.Plaquettes, action, element);
    }

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
                Strength = strength.View,
            },
            lattice.Links);
    }

    public void Dispose()
    {
        couplings.Dispose();
        forces.Dispose();
        sums.Dispose();
        linksOfPlaquettes.Dispose();
        plaquettesOfLinks.Dispose();
    }
}

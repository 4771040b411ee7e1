using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.U1;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>The kernels of <see cref="WilsonAction"/> for a batch.</summary>
internal sealed class WilsonActionSteps<T> : IActionSteps<T>
    where T : unmanaged, IReal64<T>
{
    private readonly ComputeDevice device;
    private readonly LatticeGeometry lattice;
    private readonly Field<T> couplings;
    private readonly Field<T> forces;
    private readonly SumField parts;
    private readonly IndexTable linksOfPlaquettes;
    private readonly IndexTable plaquettesOfLinks;
    private WilsonHeatBathSteps<T>? heatBath;

    public WilsonActionSteps(ComputeDevice device, BatchShape shape, LatticeGeometry lattice, ReadOnlySpan<double> couplings)
    {
        this.device = device;
        this.lattice = lattice;
        this.couplings = device.NewShared<T>(couplings.Length);
        this.couplings.WriteShared(couplings);
        forces = device.NewField<T>(shape, lattice.Plaquettes, Scope.Scratch);
        parts = device.NewSums<T>(shape, Chunk.Count(lattice.Plaquettes));
        linksOfPlaquettes = device.NewTable(PlaquetteTable.Links(lattice));
        plaquettesOfLinks = device.NewTable(PlaquetteTable.OfLinks(lattice));
    }

    public void AddEvaluate(KernelProgram program, Field<T> links, SumField action, int element = 0)
    {
        int chunks = Chunk.Count(lattice.Plaquettes);
        program.Add(
            new WilsonActionParts<T>
            {
                Links = links.View,
                Couplings = couplings.View,
                LinksOfPlaquettes = linksOfPlaquettes.View,
                Parts = parts.View,
                Plaquettes = lattice.Plaquettes,
            },
            chunks);
        program.Add(new AddChunks<T> { Parts = parts.View, Total = action.View, Chunks = chunks, Stride = 1, Element = element, Scale = 1 }, 1);
    }

    public void AddForce(KernelProgram program, Field<T> links, Field<T> scale, double coefficient, Field<T> target)
    {
        program.Add(
            new PlaquetteForces<T> { Links = links.View, Couplings = couplings.View, Forces = forces.View, LinksOfPlaquettes = linksOfPlaquettes.View },
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
            },
            lattice.Links);
    }

    public IHeatBathSteps<T> HeatBath() => heatBath ??= new WilsonHeatBathSteps<T>(device, lattice, couplings);

    public void Dispose()
    {
        couplings.Dispose();
        forces.Dispose();
        parts.Dispose();
        linksOfPlaquettes.Dispose();
        plaquettesOfLinks.Dispose();
        heatBath?.Dispose();
    }
}

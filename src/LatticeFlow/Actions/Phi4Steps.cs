using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Scalars;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>The kernels of <see cref="Phi4Action"/> for a batch.</summary>
internal sealed class Phi4Steps<T> : IActionSteps<T>
    where T : unmanaged, IReal<T>
{
    private readonly StencilTables stencil;
    private readonly Phi4Action couplings;
    private readonly ActionCoefficients<T> coefficients;
    private readonly IndexTable neighbours;
    private readonly LatticeSums<T> sums;

    public Phi4Steps(ComputeDevice device, StencilTables stencil, Phi4Action couplings, ActionCoefficients<T> coefficients)
    {
        this.stencil = stencil;
        this.couplings = couplings;
        this.coefficients = coefficients;
        neighbours = device.NewTable(NeighbourTable.OfSites(stencil.Layout));
        sums = new LatticeSums<T>(device, stencil.Layout, Sites);
    }

    private int Sites => stencil.Layout.OfLane.Volume;

    private int NeighboursOfOne => 2 * stencil.Layout.OfLane.Dimensions;

    public void AddEvaluate(KernelProgram program, Field<T> field, SumField action, int element = 0) => Add(program, field, coefficients.Field, action, element);

    public void AddEvaluateComponent(KernelProgram program, Field<T> field, int component, SumField target, int element = 0) => Add(program, field, coefficients.Ones, target, element);

    private void Add(KernelProgram program, Field<T> field, Field<T> strength, SumField action, int element)
    {
        program.Add(
            new Phi4ActionParts<T>
            {
                Field = field.View,
                Neighbours = neighbours.View,
                Lanes = stencil.Shifts,
                MassSquared = couplings.MassSquared,
                Lambda = couplings.Lambda,
                Strength = strength.View,
                Parts = sums.Parts.View,
                Sites = Sites,
                NeighboursOfOne = NeighboursOfOne,
            },
            Chunk.Count(Sites));
        sums.AddTotal(program, Sites, action, element);
    }

    public void AddForce(KernelProgram program, Field<T> field, Field<T> scale, double coefficient, Field<T> target) => program.Add(
        new Phi4Force<T>
        {
            Field = field.View,
            Target = target.View,
            Neighbours = neighbours.View,
            Lanes = stencil.Shifts,
            MassSquared = couplings.MassSquared,
            Lambda = couplings.Lambda,
            Scale = scale.View,
            Coefficient = coefficient,
            Strength = coefficients.Field.View,
            NeighboursOfOne = NeighboursOfOne,
        },
        Sites);

    public void Dispose()
    {
        neighbours.Dispose();
        sums.Dispose();
    }
}

using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.U1;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>Q = (1/2π) Σ_p arg P ∈ ℤ of U(1) on a two-dimensional torus, or its square. Values are rounded to the integer they are.</summary>
/// <remarks>Source: M. Lüscher, Commun. Math. Phys. 85 (1982) 39, for the geometric definition.</remarks>
public sealed class TopologicalCharge : ILinkObservable
{
    // Each arg P is good to a few ulp of its unreduced angle, so sums over 10⁶ plaquettes are integers far within this.
    private const double Tolerance = 1e-6;
    private readonly bool squared;

    private TopologicalCharge(LatticeGeometry lattice, bool squared)
    {
        this.squared = squared;
        if (lattice.Dimensions != 2) throw new NotSupportedException($"observable '{Name}': a U(1) charge is defined in two dimensions; the lattice is {lattice}.");
    }

    /// <inheritdoc/>
    public string Name => squared ? "topological_charge_squared" : "topological_charge";

    /// <inheritdoc/>
    public IReadOnlyList<int> Shape => [];

    /// <summary>Q.</summary>
    /// <exception cref="NotSupportedException">The lattice is not two-dimensional.</exception>
    public static TopologicalCharge Charge(LatticeGeometry lattice) => new(lattice, false);

    /// <summary>Q².</summary>
    /// <exception cref="NotSupportedException">The lattice is not two-dimensional.</exception>
    public static TopologicalCharge Squared(LatticeGeometry lattice) => new(lattice, true);

    /// <inheritdoc/>
    public IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T> => group == GaugeGroup.U1
            ? new Steps<T>(device, stencil, this)
            : throw new NotSupportedException($"observable '{Name}': plaquettes of {group} have no phase that adds up to a charge; in four dimensions there is clover_charge.");

    private double Value(double sum)
    {
        double charge = Math.Round(sum);
        if (!(Math.Abs(sum - charge) < Tolerance)) throw new InvalidOperationException($"the topological charge of a configuration came out as {sum:R}, which is no integer: its links are damaged.");
        return squared ? charge * charge : charge;
    }

    private sealed class Steps<T>(ComputeDevice device, StencilTables stencil, TopologicalCharge observable) : IObservableSteps<T>
        where T : unmanaged, IReal64<T>
    {
        private readonly IndexTable table = device.NewTable(PlaquetteTable.Links(stencil.Layout));
        private readonly LatticeSums<T> parts = new(device, stencil.Layout, stencil.Layout.OfLane.Plaquettes);

        public int Sums => 1;

        public void AddMeasure(KernelProgram program, Field<T> links, SumField sums, int element = 0)
        {
            int plaquettes = stencil.Layout.OfLane.Plaquettes;
            program.Add(
                new ChargeParts<T> { Links = links.View, LinksOfPlaquettes = table.View, Lanes = stencil.Shifts, Parts = parts.Parts.View, Plaquettes = plaquettes },
                Chunk.Count(plaquettes));
            parts.AddTotal(program, plaquettes, sums, element);
        }

        public void Finish(ReadOnlySpan<double> sums, Span<double> values) => values[0] = observable.Value(sums[0]);

        public void Dispose()
        {
            table.Dispose();
            parts.Dispose();
        }
    }
}

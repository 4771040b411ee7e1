using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Scalars;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>
/// A function of Σφ and Σφ² over the V sites: (1/V) Σφ², and of the magnetization M = (1/V) Σφ the powers V M² = (Σφ)²/V, |M| and V² M⁴ = (Σφ)⁴/V². With φ → −φ a symmetry of S, ⟨M⟩ = 0.
/// </summary>
public sealed class ScalarMoment : IScalarObservable
{
    private readonly Moment moment;

    private ScalarMoment(string name, Moment moment)
    {
        Name = name;
        this.moment = moment;
    }

    private delegate double Moment(double sum, double squares, double volume);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Shape => [];

    /// <summary>(1/V) Σ φ².</summary>
    public static ScalarMoment PhiSquared() => new("phi_squared", (_, squares, volume) => squares / volume);

    /// <summary>V M² = (Σ φ)²/V.</summary>
    public static ScalarMoment MagnetizationSquared() => new("magnetization_squared", (sum, _, volume) => sum * sum / volume);

    /// <summary>|M| = |Σ φ|/V.</summary>
    public static ScalarMoment MagnetizationAbsolute() => new("magnetization_abs", (sum, _, volume) => Math.Abs(sum) / volume);

    /// <summary>V² M⁴ = (Σ φ)⁴/V².</summary>
    public static ScalarMoment MagnetizationFourth() => new("magnetization_fourth", (sum, _, volume) => sum * sum / volume * (sum * sum / volume));

    /// <inheritdoc/>
    public IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil)
        where T : unmanaged, IReal64<T> => new Steps<T>(device, stencil, moment);

    private sealed class Steps<T>(ComputeDevice device, StencilTables stencil, Moment moment) : IObservableSteps<T>
        where T : unmanaged, IReal64<T>
    {
        private readonly LatticeSums<T> parts = new(device, stencil.Layout, stencil.Layout.OfLane.Volume, MomentParts<T>.Components);

        public int Sums => MomentParts<T>.Components;

        public void AddMeasure(KernelProgram program, Field<T> field, SumField sums, int element = 0)
        {
            int sites = stencil.Layout.OfLane.Volume;
            program.Add(new MomentParts<T> { Field = field.View, Parts = parts.Parts.View, Sites = sites }, Chunk.Count(sites));
            parts.AddTotal(program, sites, sums, element);
        }

        public void Finish(ReadOnlySpan<double> sums, Span<double> values) => values[0] = moment(sums[0], sums[1], stencil.Layout.Lattice.Volume);

        public void Dispose() => parts.Dispose();
    }
}

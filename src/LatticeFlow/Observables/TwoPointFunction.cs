using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Scalars;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>
/// The two-point function of zero spatial momentum along direction 0: C(t) = (1/L_0) Σ_t0 (1/V_s) S(t0) S(t0 + t), S(t) = Σ φ(x) over the V_s = V/L_0 sites with x_0 = t, t = 0 … L_0 − 1. So
/// ⟨C(t)⟩ = Σ_y ⟨φ(t, y) φ(0, 0)⟩ and Σ_t C(t) = (Σφ)²/V. Nothing is subtracted: ⟨φ⟩ = 0 on a finite lattice.
/// </summary>
/// <remarks>Source: I. Montvay, G. Münster, Quantum Fields on a Lattice, Cambridge University Press (1994).</remarks>
public sealed class TwoPointFunction : IScalarObservable
{
    /// <summary>The name of configuration files.</summary>
    public const string Kind = "two_point";

    /// <summary>C(t) of a lattice.</summary>
    public TwoPointFunction(LatticeGeometry lattice) => Shape = [lattice.Extents[0]];

    /// <inheritdoc/>
    public string Name => Kind;

    /// <inheritdoc/>
    public IReadOnlyList<int> Shape { get; }

    /// <inheritdoc/>
    public IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil)
        where T : unmanaged, IReal64<T> => new Steps<T>(device, stencil);

    private sealed class Steps<T>(ComputeDevice device, StencilTables stencil) : IObservableSteps<T>
        where T : unmanaged, IReal64<T>
    {
        private readonly SliceSums<T> slices = new(device, stencil.Layout);

        public int Sums => stencil.Layout.Lattice.Extents[0];

        public void AddMeasure(KernelProgram program, Field<T> field, SumField sums, int element = 0)
        {
            program.Add(new SliceParts<T> { Field = field.View, Parts = slices.Parts.View, Slices = slices.SlicesOfLane, SitesOfSlice = slices.SitesOfSlice }, slices.Items);
            slices.AddTotal(program, sums, element);
        }

        public void Finish(ReadOnlySpan<double> sums, Span<double> values)
        {
            for (int t = 0; t < values.Length; t++)
            {
                double sum = 0;
                for (int from = 0; from < sums.Length; from++) sum += sums[from] * sums[(from + t) % sums.Length];
                values[t] = sum / stencil.Layout.Lattice.Volume;
            }
        }

        public void Dispose() => slices.Dispose();
    }
}

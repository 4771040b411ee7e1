using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>One of the sums of <see cref="CloverParts{TLink, T}"/>, times a factor.</summary>
internal static class CloverSteps
{
    // C = 4 i F.
    private const double SquareOfFour = 16;

    /// <summary>E = ¼ F^a_μν F^a_μν, summed over all μ, ν, is Σ_{μ&lt;ν} tr F_μν² as tr T_a T_b = δ_ab/2; for U(1), whose generator is 1, half of that.</summary>
    public static IObservableSteps<T> Energy<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T> =>
        group.Use(device, new Factory<T>(device, stencil, 0, (group == GaugeGroup.U1 ? 0.5 : 1) / (SquareOfFour * stencil.Layout.Lattice.Volume)));

    /// <summary>Q = (1/32π²) Σ_x ε_μνρσ tr F_μν F_ρσ; eight of the 24 terms are equal each.</summary>
    public static IObservableSteps<T> Charge<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T> =>
        group.Use(device, new Factory<T>(device, stencil, 1, 8 / (32 * Math.PI * Math.PI * SquareOfFour)));

    private sealed record Factory<T>(ComputeDevice Device, StencilTables Stencil, int Component, double Factor) : ILinkUser<T, IObservableSteps<T>>
        where T : unmanaged, IReal64<T>
    {
        public IObservableSteps<T> Use<TLink>()
            where TLink : unmanaged, ILink64<TLink, T> => new Steps<TLink, T>(Device, Stencil, Component, Factor);
    }

    private sealed class Steps<TLink, T>(ComputeDevice device, StencilTables stencil, int component, double factor) : IObservableSteps<T>
        where TLink : unmanaged, ILink64<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        private readonly IndexTable leaves = device.NewTable(CloverTable.Leaves(stencil.Layout));
        private readonly Field<T> work = GroupSteps.NewWork<TLink, T>(device, stencil.Layout, CloverParts<TLink, T>.Slots);
        private readonly LatticeSums<T> parts = new(device, stencil.Layout, stencil.Layout.OfLane.Volume, CloverParts<TLink, T>.Components);

        public int Sums => CloverParts<TLink, T>.Components;

        public void AddMeasure(KernelProgram program, Field<T> links, SumField sums, int element = 0)
        {
            var lattice = stencil.Layout.OfLane;
            program.Add(
                new CloverParts<TLink, T>
                {
                    Links = links.View,
                    Leaves = leaves.View,
                    Lanes = stencil.Shifts,
                    Parts = parts.Parts.View,
                    Sites = lattice.Volume,
                    Planes = lattice.Planes.Count,
                    Pairs = lattice.Dimensions == 4 ? lattice.Planes.Count / 2 : 0,
                    Work = work.View,
                },
                Chunk.Count(lattice.Volume));
            parts.AddTotal(program, lattice.Volume, sums, element);
        }

        public void Finish(ReadOnlySpan<double> sums, Span<double> values)
        {
            for (int i = 0; i < values.Length; i++) values[i] = factor * sums[(i * Sums) + component];
        }

        public void Dispose()
        {
            leaves.Dispose();
            work.Dispose();
            parts.Dispose();
        }
    }
}

using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>One of the sums of <see cref="FieldStrengthSums{T}"/>, times a factor.</summary>
internal static class CloverSteps
{
    /// <summary>E = ¼ F^a_μν F^a_μν, summed over all μ, ν: each plane counts twice.</summary>
    public static IObservableSteps<T> Energy<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T> => group.Use(device, new Factory<T>(device, stencil, 0, 1 / (2.0 * stencil.Layout.Lattice.Volume)));

    /// <summary>Q = (1/32π²) Σ_x ε_μνρσ tr F_μν F_ρσ: eight of the 24 terms are equal each, and tr T_a T_b = δ_ab/2.</summary>
    public static IObservableSteps<T> Charge<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T> => group.Use(device, new Factory<T>(device, stencil, 1, 1 / (8 * Math.PI * Math.PI)));

    private sealed record Factory<T>(ComputeDevice Device, StencilTables Stencil, int Component, double Factor) : ILinkUser<T, IObservableSteps<T>>
        where T : unmanaged, IReal64<T>
    {
        public IObservableSteps<T> Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new Steps<TLink, T>(Device, Stencil, Component, Factor);
    }

    private sealed class Steps<TLink, T>(ComputeDevice device, StencilTables stencil, int component, double factor) : IObservableSteps<T>
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        // A part of 4,096 sites stays in cache and, of a large lattice, is a small part of its links; whole chunks, so that sums are the same in parts.
        private const int MostSites = 64 * Chunk.Length;
        private readonly IndexTable leaves = CloverTable.New(device, stencil.Layout);
        private readonly Field<T> work = GroupSteps.NewWork<TLink, T>(device, stencil.Layout, FieldStrength<TLink, T>.Slots);
        private readonly Field<T> fields = device.NewField<T>(stencil.Layout.Shape, Math.Min(MostSites, stencil.Layout.OfLane.Volume) * stencil.Layout.OfLane.Planes.Count * TLink.Generators, Scope.Scratch);
        private readonly LatticeSums<T> parts = new(device, stencil.Layout, stencil.Layout.OfLane.Volume, FieldStrengthSums<T>.Components);

        public int Sums => FieldStrengthSums<T>.Components;

        public void AddMeasure(KernelProgram program, Field<T> links, SumField sums, int element = 0)
        {
            var lattice = stencil.Layout.OfLane;
            int planes = lattice.Planes.Count;
            for (int first = 0; first < lattice.Volume; first += MostSites)
            {
                int sites = Math.Min(MostSites, lattice.Volume - first);
                program.Add(
                    new FieldStrength<TLink, T> { Links = links.View, Leaves = leaves.View, Lanes = stencil.Shifts, Target = fields.View, Work = work.View, FirstItem = first * planes },
                    sites * planes);
                program.Add(
                    new FieldStrengthSums<T>
                    {
                        Fields = fields.View,
                        Parts = parts.Parts.View,
                        FirstItem = Chunk.Count(first),
                        Sites = sites,
                        Planes = planes,
                        Pairs = lattice.Dimensions == 4 ? planes / 2 : 0,
                        Generators = TLink.Generators,
                    },
                    Chunk.Count(sites));
            }

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
            fields.Dispose();
            parts.Dispose();
        }
    }
}

using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Lattice;

namespace LatticeFlow.Smearing;

/// <summary>
/// APE links: U → the group element u of the largest Re tr(u X†), X = (1 − α) U + (α/n) Σ of the n staples of U; n = 2(D − 1), or 2(D − 2) if spatial.
/// </summary>
/// <remarks>Source: M. Albanese et al., Phys. Lett. B 192 (1987) 163. All links of a step are made of those of the step before.</remarks>
/// <param name="Alpha">α.</param>
/// <param name="Directions">Which links.</param>
public sealed record ApeSmearing(double Alpha, SmearedDirections Directions = SmearedDirections.All) : LinkSmearing(Directions)
{
    /// <summary>α of the observables that have names.</summary>
    public const double NamedAlpha = 0.5;

    /// <inheritdoc/>
    public override string Suffix(int steps) => Suffix("ape", steps);

    /// <inheritdoc/>
    public override ISmearingSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group, Field<T> links)
    {
        if (!(Alpha >= 0 && Alpha < 1)) throw new ArgumentException($"APE smearing with alpha = {Alpha}: alpha is at least 0 and below 1.");
        int staples = 2 * (stencil.Layout.Lattice.Dimensions - (Directions == SmearedDirections.Spatial ? 2 : 1));
        return group.Use(device, new Factory<T>(device, stencil, links, Couplings(stencil.Layout.Lattice, Alpha / Math.Max(1, staples)), 1 - Alpha));
    }

    // The first slice, the one at hand and the one before it.
    private const int SlicesHeld = 3;

    /// <summary>Bytes of a field of links up to which new links are made in a second field of them.</summary>
    private const long WholeBytes = 1L << 23;

    private sealed record Factory<T>(ComputeDevice Device, StencilTables Stencil, Field<T> Links, LoopCouplings Couplings, double Keep) : ILinkUser<T, ISmearingSteps<T>>
        where T : unmanaged, IReal64<T>
    {
        public ISmearingSteps<T> Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new Steps<TLink, T>(Device, Stencil, Links, Couplings, Keep);
    }

    private sealed class Steps<TLink, T>(ComputeDevice device, StencilTables stencil, Field<T> links, LoopCouplings couplings, double keep) : ISmearingSteps<T>
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        // Couplings are the weights of staples as they are: nothing is divided by N.
        private readonly StapleFields<T> staples = new(device, stencil.Layout, couplings, 1);
        private readonly Field<T> work = GroupSteps.NewWork<TLink, T>(device, stencil.Layout, ApeLinks<TLink, T>.Slots);
        private readonly Field<T>[] smeared = Buffers(device, stencil.Layout, links);

        // A second field of all links counts where one fills the memory; else it is quicker.
        private static bool IsInSlices(LatticeLayout layout, Field<T> links) => layout.OfLane.Extents[0] > SlicesHeld && links.Bytes / links.Blocks > WholeBytes;

        public void AddStep(KernelProgram program, int step)
        {
            if (smeared.Length > 1)
            {
                AddSlices(program);
                return;
            }

            AddLinks(program, smeared[0], 0, stencil.Layout.OfLane.Links);
            program.Add(new Copy<T> { Source = smeared[0].View, Target = links.View }, links.Elements);
        }

        public void Dispose()
        {
            staples.Dispose();
            work.Dispose();
            foreach (var buffer in smeared) buffer.Dispose();
        }

        private static Field<T>[] Buffers(ComputeDevice device, LatticeLayout layout, Field<T> links) => IsInSlices(layout, links)
            ? [.. Enumerable.Range(0, SlicesHeld).Select(_ => device.NewField<T>(layout.Shape, links.Elements / layout.OfLane.Extents[0], Scope.Scratch))]
            : [device.NewField<T>(layout.Shape, links.Elements, Scope.Scratch)];

        private void AddLinks(KernelProgram program, Field<T> target, int first, int count) =>
            program.Add(new ApeLinks<TLink, T> { Staples = staples.View(stencil, links, work), Target = target.View, FirstItem = first, Keep = keep }, count);

        // New links of slice x_0 = t of a lane are made of the old ones of t − 1, t and t + 1, whichever lane these are in: slice t − 1 is written when t is made, and the first one, which the last one needs, at the end.
        private void AddSlices(KernelProgram program)
        {
            int slices = stencil.Layout.OfLane.Extents[0], linksOfSlice = stencil.Layout.OfLane.Links / slices;
            for (int t = 0; t < slices; t++)
            {
                AddLinks(program, Buffer(t), t * linksOfSlice, linksOfSlice);
                if (t > 1) Write(t - 1);
            }

            Write(slices - 1);
            Write(0);

            Field<T> Buffer(int t) => smeared[t == 0 ? 0 : 1 + (t % (SlicesHeld - 1))];

            void Write(int t)
            {
                var buffer = Buffer(t);
                program.Add(new Copy<T> { Source = buffer.View, Target = links.View, First = t * buffer.Elements }, buffer.Elements);
            }
        }
    }
}

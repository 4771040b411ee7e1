using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>
/// A spectral coupling of SU(2) or SU(3) whose log-determinant lacks the ratio of the Haar densities h of the eigenphases of its plaquettes after and before, h = Π_{i&lt;j} |e^{iθ_i} − e^{iθ_j}|²: the
/// Jacobian of the phases alone.
/// </summary>
/// <remarks>h is the discriminant of the characteristic polynomial: 4 − t² of SU(2), 27 − 18 |t|² + 8 Re t³ − |t|⁴ of SU(3), t = tr P.</remarks>
internal sealed class WithoutHaarRatio(SpectralCoupling inner) : FaultyLayer(inner)
{
    protected override IFault Fault<T>(LayerContext<T> context)
    {
        var lattice = context.Space.Lattice;
        var links = PlaquetteTable.Links(lattice);
        int[] plaquettes = ((PlaquetteRows)inner.Mask).Plaquettes(lattice);
        int[] table = [.. plaquettes.SelectMany(p => links.AsSpan(p * PlaquetteTable.LinksOfOne, PlaquetteTable.LinksOfOne).ToArray())];
        return ((GaugeGroup)context.Space.Type).Use(context.Device, new Factory<T>(context, context.Table(table), plaquettes.Length));
    }

    private sealed record Factory<T>(LayerContext<T> Context, IndexTable Table, int Count) : ILinkUser<T, IFault>
        where T : unmanaged, IReal<T>
    {
        public IFault Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new Ratio<TLink, T>(Context, Table, Count);
    }

    private sealed class Ratio<TLink, T>(LayerContext<T> context, IndexTable table, int count) : IFault
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal<T>
    {
        private readonly Field<T> logs = context.Scratch(count);
        private readonly Field<T> work = context.Work(LogHaar<TLink, T>.Slots * TLink.WorkElements);

        // ln h(P') − ln h(P) is taken out of ln|det|, which is subtracted from log q in both directions.
        public void AddBefore(KernelProgram program, bool inverse) => Add(program, inverse ? 1 : -1);

        public void AddAfter(KernelProgram program, bool inverse) => Add(program, inverse ? -1 : 1);

        private void Add(KernelProgram program, double sign)
        {
            program.Add(new LogHaar<TLink, T> { Links = context.Values.View, Plaquettes = table.View, Logs = logs.View, Work = work.View }, count);
            program.Add(new DensitySum<T>(logs.View, context.Totals.View, FlowTotals.LogDensity, count, sign), 1);
        }
    }

    // Logs[item] = ln h of a plaquette.
    private struct LogHaar<TLink, T> : IKernel
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal<T>
    {
        public const int Slots = 2;
        public Reals<T> Links;
        public Table Plaquettes;
        public Reals<T> Logs;
        public Reals<T> Work;

        public void Bind(in Place place)
        {
            Links = Links.At(place);
            Logs = Logs.At(place);
            Work = Work.At(place);
        }

        public readonly void Execute(int item)
        {
            var ahead = TLink.Local(Work, 0);
            var behind = TLink.Local(Work, 1);
            TLink.Multiply(Link(item, 0), Link(item, 1), ref ahead);
            TLink.Multiply(Link(item, 3), Link(item, 2), ref behind);
            TLink.TraceMultiplyAdjoint(ahead, behind, out T re, out T im);
            T square = re * re + im * im;
            T h = TLink.Order == 2
                ? T.Of(4) - re * re
                : T.Of(27) - T.Of(18) * square + T.Of(8) * re * (re * re - T.Of(3) * im * im) - square * square;
            T.Store(Logs, item, Logarithm.Log(T.Max(h, T.Of(1e-30))));
        }

        private readonly TLink Link(int plaquette, int k) => TLink.Open(Links, T.Index(Plaquettes, (plaquette * PlaquetteTable.LinksOfOne) + k));
    }
}

using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.U1;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>Groups of closed loops of equal length, in the order of their links.</summary>
/// <param name="Links"><c>[loop][LinksOfOne]</c>, group after group.</param>
/// <param name="LinksOfOne">Links of a loop.</param>
/// <param name="Forwards">How many of them, the first ones, are walked forwards.</param>
internal sealed record LoopGroup(int[] Links, int LinksOfOne, int Forwards)
{
    /// <summary>Loops.</summary>
    public int Loops => Links.Length / LinksOfOne;
}

/// <summary>What an observable makes of the mean of (1/N) tr U(C) over a group of loops.</summary>
internal delegate double LoopValues(double real, double imaginary);

/// <summary>Means of (1/N) tr U(C), real and imaginary part, over each group of loops C.</summary>
internal static class LoopSteps
{
    private const int Components = 2;

    /// <summary>The steps; <paramref name="finish"/> makes the value of a group.</summary>
    public static IObservableSteps<T> Create<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group, IReadOnlyList<LoopGroup> groups, LoopValues finish)
        where T : unmanaged, IReal64<T> => group == GaugeGroup.U1
            ? new OfAngles<T>(device, stencil, groups, finish)
            : group.Use(device, new Factory<T>(device, stencil, groups, finish));

    private static void Finish(LoopValues finish, ReadOnlySpan<double> sums, Span<double> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = finish(sums[Components * i], sums[(Components * i) + 1]);
    }

    private sealed record Factory<T>(ComputeDevice Device, StencilTables Stencil, IReadOnlyList<LoopGroup> Groups, LoopValues Values) : ILinkUser<T, IObservableSteps<T>>
        where T : unmanaged, IReal64<T>
    {
        public IObservableSteps<T> Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new OfMatrices<TLink, T>(Device, Stencil, Groups, Values);
    }

    private sealed class OfMatrices<TLink, T>(ComputeDevice device, StencilTables stencil, IReadOnlyList<LoopGroup> groups, LoopValues finish) : IObservableSteps<T>
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        private readonly LoopSum<TLink, T>[] loops = [.. groups.Select(group => new LoopSum<TLink, T>(
            device, stencil, group.Links, group.LinksOfOne, group.Forwards, [1.0 / ((double)group.Loops * stencil.Layout.Lanes * TLink.Order)], []))];

        public int Sums => Components * loops.Length;

        public void AddMeasure(KernelProgram program, Field<T> links, SumField sums, int element = 0)
        {
            for (int i = 0; i < loops.Length; i++) loops[i].AddTotal(program, links, sums, element + (Components * i));
        }

        public void Finish(ReadOnlySpan<double> sums, Span<double> values) => LoopSteps.Finish(finish, sums, values);

        public void Dispose()
        {
            foreach (var sum in loops) sum.Dispose();
        }
    }

    private sealed class OfAngles<T>(ComputeDevice device, StencilTables stencil, IReadOnlyList<LoopGroup> groups, LoopValues finish) : IObservableSteps<T>
        where T : unmanaged, IReal64<T>
    {
        private readonly IndexTable[] tables = [.. groups.Select(group => device.NewTable(group.Links))];
        private readonly LatticeSums<T> parts = new(device, stencil.Layout, groups.Max(group => group.Loops), LoopParts<T>.Components);

        public int Sums => Components * groups.Count;

        public void AddMeasure(KernelProgram program, Field<T> links, SumField sums, int element = 0)
        {
            for (int i = 0; i < groups.Count; i++)
            {
                var group = groups[i];
                program.Add(
                    new LoopParts<T>
                    {
                        Links = links.View,
                        LinksOfLoops = tables[i].View,
                        Lanes = stencil.Shifts,
                        Parts = parts.Parts.View,
                        Loops = group.Loops,
                        LinksOfOne = group.LinksOfOne,
                        Forwards = group.Forwards,
                    },
                    Chunk.Count(group.Loops));
                parts.AddTotal(program, group.Loops, sums, element + (Components * i), 1.0 / ((double)group.Loops * stencil.Layout.Lanes));
            }
        }

        public void Finish(ReadOnlySpan<double> sums, Span<double> values) => LoopSteps.Finish(finish, sums, values);

        public void Dispose()
        {
            parts.Dispose();
            foreach (var table in tables) table.Dispose();
        }
    }
}

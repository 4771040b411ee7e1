using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.U1;

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

/// <summary>Means of cos θ_C and sin θ_C over each group of loops C.</summary>
internal sealed class LoopSteps<T> : IObservableSteps<T>
    where T : unmanaged, IReal64<T>
{
    private readonly IReadOnlyList<LoopGroup> groups;
    private readonly IndexTable[] tables;
    private readonly SumField parts;
    private readonly LoopValues finish;

    public LoopSteps(ComputeDevice device, BatchShape shape, IReadOnlyList<LoopGroup> groups, LoopValues finish)
    {
        this.groups = groups;
        this.finish = finish;
        tables = [.. groups.Select(group => device.NewTable(group.Links))];
        parts = device.NewSums<T>(shape, LoopParts<T>.Components * groups.Max(group => Chunk.Count(group.Loops)));
    }

    public int Sums => LoopParts<T>.Components * groups.Count;

    public void AddMeasure(KernelProgram program, Field<T> links, SumField sums)
    {
        for (int i = 0; i < groups.Count; i++)
        {
            var group = groups[i];
            int chunks = Chunk.Count(group.Loops);
            program.Add(
                new LoopParts<T>
                {
                    Links = links.View,
                    LinksOfLoops = tables[i].View,
                    Parts = parts.View,
                    Loops = group.Loops,
                    LinksOfOne = group.LinksOfOne,
                    Forwards = group.Forwards,
                },
                chunks);
            program.Add(
                new AddChunks<T>
                {
                    Parts = parts.View,
                    Total = sums.View,
                    Chunks = chunks,
                    Stride = LoopParts<T>.Components,
                    Element = LoopParts<T>.Components * i,
                    Scale = 1.0 / group.Loops,
                },
                LoopParts<T>.Components);
        }
    }

    public void Finish(ReadOnlySpan<double> sums, Span<double> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = finish(sums[2 * i], sums[(2 * i) + 1]);
    }

    public void Dispose()
    {
        parts.Dispose();
        foreach (var table in tables) table.Dispose();
    }
}

/// <summary>What an observable makes of the mean of e^{iθ_C} over a group of loops.</summary>
internal delegate double LoopValues(double real, double imaginary);

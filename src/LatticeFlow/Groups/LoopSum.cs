using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Groups;

/// <summary>Σ_C w_C tr U(C) over all loops C of one shape: real and imaginary part, of every replica.</summary>
public sealed class LoopSum<TLink, T> : IDisposable
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly StencilTables stencil;
    private readonly int linksOfOne;
    private readonly int forwards;
    private readonly int loops;
    private readonly IndexTable table;
    private readonly IndexTable weightOfLoop;
    private readonly Field<T> weights;
    private readonly Field<T> work;
    private readonly LatticeSums<T> sums;
    private readonly bool weighted;
    private readonly double common;

    /// <summary>
    /// For loops of <paramref name="linksOfOne"/> entries, of which the first <paramref name="forwards"/> are walked forwards; loop c has the weight
    /// <paramref name="weights"/>[<paramref name="weightOfLoop"/>[c]].
    /// </summary>
    public LoopSum(ComputeDevice device, StencilTables stencil, int[] links, int linksOfOne, int forwards, double[] weights, int[] weightOfLoop)
    {
        this.stencil = stencil;
        this.linksOfOne = linksOfOne;
        this.forwards = forwards;
        loops = links.Length / linksOfOne;
        table = device.NewTable(links);
        weighted = weights.Any(weight => weight != weights[0]);
        common = weighted ? 1 : weights[0];
        this.weights = device.NewShared<T>(weights.Length);
        this.weights.WriteShared(weights);
        this.weightOfLoop = device.NewTable(weighted ? weightOfLoop : []);
        work = GroupSteps.NewWork<TLink, T>(device, stencil.Layout, LoopTraces<TLink, T>.Slots);
        sums = new LatticeSums<T>(device, stencil.Layout, loops, LoopTraces<TLink, T>.Components);
    }

    /// <summary>Appends: total[element], total[element + 1] = real and imaginary part.</summary>
    public void AddTotal(KernelProgram program, Field<T> links, SumField total, int element)
    {
        program.Add(
            new LoopTraces<TLink, T>
            {
                Links = links.View,
                LinksOfLoops = table.View,
                Lanes = stencil.Shifts,
                Weights = weights.View,
                WeightOfLoop = weightOfLoop.View,
                Weighted = weighted ? 1 : 0,
                Parts = sums.Parts.View,
                Loops = loops,
                LinksOfOne = linksOfOne,
                Forwards = forwards,
                Work = work.View,
            },
            Chunk.Count(loops));
        sums.AddTotal(program, loops, total, element, common);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        table.Dispose();
        weightOfLoop.Dispose();
        weights.Dispose();
        work.Dispose();
        sums.Dispose();
    }
}

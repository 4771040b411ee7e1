using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Tests;

/// <summary>A layer with some multiple of its ln|det|, as Laplacians with a wrong factor would integrate it.</summary>
internal sealed class WrongLaplacian(IFlowLayer inner, double factor) : FaultyLayer(inner)
{
    protected override IFault Fault<T>(LayerContext<T> context) => new Scaled<T>(context, factor);

    private sealed class Scaled<T>(LayerContext<T> context, double factor) : IFault
        where T : unmanaged, IReal<T>
    {
        private readonly Field<T> before = context.Keep(1);

        public void AddBefore(KernelProgram program, bool inverse) => program.Add(new KeepTotal<T>(context.Totals.View, before.View), 1);

        public void AddAfter(KernelProgram program, bool inverse) => program.Add(new ScaleTotal<T>(context.Totals.View, before.View, factor), 1);
    }
}

/// <summary>Keeps log q. One item.</summary>
internal struct KeepTotal<T>(Sums totals, Reals<T> before) : IKernel
    where T : unmanaged, IReal<T>
{
    private Sums totals = totals;
    private Reals<T> before = before;

    public void Bind(in Place place)
    {
        totals = totals.At<T>(place);
        before = before.At(place);
    }

    public readonly void Execute(int item) => T.Store(before, 0, T.LoadFrom(totals, FlowTotals.LogDensity));
}

/// <summary>What was added to log q since it was kept, times a factor. One item.</summary>
internal struct ScaleTotal<T>(Sums totals, Reals<T> before, double factor) : IKernel
    where T : unmanaged, IReal<T>
{
    private Sums totals = totals;
    private Reals<T> before = before;

    public void Bind(in Place place)
    {
        totals = totals.At<T>(place);
        before = before.At(place);
    }

    public readonly void Execute(int item)
    {
        T start = T.Load(before, 0);
        T.StoreTo(totals, FlowTotals.LogDensity, T.Fma(T.Of(factor), T.LoadFrom(totals, FlowTotals.LogDensity) - start, start));
    }
}

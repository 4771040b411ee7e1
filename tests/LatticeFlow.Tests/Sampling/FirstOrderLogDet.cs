using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Tests;

/// <summary>A layer whose log-determinant is right to first order in its move only: det J − 1 for ln det J, as a trace is where the determinant should be.</summary>
internal sealed class FirstOrderLogDet(IFlowLayer inner) : FaultyLayer(inner)
{
    protected override IFault Fault<T>(LayerContext<T> context) => new FirstOrder<T>(context);

    private sealed class FirstOrder<T>(LayerContext<T> context) : IFault
        where T : unmanaged, IReal<T>
    {
        private readonly Field<T> before = context.Keep(1);

        public void AddBefore(KernelProgram program, bool inverse) => program.Add(new Remember<T> { Totals = context.Totals.View, Before = before.View }, 1);

        public void AddAfter(KernelProgram program, bool inverse) => program.Add(new Replace<T> { Totals = context.Totals.View, Before = before.View }, 1);
    }

    private struct Remember<T> : IKernel
        where T : unmanaged, IReal<T>
    {
        public Sums Totals;
        public Reals<T> Before;

        public void Bind(in Place place)
        {
            Totals = Totals.At<T>(place);
            Before = Before.At(place);
        }

        public readonly void Execute(int item) => T.Store(Before, 0, T.LoadFrom(Totals, FlowTotals.LogDensity));
    }

    private struct Replace<T> : IKernel
        where T : unmanaged, IReal<T>
    {
        public Sums Totals;
        public Reals<T> Before;

        public void Bind(in Place place)
        {
            Totals = Totals.At<T>(place);
            Before = Before.At(place);
        }

        public readonly void Execute(int item)
        {
            T start = T.Load(Before, 0);
            T logDet = start - T.LoadFrom(Totals, FlowTotals.LogDensity);
            T.StoreTo(Totals, FlowTotals.LogDensity, start - Exponential.Expm1(logDet));
        }
    }
}

using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Networks;
using LatticeFlow.Lattice;

namespace LatticeFlow.Benchmarks;

/// <summary>The convolutions of a network: forward, input-VJP and weight-VJP of every site.</summary>
/// <remarks>Floor: 2 · taps · C_in · C_out flop a site and convolution. Activations, biases and slopes come on top and are not counted.</remarks>
internal sealed class ConvolutionCases<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly LayerContext<T> context;
    private readonly List<CompiledNetwork<T>> networks = [];

    public ConvolutionCases(ComputeDevice device, LatticeGeometry lattice, int replicas) =>
        context = new LayerContext<T>(device, new(GaugeGroup.U1, lattice), replicas, 100_000, GradientKind.Sum);

    public IEnumerable<BenchmarkCase> Of(string name, ConvolutionNetwork network)
    {
        var lattice = context.Space.Lattice;
        context.Begin(0);
        int[] all = [.. Enumerable.Range(0, lattice.Volume)];
        var input = context.Scratch(lattice.Volume * network.InputStride(0));
        var compiled = new CompiledNetwork<T>(network, context, lattice, input, all, _ => true);
        networks.Add(compiled);
        compiled.Load(Enumerable.Range(0, network.Parameters).Select(i => 0.1 * Math.Sin(i)).ToArray());
        double flop = Enumerable.Range(0, network.Depth).Sum(d => 2.0 * network.Taps * network.Inputs(d) * network.Outputs(d));
        string floor = FormattableString.Invariant($"a site; 2 taps C_in C_out of each convolution = {flop} flop");
        string size = $"{name}, {lattice}";
        yield return Case($"convolution {size}: forward", p => compiled.AddForward(p, keepSlopes: true));
        yield return Case($"convolution {size}: input VJP", compiled.AddInputVjp);
        yield return Case($"convolution {size}: weight VJP", p => compiled.AddWeightVjp(p));

        BenchmarkCase Case(string title, Action<KernelProgram> fill)
        {
            var program = new KernelProgram(context.Shape);
            fill(program);
            double items = (double)lattice.Volume * context.Shape.Replicas;
            return new(title, T.IsDouble ? Precision.Double : Precision.Single, floor, FloorKind.Arithmetic, flop, items, program);
        }
    }

    public void Dispose()
    {
        foreach (var network in networks) network.Dispose();
        context.Dispose();
    }
}

using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Networks;
using LatticeFlow.Lattice;

namespace LatticeFlow.Benchmarks;

/// <summary>The kernels of a U(1) plaquette coupling beside its network.</summary>
/// <remarks>
/// Floors count the multiplications and additions of the formulae, a division, a rounding and a select each as one: sine and cosine 30, arctangent 25,
/// exponential 20, logarithm 20. A mixture's inverse is counted with one evaluation, so that iterations count against the kernel.
/// </remarks>
internal sealed class FlowCases<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private const double SinCos = 30;
    private const double Arctangent = 25;
    private const double Exponential = 20;
    private const double Logarithm = 20;
    private const double Plaquette = 3;
    private readonly LayerContext<T> context;
    private readonly Field<T> freshNet;
    private readonly Field<T> freshLinks;

    public FlowCases(ComputeDevice device, LatticeGeometry lattice, int replicas)
    {
        context = new LayerContext<T>(device, new(GaugeGroup.U1, lattice), replicas);
        freshLinks = device.NewField<T>(context.Shape, lattice.Links);
        freshNet = device.NewField<T>(context.Shape, lattice.Plaquettes * LargestNet);
        freshLinks.WriteReplicas([.. Enumerable.Range(0, replicas * lattice.Links).Select(i => Math.PI * Math.Sin(i))]);
        freshNet.WriteReplicas([.. Enumerable.Range(0, replicas * freshNet.Elements).Select(i => 0.5 * Math.Sin(1.7 * i))]);
    }

    private const int LargestNet = 28;

    public IEnumerable<BenchmarkCase> All()
    {
        foreach (var one in Of("Möbius 2", new MobiusMixture<T>(2), 2 * Exponential, 2 * (Arctangent + 14), 2 * 16)) yield return one;
        foreach (var one in Of("spline 8", new CircularSpline<T>(8), 0, (8 * ((2 * Exponential) + 14)) + 30, 8 * ((4 * Exponential) + 30))) yield return one;
        var lattice = context.Space.Lattice;
        var mask = StripeMask.Create(lattice, 0);
        var operands = Operands(mask, 4);
        double frozen = mask.Roles.Count(role => role == PlaquetteRole.Frozen) / (double)lattice.Plaquettes;
        yield return Case("frozen features", "a plaquette; sine and cosine of the frozen half", frozen * (SinCos + Plaquette), lattice.Plaquettes,
            p => p.Add(new FrozenFeatures<T>(operands), lattice.Plaquettes));
        int perLink = 2 * (lattice.Dimensions - 1);
        double number = T.IsDouble ? sizeof(double) : sizeof(float);
        yield return Case("link cotangent", "a link; two plaquettes read, the link read and written", 4 * number, lattice.Links,
            p => p.Add(new LinkCotangent<T>(context.Cotangents.View, operands.PlaquetteCotangent, context.Table(PlaquetteTable.OfLinks(lattice)).View, perLink, 1, true), lattice.Links),
            kind: FloorKind.Traffic);
    }

    public void Dispose()
    {
        context.Dispose();
        freshLinks.Dispose();
        freshNet.Dispose();
    }

    private IEnumerable<BenchmarkCase> Of<TTransform>(string name, TTransform transform, double prepare, double evaluate, double derivatives)
        where TTransform : unmanaged, ICircularTransform<T>
    {
        var mask = StripeMask.Create(context.Space.Lattice, 0);
        var operands = Operands(mask, ConvolutionPlan.Padded(transform.Outputs));
        operands.LogSlopeCotangent = -1;
        int active = operands.ActiveCount;
        double forward = prepare + SinCos + evaluate + Logarithm + Plaquette;
        yield return Case($"coupling forward, {name}", "an active plaquette; one evaluation of the map and a logarithm", forward, active,
            p => p.Add(new CouplingForward<T, TTransform>(operands, transform), active), p => Refresh(p, operands));
        yield return Case($"coupling backward, {name}", "an active plaquette; one inversion at the price of an evaluation, and the derivatives",
            prepare + (2 * SinCos) + evaluate + derivatives + Plaquette, active,
            p => p.Add(new CouplingBackward<T, TTransform>(operands, transform), active), p => Refresh(p, operands));
    }

    // The couplings change links and network output in place: every round starts from the same ones.
    private void Refresh(KernelProgram program, in CouplingOperands<T> operands)
    {
        program.Add(new Copy<T> { Source = freshLinks.View, Target = context.Values.View }, context.Space.Lattice.Links);
        program.Add(new Copy<T> { Source = freshNet.View, Target = operands.Net }, context.Space.Lattice.Plaquettes * operands.NetStride);
    }

    private BenchmarkCase Case(
        string name, string item, double floor, int items, Action<KernelProgram> add, Action<KernelProgram>? prepare = null, FloorKind kind = FloorKind.Arithmetic)
    {
        var program = new KernelProgram(context.Shape);
        prepare?.Invoke(program);
        add(program);
        KernelProgram? alone = null;
        if (prepare is not null) prepare(alone = new KernelProgram(context.Shape));
        return new($"{name}, {context.Space.Lattice}", T.IsDouble ? Precision.Double : Precision.Single, item, kind, floor, (double)items * context.Shape.Replicas, program, alone);
    }

    private CouplingOperands<T> Operands(CouplingMask mask, int netStride)
    {
        var lattice = context.Space.Lattice;
        return new CouplingOperands<T>
        {
            Links = context.Values.View,
            LinkCotangent = context.Cotangents.View,
            Features = context.Scratch(2 * lattice.Plaquettes).View,
            FeatureCotangent = context.Scratch(ConvolutionPlan.Channels * lattice.Plaquettes).View,
            Net = context.Scratch(netStride * lattice.Plaquettes).View,
            NetCotangent = context.Scratch(netStride * lattice.Plaquettes).View,
            PlaquetteCotangent = context.Scratch(lattice.Plaquettes).View,
            LogSlopes = context.Scratch(mask.ActivePlaquettes.Length).View,
            ReplicaWeight = context.Weight.View,
            PlaquetteLinks = context.Table(PlaquetteTable.Links(lattice)).View,
            Active = context.Table(mask.ActiveTable()).View,
            Roles = context.Table(mask.Roles).View,
            Rectangles = context.Table(mask.Rectangles(lattice)).View,
            Partners = context.Table(mask.Partners(lattice)).View,
            FeatureStride = 2,
            ActiveCount = mask.ActivePlaquettes.Length,
            NetStride = netStride,
            FeatureCotangentStride = ConvolutionPlan.Channels,
        };
    }
}

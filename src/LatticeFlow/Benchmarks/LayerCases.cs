using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Networks;
using LatticeFlow.Lattice;

namespace LatticeFlow.Benchmarks;

/// <summary>Whole layers of flows of links: the forward pass, which samples, and forward with backward pass, which trains, of one layer.</summary>
/// <remarks>
/// Floors are those of <see cref="FlowFloor"/>: what they do not count goes against the layer.
/// </remarks>
internal sealed class LayerCases<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly ComputeDevice device;
    private readonly int replicas;
    private readonly List<IDisposable> owned = [];

    public LayerCases(ComputeDevice device, int replicas)
    {
        this.device = device;
        this.replicas = replicas;
    }

    public IEnumerable<BenchmarkCase> All()
    {
        LatticeGeometry plane = new(16, 16), four = new(4, 4, 4, 4);
        foreach (var group in (GaugeGroup[])[GaugeGroup.U1, GaugeGroup.SU2, GaugeGroup.SU3])
        {
            var spectral = new SpectralOptions(8, 2, 2, [16, 16], 3, Activation.Silu);
            foreach (var one in Of("spectral coupling", group, plane, spectral.Create(group, 2, PlaquetteStripes.OfIndex(2, 0, true), [1]))) yield return one;
            var doubling = Doubling.Layers(2, 1, mask => Doubling.SpectralMaps(group, 2, mask, [[1, 1]], spectral with { KernelSize = 1 })).OfType<SpectralCoupling>().Last();
            foreach (var one in Of("doubling, links of two staples", group, plane, doubling)) yield return one;
            foreach (var one in Of("staple coupling", group, plane, StapleCoupling.Layers(new(group, 2, 4, 1, 1)).First())) yield return one;
            foreach (var one in Of("continuous step", group, plane, new ContinuousStep(new ContinuousSchedule(group, 2, 24, 3, new TimeSplines(4, 3), 6, 3), 0))) yield return one;
        }

        foreach (var one in Of("staple coupling", GaugeGroup.SU3, four, StapleCoupling.Layers(new(GaugeGroup.SU3, 4, 4, 1, 1)).First())) yield return one;
    }

    public void Dispose()
    {
        foreach (var one in owned) one.Dispose();
    }

    private IEnumerable<BenchmarkCase> Of(string name, GaugeGroup group, LatticeGeometry lattice, IFlowLayer layer)
    {
        var model = new FlowModel([layer]);
        model.Initialize(1);
        var space = new FieldSpace(group, lattice);
        var context = new LayerContext<T>(device, space, replicas, model.Parameters.Length, GradientKind.Sum);
        owned.Add(context);
        context.Begin(0);
        var compiled = layer.Compile(context);
        owned.Add(compiled);
        compiled.Load(model.Parameters);
        var fresh = device.NewField<T>(context.Shape, space.Numbers);
        owned.Add(fresh);
        fresh.WriteReplicas(Haar(space));
        var (active, flops) = layer.Floor(space);
        string title = $"{name} {group} {string.Join('×', lattice.Extents)}", item = "an active link; network and matrix products";
        yield return Case($"{title}, forward", flops, compiled.AddForward);
        yield return Case($"{title}, forward and backward", (1 + FlowFloor.BackwardPasses) * flops, program =>
        {
            compiled.AddForward(program);
            compiled.AddBackward(program, -1);
        });

        // Layers move links in place: every round starts from the same ones.
        BenchmarkCase Case(string title, double floor, Action<KernelProgram> fill)
        {
            KernelProgram program = new(context.Shape), preparation = new(context.Shape);
            foreach (var one in (KernelProgram[])[program, preparation])
            {
                one.Add(new Copy<T> { Source = fresh.View, Target = context.Values.View }, space.Numbers);
                one.Add(new Clear<T> { Target = context.Cotangents.View }, space.Tangents);
            }

            fill(program);
            return new(title, T.IsDouble ? Precision.Double : Precision.Single, item, FloorKind.Arithmetic, floor, (double)active * replicas, program, preparation);
        }
    }

    private double[] Haar(FieldSpace space)
    {
        using var engine = FlowEngine.Create(device, T.IsDouble ? Precision.Double : Precision.Single, new FlowModel([]), space, replicas);
        var links = new double[replicas * space.Numbers];
        engine.Sample(1, 0, links, new double[replicas]);
        return links;
    }
}

using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Benchmarks;

/// <summary>The kernels of one chain on one lattice, in double: what a trajectory and a heat bath are made of.</summary>
/// <remarks>
/// A product of N×N matrices is 8N³ − 2N² flop, of quaternions 28. The force of Wilson's action is counted with 4(D − 1) + 1 of them, the sums of staples and 30 flop of projection: 2,694 a link for SU(3) in
/// four dimensions. The exponential is counted as two products and a multiplication of the link; all of it as in <see cref="NominalFlops"/>, but that floors of sweeps leave the draws out.
/// </remarks>
internal sealed class GaugeCases<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly List<IDisposable> owned = [];
    private readonly MarkovState<T> state;
    private readonly GaugeGroup group;
    private readonly string where;

    public GaugeCases(ComputeDevice device, GaugeGroup group, LatticeGeometry lattice, double beta)
    {
        this.group = group;
        state = new MarkovState<T>(device, new WilsonAction(lattice, group, beta), 1, 1);
        owned.Add(state);
        state.StartHot();
        where = $"{group} {lattice}";
    }

    public IEnumerable<BenchmarkCase> All()
    {
        int d = state.Action.Lattice.Dimensions;
        double product = NominalFlops.Product(group), force = NominalFlops.OfLoops(group, d, plaquettes: true, rectangles: false, WorkKind.Force);
        bool angles = group == GaugeGroup.U1;
        double planes = (d - 1) / 2.0;
        double link = group.Components * sizeof(double), algebra = group.Generators * sizeof(double);
        var momenta = Own(state.FieldSteps.NewTangents());
        var step = Own(state.Device.NewShared<T>(1));
        step.WriteShared([1e-3]);
        var sum = Own(state.Device.NewSums<T>(state.Shape, 1));
        var heatBath = Own(state.BindHeatBath());

        yield return Case("Gaussian momenta", $"a link; {group.Generators} normal numbers", FloorKind.Arithmetic, group.Generators * NominalFlops.NormalNumber, algebra,
            p => state.FieldSteps.AddMomenta(p, momenta, state.Key, Purpose.Momenta));
        yield return Case("force", angles ? "a link; one sine a plaquette, gathered" : "a link; staples, product and projection", FloorKind.Arithmetic, force, link + (2 * algebra),
            p => state.ActionSteps.AddForce(p, state.Field, step, 1, momenta));
        yield return Case("link update", angles ? "a link; angle and momentum read, the angle written" : "a link; exponential and product", angles ? FloorKind.Traffic : FloorKind.Arithmetic,
            angles ? 3 * sizeof(double) : NominalFlops.OfField(group, WorkKind.Drift), (2 * link) + algebra,
            p => state.FieldSteps.AddDrift(p, state.Field, momenta, step, 1));
        yield return Case("action", angles ? "a link; one cosine a plaquette" : "a link; its share of the plaquettes, two products and a trace each", FloorKind.Arithmetic,
            NominalFlops.OfLoops(group, d, plaquettes: true, rectangles: false, WorkKind.Action), link,
            p => state.ActionSteps.AddEvaluate(p, state.Field, sum));
        string staples = angles ? "a link; sine and cosine a staple" : "a link; staples and product";
        double update = angles ? 4 * (d - 1) * NominalFlops.Sine : force;
        yield return Case("heat bath sweep", staples, FloorKind.Arithmetic, update, 2 * link, p => Sweep(heatBath, colour => heatBath.AddDraw(p, colour, state.Field, state.Key)));
        yield return Case("overrelaxation sweep", staples, FloorKind.Arithmetic, update, 2 * link, p => Sweep(heatBath, colour => heatBath.AddReflect(p, colour, state.Field)));
    }

    public void Dispose()
    {
        foreach (var one in owned) one.Dispose();
    }

    private static void Sweep(IHeatBathSteps<T> steps, Action<int> add)
    {
        for (int colour = 0; colour < steps.Colours; colour++) add(colour);
    }

    private BenchmarkCase Case(string name, string item, FloorKind kind, double floor, double bytes, Action<KernelProgram> add)
    {
        var program = new KernelProgram(state.Shape);
        add(program);
        return new($"{where}: {name}", Precision.Double, item, kind, floor, state.Action.Lattice.Links, program, Bytes: bytes,
            WorkingSet: (double)(group.Components + group.Generators) * sizeof(double) * state.Action.Lattice.Links);
    }

    private TOwned Own<TOwned>(TOwned one)
        where TOwned : IDisposable
    {
        owned.Add(one);
        return one;
    }
}

using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Kernels.U1;
using LatticeFlow.Lattice;

namespace LatticeFlow.Benchmarks;

/// <summary>The kernels of the U(1) Markov chains and of random numbers, in double.</summary>
/// <remarks>
/// Floors as in <see cref="FlowCases{T}"/>. A block of Philox4x32-10 is counted with 10 rounds of 2 multiplications, 4 exclusive ors and 2 additions, a
/// pair of normal numbers with a logarithm, a root, sine and cosine; a heat bath draw with one attempt.
/// </remarks>
internal sealed class MarkovCases<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly List<IDisposable> owned = [];
    private readonly ComputeDevice device;
    private readonly LatticeGeometry lattice;
    private readonly BatchShape shape;

    public MarkovCases(ComputeDevice device, LatticeGeometry lattice, int replicas)
    {
        this.device = device;
        this.lattice = lattice;
        shape = device.Shape<T>(replicas);
    }

    public IEnumerable<BenchmarkCase> All()
    {
        var layout = LatticeLayout.OfReplicas<T>(device, lattice, shape.Replicas);
        var stencil = Own(new StencilTables(device, layout));
        var strength = Own(StrengthField.Ones<T>(device, layout));
        int links = lattice.Links, plaquettes = lattice.Plaquettes, perLink = 2 * (lattice.Dimensions - 1);
        var angles = Own(device.NewField<T>(shape, links));
        angles.WriteReplicas([.. Enumerable.Range(0, shape.Replicas * links).Select(i => Math.PI * Math.Sin(i))]);
        var forces = Own(device.NewField<T>(shape, plaquettes));
        var momenta = Own(device.NewField<T>(shape, links));
        var couplings = Own(device.NewShared<T>(plaquettes));
        couplings.WriteShared([.. Enumerable.Repeat(2.0, plaquettes)]);
        var step = Own(device.NewShared<T>(1));
        var key = Own(device.NewTable(new int[StreamKey.Length]));
        var normal = Own(device.NewSums<T>(shape, links));
        var plaquetteLinks = Own(device.NewTable(PlaquetteTable.Links(lattice)));
        var plaquettesOfLinks = Own(device.NewTable(PlaquetteTable.OfLinks(lattice)));
        var staples = Own(device.NewTable(StapleTable.OfLinks(layout)));
        int[] ofColour = LinkColouring.Colours(lattice)[0];
        var colour = Own(device.NewTable(ofColour));

        yield return Case("Philox Gaussian fill", "a normal number; half a block and half a pair", FloorKind.Arithmetic, NominalFlops.NormalNumber, links,
            p => p.Add(new FillGaussian<T> { Target = normal.View, Key = key.View, Purpose = Purpose.Momenta, Elements = links }, (links + 1) / 2));
        yield return Case("HMC plaquette force", "a plaquette; one sine", FloorKind.Arithmetic, NominalFlops.Sine, plaquettes,
            p => p.Add(new PlaquetteForces<T> { Links = angles.View, Couplings = new() { Numbers = couplings.View }, Forces = forces.View, LinksOfPlaquettes = plaquetteLinks.View, Lanes = stencil.Shifts }, plaquettes));
        yield return Case("HMC gather force", "a link; two plaquettes read, the momentum read and written", FloorKind.Traffic, 4 * sizeof(double), links, p => p.Add(
            new GatherForce<T>
            {
                Forces = forces.View,
                Target = momenta.View,
                Scale = step.View,
                Coefficient = 1,
                PlaquettesOfLinks = plaquettesOfLinks.View,
                PlaquettesOfOne = perLink,
                Lanes = stencil.Shifts,
                Strength = strength.View,
            },
            links));
        yield return Case("HMC drift", "a link; angle and momentum read, the angle written", FloorKind.Traffic, 3 * sizeof(double), links,
            p => p.Add(new AddScaled<T> { Source = momenta.View, Target = angles.View, Scale = step.View, Coefficient = 1 }, links));
        yield return Case("heat bath draw", "a link; two staples, one attempt, one arctangent of the staple and one of the draw", FloorKind.Arithmetic,
            NominalFlops.OfLoops(GaugeGroup.U1, 2, plaquettes: true, rectangles: false, WorkKind.HeatBath), ofColour.Length, p => p.Add(
            new HeatBathDraw<T>
            {
                Links = angles.View,
                Couplings = new() { Numbers = couplings.View },
                LinksOfLaunch = colour.View,
                StaplesOfLinks = staples.View,
                Streams = stencil.Streams<T>(key),
                Dimensions = lattice.Dimensions,
                StaplesOfOne = perLink,
                Lanes = stencil.Shifts,
                Strength = strength.View,
            },
            ofColour.Length));
    }

    public void Dispose()
    {
        foreach (var one in owned) one.Dispose();
    }

    private BenchmarkCase Case(string name, string item, FloorKind kind, double floor, int items, Action<KernelProgram> add)
    {
        var program = new KernelProgram(shape);
        add(program);
        return new($"{name}, {lattice}", Precision.Double, item, kind, floor, (double)items * shape.Replicas, program);
    }

    private TOwned Own<TOwned>(TOwned one)
        where TOwned : IDisposable
    {
        owned.Add(one);
        return one;
    }
}

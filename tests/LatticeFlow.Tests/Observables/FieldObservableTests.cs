using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

public class FieldObservableTests
{
    // One summation order and one cosine against another; observables are of order 1.
    private const double RoundingTolerance = 1e-12;

    public static TheoryData<string> InstructionSets => CpuDevices.Supported;

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Loops_are_the_means_that_the_definitions_say(string instructionSet)
    {
        using var device = CpuDevices.Create(instructionSet);
        foreach (int[] extents in new int[][] { [4, 6], [3, 1], [3, 4, 2], [2, 3, 2, 3] })
        {
            var lattice = new LatticeGeometry(extents);
            var links = ActionLaws.RandomLinks(new Random(8), lattice.Links);
            Assert.Equal(Loop(lattice, links, 1, 1), Measure(device, lattice, links, "plaquette")[0], RoundingTolerance);
            Assert.Equal(Loop(lattice, links, 2, 2), Measure(device, lattice, links, "wilson_loop_2x2")[0], RoundingTolerance);
            Assert.Equal((Loop(lattice, links, 2, 3) + Loop(lattice, links, 3, 2)) / 2, Measure(device, lattice, links, "wilson_loop_2x3")[0], RoundingTolerance);
            var (real, imaginary, absolute) = (Measure(device, lattice, links, "polyakov_re"), Measure(device, lattice, links, "polyakov_im"), Measure(device, lattice, links, "polyakov_abs"));
            Assert.Equal(lattice.Dimensions, real.Length);
            for (int mu = 0; mu < lattice.Dimensions; mu++)
            {
                var mean = Polyakov(lattice, links, mu);
                Assert.Equal(mean.Real, real[mu], RoundingTolerance);
                Assert.Equal(mean.Imaginary, imaginary[mu], RoundingTolerance);
                Assert.Equal(mean.Magnitude, absolute[mu], RoundingTolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Charge_of_a_constant_field_strength_is_its_flux(string instructionSet)
    {
        using var device = CpuDevices.Create(instructionSet);
        var lattice = new LatticeGeometry(6, 5);
        for (int charge = -3; charge <= 3; charge++)
        {
            // θ_1 = f x_0 in every row, and θ_0 on the last column closes the torus: every plaquette angle is f = 2π Q/V modulo 2π.
            double strength = 2 * Math.PI * charge / lattice.Volume;
            var links = new double[lattice.Links];
            for (int site = 0; site < lattice.Volume; site++)
            {
                links[lattice.Link(site, 1)] = strength * lattice.Coordinate(site, 0);
                if (lattice.Coordinate(site, 0) == 5) links[lattice.Link(site, 0)] = -strength * 6 * lattice.Coordinate(site, 1);
            }

            var alpha = ActionLaws.RandomLinks(new Random(charge), lattice.Volume);
            links = ActionLaws.GaugeTransformed(lattice, links, alpha);
            Assert.Equal(charge, Measure(device, lattice, links, "topological_charge")[0]);
            Assert.Equal(charge * charge, Measure(device, lattice, links, "topological_charge_squared")[0]);
            Assert.Equal(Math.Cos(strength), Measure(device, lattice, links, "plaquette")[0], RoundingTolerance);
        }
    }

    [Fact]
    public void Observables_are_gauge_invariant()
    {
        using var device = CpuDevices.Best();
        var lattice = new LatticeGeometry(4, 3);
        var links = ActionLaws.RandomLinks(new Random(1), lattice.Links);
        var transformed = ActionLaws.GaugeTransformed(lattice, links, ActionLaws.RandomLinks(new Random(2), lattice.Volume));
        foreach (string name in ObservableRegistry.Names.Select(n => n.Replace("RxT", "3x2", StringComparison.Ordinal)))
        {
            var (before, after) = (Measure(device, lattice, links, name), Measure(device, lattice, transformed, name));
            for (int i = 0; i < before.Length; i++) Assert.Equal(before[i], after[i], RoundingTolerance);
        }
    }

    [Fact]
    public void Registry_names_what_is_wrong()
    {
        var lattice = new LatticeGeometry(4, 4, 4);
        var unknown = Assert.Throws<ArgumentException>(() => ObservableRegistry.Create("plaquete", lattice, GaugeGroup.U1));
        Assert.Contains("wilson_loop_RxT", unknown.Message);
        Assert.Throws<ArgumentException>(() => ObservableRegistry.Create("wilson_loop_0x2", lattice, GaugeGroup.U1));
        Assert.Throws<ArgumentException>(() => ObservableRegistry.Create("wilson_loop_2x", lattice, GaugeGroup.U1));
        Assert.Contains("two dimensions", Assert.Throws<NotSupportedException>(() => ObservableRegistry.Create("topological_charge", lattice, GaugeGroup.U1)).Message);
    }

    [Fact]
    public void A_charge_that_is_no_integer_is_an_error()
    {
        using var device = CpuDevices.Best();
        var lattice = new LatticeGeometry(4, 4);
        var links = new double[lattice.Links];
        links[3] = double.NaN;
        Assert.Throws<InvalidOperationException>(() => Measure(device, lattice, links, "topological_charge"));
    }

    private static double[] Measure(ComputeDevice device, LatticeGeometry lattice, double[] links, string name) =>
        device.Use(Precision.Double, new Meter(lattice, links, ObservableRegistry.Create(name, lattice, GaugeGroup.U1)));

    private static double Loop(LatticeGeometry lattice, double[] links, int r, int t)
    {
        double sum = 0;
        for (int site = 0; site < lattice.Volume; site++)
        {
            foreach (var (mu, nu) in lattice.Planes)
            {
                double angle = 0;
                for (int i = 0; i < r; i++) angle += links[lattice.Link(lattice.Neighbour(site, mu, i), mu)] - links[lattice.Link(lattice.Neighbour(lattice.Neighbour(site, nu, t), mu, i), mu)];
                for (int i = 0; i < t; i++) angle += links[lattice.Link(lattice.Neighbour(lattice.Neighbour(site, mu, r), nu, i), nu)] - links[lattice.Link(lattice.Neighbour(site, nu, i), nu)];
                sum += Math.Cos(angle);
            }
        }

        return sum / lattice.Plaquettes;
    }

    private static System.Numerics.Complex Polyakov(LatticeGeometry lattice, double[] links, int mu)
    {
        // Every site of a line gives the same loop, so the mean over all sites is the mean over lines.
        var sum = System.Numerics.Complex.Zero;
        for (int site = 0; site < lattice.Volume; site++)
        {
            double angle = 0;
            for (int i = 0; i < lattice.Extents[mu]; i++) angle += links[lattice.Link(lattice.Neighbour(site, mu, i), mu)];
            sum += System.Numerics.Complex.FromPolarCoordinates(1, angle);
        }

        return sum / lattice.Volume;
    }

    private sealed class Meter(LatticeGeometry lattice, double[] links, IFieldObservable observable) : DoubleLaneUser<double[]>
    {
        protected override double[] Use<T>(ComputeDevice device)
        {
            using var state = new MarkovState<T>(device, new WilsonAction(lattice, 1), 3, 1);
            state.Write([.. links, .. new double[links.Length], .. links]);
            using var meter = new ObservableMeter<T>(device, state.Stencil, state.Action.Group, state.LinkField, [observable]);
            state.Measure(meter.Program);
            var values = new double[3 * observable.Components()];
            meter.Read(observable, values);
            Assert.Equal(values[..observable.Components()], values[^observable.Components()..]);
            return values[..observable.Components()];
        }
    }
}

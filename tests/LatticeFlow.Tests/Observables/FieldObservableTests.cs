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

    public static TheoryData<string, int[]> Theories => new()
    {
        { "U1", [8, 4] }, { "U1", [4, 4, 4, 2] }, { "SU2", [4, 4, 4, 2] }, { "SU3", [4, 4, 4, 2] }, { "SU3", [8, 4] }, { "SU4", [4, 4, 4] },
    };

    [Theory]
    [MemberData(nameof(Theories))]
    public void Observables_are_gauge_invariant_and_the_same_in_both_layouts(string group, int[] extents)
    {
        var field = MatrixField.Random(new LatticeGeometry(extents), GaugeGroup.Named(group), 1, 1);
        string[] suffixes = ["", .. ObservableRegistry.Suffixes.Select(suffix => suffix.Replace("T", "0.2", StringComparison.Ordinal).Replace("N", "2", StringComparison.Ordinal))];
        IFieldObservable[] observables = [.. ObservableRegistry.Names
            .Select(name => name.Replace("RxT", "3x2", StringComparison.Ordinal).Replace("_T", "_0.4", StringComparison.Ordinal))
            .SelectMany(name => suffixes.Select(suffix => name + suffix)).Select(name => Defined(name, field)).OfType<IFieldObservable>()];
        Assert.True(observables.Length > 20);
        var before = FieldBench.Measure(field, observables);
        var after = FieldBench.Measure(field.Transformed(2), observables);
        var split = FieldBench.Measure(field, observables, true);
        for (int o = 0; o < observables.Length; o++)
        {
            double tolerance = GaugeTolerance(observables[o]);
            for (int i = 0; i < before[o].Length; i++)
            {
                Assert.True(Math.Abs(before[o][i] - after[o][i]) < tolerance, $"{observables[o].Name}: {before[o][i]:R} became {after[o][i]:R}");
                Assert.True(Math.Abs(before[o][i] - split[o][i]) < tolerance, $"{observables[o].Name}: {before[o][i]:R} and, of sub-lattices, {split[o][i]:R}");
            }
        }
    }

    // Energies of rough links are sums of N numbers of order 1 in six planes.
    private static double GaugeTolerance(IFieldObservable observable) => observable.Name.Contains("energy", StringComparison.Ordinal) ? 10 * RoundingTolerance : RoundingTolerance;

    private static IFieldObservable? Defined(string name, MatrixField field)
    {
        try
        {
            return ObservableRegistry.Create(name, field.Lattice, field.Group);
        }
        catch (Exception exception) when (exception is NotSupportedException || name.StartsWith("flow_energy_0.4_", StringComparison.Ordinal))
        {
            return null;
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
        Assert.Contains("wilson_loop_2x3", Assert.Throws<ArgumentException>(() => ObservableRegistry.Create("wilson_loop_02x3", lattice, GaugeGroup.U1)).Message);
        Assert.Throws<ArgumentException>(() => ObservableRegistry.Create("plaquette_ape2_ape2", lattice, GaugeGroup.U1));
        Assert.Throws<ArgumentException>(() => ObservableRegistry.Create("flow_energy_0.2", lattice, GaugeGroup.U1));
        Assert.Contains("SU(N)", Assert.Throws<NotSupportedException>(() => ObservableRegistry.Create("clover_charge_flow2", lattice, GaugeGroup.SU3)).Message);
        Assert.Throws<NotSupportedException>(() => ObservableRegistry.Create("topological_charge", new LatticeGeometry(4, 4), GaugeGroup.SU2));
        Assert.Throws<NotSupportedException>(() => ObservableRegistry.Create("plaquette_spatial_ape2", new LatticeGeometry(4, 4), GaugeGroup.SU2));
        Assert.Equal("clover_energy_flow1.5", ObservableRegistry.Create("clover_energy_flow1.5", lattice, GaugeGroup.U1).Name);
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
            using var meter = new ObservableMeter<T>(device, state.Stencil, state.Action.Field, state.Field, [observable]);
            state.Measure(meter.Program);
            var values = new double[3 * observable.Components()];
            meter.Read(observable, values);
            Assert.Equal(values[..observable.Components()], values[^observable.Components()..]);
            return values[..observable.Components()];
        }
    }
}

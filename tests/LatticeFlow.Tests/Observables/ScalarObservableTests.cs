using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>Observables of a scalar are what their definitions say, in both layouts.</summary>
public class ScalarObservableTests
{
    // One summation order against another; observables are of order 1 to 1000.
    private const double RoundingTolerance = 1e-12;

    public static TheoryData<string> InstructionSets => CpuDevices.Supported;

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Moments_and_correlations_are_sums_over_the_sites(string instructionSet)
    {
        using var device = CpuDevices.Create(instructionSet);
        foreach (int[] extents in new int[][] { [8, 4], [4, 8], [3, 5], [1, 3], [3, 1], [2, 72], [5, 4, 2], [8, 2, 2], [2, 3, 2, 2], [4, 2, 4, 2] })
        {
            var field = ScalarField.Random(new LatticeGeometry(extents), extents.Length);
            double volume = field.Lattice.Volume;
            foreach (var lanes in Enum.GetValues<LaneUse>())
            {
                Equal(field.MeanSquare, One("phi_squared"));
                Equal(field.Sum * field.Sum / volume, One("magnetization_squared"));
                Equal(Math.Abs(field.Sum) / volume, One("magnetization_abs"));
                Equal(Math.Pow(field.Sum, 4) / volume / volume, One("magnetization_fourth"));
                double[] correlator = Measure(device, field, lanes, "two_point");
                Assert.Equal(extents[0], correlator.Length);
                for (int t = 0; t < correlator.Length; t++) Equal(field.TwoPoint(t), correlator[t]);
                Equal(field.Sum * field.Sum / volume, correlator.Sum());

                double One(string name) => Assert.Single(Measure(device, field, lanes, name));
            }
        }
    }

    [Fact]
    public void Lanes_are_cut_along_direction_0_too()
    {
        if (InstructionSet.Best().Name == "scalar") return;
        using var device = CpuDevices.Best();
        foreach (int[] extents in new int[][] { [8, 1], [16, 3], [8, 2, 2] })
        {
            var field = ScalarField.Random(new LatticeGeometry(extents), 3);
            double[] correlator = Measure(device, field, LaneUse.Best, "two_point");
            for (int t = 0; t < correlator.Length; t++) Equal(field.TwoPoint(t), correlator[t]);
        }
    }

    [Fact]
    public void The_registry_says_which_field_an_observable_is_for()
    {
        var lattice = new LatticeGeometry(4, 4);
        Assert.Contains("phi_squared", Assert.Throws<NotSupportedException>(() => ObservableRegistry.Create("plaquette", lattice, FieldType.Scalar)).Message);
        Assert.Contains("plaquette", Assert.Throws<NotSupportedException>(() => ObservableRegistry.Create("two_point", lattice, GaugeGroup.SU3)).Message);
        Assert.Contains("without a suffix", Assert.Throws<NotSupportedException>(() => ObservableRegistry.Create("phi_squared_ape2", lattice, FieldType.Scalar)).Message);
        Assert.DoesNotContain("plaquette", Assert.Throws<ArgumentException>(() => ObservableRegistry.Create("phi_sqared", lattice, FieldType.Scalar)).Message);
        Assert.Equal(["phi_squared", "magnetization_squared", "magnetization_abs", "magnetization_fourth", "two_point"], ObservableRegistry.NamesFor(FieldType.Scalar));
        Assert.DoesNotContain("two_point", ObservableRegistry.NamesFor(GaugeGroup.U1));
        using var device = CpuDevices.Best();
        var settings = new MarkovChainSettings
        {
            Action = new Phi4Action(lattice, 1, 1),
            Transition = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 4),
            Replicas = 1,
            Seed = 1,
            Observables = [WilsonLoop.Plaquette()],
        };
        Assert.Contains("'plaquette'", Assert.Throws<NotSupportedException>(() => MarkovChain.Create(device, settings)).Message);
        Assert.Contains("'phi_squared'", Assert.Throws<NotSupportedException>(
            () => MarkovChain.Create(device, settings with { Action = new WilsonAction(lattice, 1), Observables = [ScalarMoment.PhiSquared()] })).Message);
    }

    private static void Equal(double expected, double actual) => Assert.Equal(expected, actual, RoundingTolerance * Math.Max(1, Math.Abs(expected)));

    private static double[] Measure(ComputeDevice device, ScalarField field, LaneUse lanes, string name) =>
        device.Use(Precision.Double, new Meter(field, lanes, ObservableRegistry.Create(name, field.Lattice, FieldType.Scalar)));

    /// <summary>Of three replicas the last is measured.</summary>
    private sealed class Meter(ScalarField field, LaneUse lanes, IFieldObservable observable) : DoubleLaneUser<double[]>
    {
        protected override double[] Use<T>(ComputeDevice device)
        {
            using var state = new MarkovState<T>(device, new Phi4Action(field.Lattice, 1, 1), 3, 1, lanes);
            state.Write([.. ScalarField.Random(field.Lattice, 7).Numbers, .. ScalarField.Random(field.Lattice, 8).Numbers, .. field.Numbers]);
            using var meter = new ObservableMeter<T>(device, state.Stencil, FieldType.Scalar, state.Field, [observable]);
            state.Measure(meter.Program);
            var values = new double[3 * observable.Components()];
            meter.Read(observable, values);
            return values[^observable.Components()..];
        }
    }
}

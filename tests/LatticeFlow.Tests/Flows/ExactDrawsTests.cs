using LatticeFlow.Actions;
using LatticeFlow.Exact;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;

namespace LatticeFlow.Tests;

/// <summary>Independent draws of the exact solutions of two dimensions.</summary>
public class ExactDrawsTests
{
    private const int Count = 8192;

    // Draws are independent, so that a mean has the error s/√n. This far off by chance: 6·10⁻⁵ a comparison, 20 comparisons, fixed seeds.
    private const double Sigmas = 4;

    [Theory]
    [InlineData(1.0, 4, 4)]
    [InlineData(8.0, 8, 8)]
    [InlineData(3.0, 2, 3)]
    public void Of_U1_loops_and_charge_are_exact(double beta, int first, int second)
    {
        var exact = new TwoDimensionalU1(beta, first, second);
        Check(new WilsonAction(new LatticeGeometry(first, second), beta), ("plaquette", exact.Plaquette), ("topological_charge_squared", exact.TopologicalChargeSquared), ("topological_charge", 0),
            ("wilson_loop_1x2", exact.WilsonLoop(1, 2)), ("polyakov_re", 0));
    }

    [Theory]
    [InlineData("SU2", 2.7, 4, 4)]
    [InlineData("SU2", 3.0, 2, 3)]
    [InlineData("SU3", 5.0, 2, 2)]
    [InlineData("SU3", 6.0, 4, 6)]
    public void Of_SUN_loops_are_exact(string name, double beta, int first, int second)
    {
        var group = GaugeGroup.Named(name);
        var exact = new TwoDimensionalSUN(group.Order, beta, first, second);
        Check(new WilsonAction(new LatticeGeometry(first, second), group, beta), ("plaquette", exact.Plaquette), ("wilson_loop_2x2", exact.WilsonLoop(2, 2)), ("polyakov_re", 0));
    }

    /// <summary>Planes of two dimensions contain direction 0: their coupling is β ξ.</summary>
    [Fact]
    public void The_anisotropy_enters()
        => Check(new WilsonAction(new LatticeGeometry(4, 4), GaugeGroup.U1, 2, anisotropy: 1.5), ("plaquette", new TwoDimensionalU1(3, 4, 4).Plaquette));

    [Fact]
    public void Seeds_differ_and_one_seed_repeats()
    {
        var action = new WilsonAction(new LatticeGeometry(4, 4), 2);
        double[] first = Draw(action, 1, 50).Configurations, again = Draw(action, 1, 50).Configurations, other = Draw(action, 2, 50).Configurations;
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void Where_there_are_none_it_is_said()
    {
        Assert.False(ExactDraws.Exist(new WilsonAction(new LatticeGeometry(4, 4, 4), 2)));
        Assert.False(ExactDraws.Exist(new WilsonAction(new LatticeGeometry(4, 4), GaugeGroup.Named("SU4"), 2)));
        Assert.False(ExactDraws.Exist(new RectangleAction(new LatticeGeometry(4, 4), GaugeGroup.U1, 2, -0.1, 1)));
        // Of SU(3) so few candidates would be taken that drawing does not end.
        Assert.False(ExactDraws.Exist(new WilsonAction(new LatticeGeometry(4, 4), GaugeGroup.SU3, 300)));
        Assert.False(ExactDraws.Exist(new WilsonAction(new LatticeGeometry(4, 4), -1)));
    }

    private static (double[] Configurations, double[] Action) Draw(IAction action, ulong seed, int count)
    {
        using var device = CpuDevices.Best();
        using var draws = ExactDraws.Of(device, action)!;
        var configurations = new double[count * new FieldSpace(action.Field, action.Lattice).Numbers];
        var energy = new double[count];
        draws.Draw(seed, configurations, energy);
        return (configurations, energy);
    }

    private static void Check(IAction action, params (string Name, double Exact)[] expected)
    {
        var space = new FieldSpace(action.Field, action.Lattice);
        var (configurations, energy) = Draw(action, 2026, Count);
        using var device = CpuDevices.Best();
        IFieldObservable[] observables = [.. expected.Select(one => ObservableRegistry.Create(one.Name, action.Lattice, action.Field))];
        using var meter = ConfigurationMeter.Create(device, space, observables, Count);
        using var evaluator = ActionEvaluator.Create(device, action, Count);
        var again = new double[Count];
        evaluator.Evaluate(configurations, again);
        Assert.Equal(again, energy);
        meter.Measure(configurations);
        for (int o = 0; o < observables.Length; o++)
        {
            int components = observables[o].Components();
            var values = new double[Count * components];
            meter.Read(observables[o], values);
            double[] column = [.. Enumerable.Range(0, Count).Select(i => values[i * components])];
            double mean = column.Average(), error = Math.Sqrt(column.Sum(x => (x - mean) * (x - mean)) / Count / (Count - 1.0));
            Assert.True(Math.Abs(mean - expected[o].Exact) < Sigmas * error, $"{action.Field}, {expected[o].Name}: {mean} ± {error}, exact {expected[o].Exact}");
        }
    }
}

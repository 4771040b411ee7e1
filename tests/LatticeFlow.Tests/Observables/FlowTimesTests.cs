using LatticeFlow.Actions;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;
using LatticeFlow.Smearing;

namespace LatticeFlow.Tests;

/// <summary>The times of the gradient flow: which there are, and what steps that grow cost in accuracy on thermal links.</summary>
public class FlowTimesTests
{
    [Fact]
    public void Every_multiple_of_a_tenth_is_a_time()
    {
        var times = FlowTimes.Named;
        Assert.Equal([0, 0.02, 0.04, 0.06], Enumerable.Range(0, 4).Select(times.After));
        Assert.Equal([0.38, 0.4, 0.45, 0.5], Enumerable.Range(19, 4).Select(times.After));
        Assert.Equal([1.95, 2, 2.1, 2.2], Enumerable.Range(51, 4).Select(times.After));
        for (int k = 0; k <= 100; k++) Assert.Equal(Math.Round(k * 0.1, 1), times.After(times.StepsTo(k * 0.1)));
        for (int k = 0; k < 60; k++) Assert.Equal(times.After(k + 1) - times.After(k), times.Step(k), 1e-12);
        Assert.Throws<ArgumentException>(() => times.StepsTo(0.51));
        Assert.Throws<ArgumentException>(() => times.StepsTo(-0.1));
        Assert.Throws<ArgumentException>(() => FlowTimes.Uniform(0));
        Assert.Throws<ArgumentException>(() => FlowTimes.Uniform(double.NaN));
        Assert.Equal(FlowTimes.Uniform(0.1), FlowTimes.Uniform(0.1));
        Assert.NotEqual(FlowTimes.Uniform(0.1), FlowTimes.Named);
    }

    [Theory]
    [InlineData("SU2", 2.4)]
    [InlineData("SU3", 5.8)]
    [InlineData("SU3", 6.2)]
    [InlineData("SU3", 12)]
    public void Steps_that_grow_cost_less_than_a_ten_thousandth_of_the_energy(string group, double beta)
    {
        // The method's error is of the third order: one of 0.005 is a reference. What growing steps have lost the flow forgets, so that it is largest where they grow.
        const double EarlyTolerance = 1e-4, LateTolerance = 2e-5, ChargeTolerance = 3e-5, ReferenceStep = 0.005;
        var field = Thermal(new LatticeGeometry(8, 8, 8, 8), GaugeGroup.Named(group), beta);
        double[] times = [0.1, 0.2, 0.4, 0.5, 0.7, 1, 2, 2.5];
        double[][] named = Along(FlowTimes.Named), reference = Along(FlowTimes.Uniform(ReferenceStep));
        for (int i = 0; i < times.Length; i++)
        {
            Assert.Equal(1, named[i][0] / reference[i][0], times[i] < 2 ? EarlyTolerance : LateTolerance);
            Assert.Equal(reference[times.Length + i][0], named[times.Length + i][0], ChargeTolerance);
        }

        double[][] Along(FlowTimes steps) => FieldBench.Measure(field, [.. Flowed(new CloverEnergy(), steps), .. Flowed(new CloverCharge(field.Lattice), steps)], split: true);

        IEnumerable<IFieldObservable> Flowed(IFieldObservable observable, FlowTimes steps) => times.Select(time => new SmearedObservable(observable, new GradientFlow(steps), steps.StepsTo(time)));
    }

    private static MatrixField Thermal(LatticeGeometry lattice, GaugeGroup group, double beta)
    {
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new() { Action = new WilsonAction(lattice, group, beta), Transition = new HeatBath(4), Replicas = 1, Seed = 5 });
        for (int i = 0; i < 60; i++) chain.Advance();
        return MatrixField.Of(lattice, group, chain.Field.ToArray());
    }
}

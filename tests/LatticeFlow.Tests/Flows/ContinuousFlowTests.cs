using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>Loops, their Laplacians and the integration of continuous flows.</summary>
public class ContinuousFlowTests(ITestOutputHelper output)
{
    public static TheoryData<string, int[], int> Theories => new()
    {
        { "U1", [4, 4], 3 },
        { "U1", [3, 3, 3], 2 },
        { "SU2", [4, 4], 3 },
        { "SU2", [3, 3, 3], 2 },
        { "SU3", [4, 4], 3 },
        { "SU4", [4, 4], 3 },
    };

    /// <summary>
    /// ln|det| of one Euler step is the sum of all Laplacians times its length exactly, ln|det| of its numerical Jacobian the same to first order: fourth-order differences of both by the length agree to fourth order.
    /// </summary>
    [Theory]
    [MemberData(nameof(Theories))]
    public void Laplacians_are_traces_of_numerical_Jacobians(string group, int[] extents, int plaquettes)
    {
        // Rounding of some 1e-11 a determinant over the length; what fourth order leaves is 1e-16 times the fifth power of some tens.
        const double length = 1e-4, tolerance = 2e-7;
        var space = new FieldSpace(GaugeGroup.Named(group), new LatticeGeometry(extents));
        var model = Model(space, 1, plaquettes, 1, 1);
        var unit = (double[])FlowCase.Randomised(model, 6, 1).Parameters.Clone();
        using var device = InstructionSet.Named("scalar").Create(1);
        var laws = new FlowLaws(device, space, 3);
        var prior = laws.Random(1);
        double numerical = 0, exact = 0;
        foreach (var (factor, weight) in new[] { (1.0, 8.0), (-1.0, -8.0), (2.0, -1.0), (-2.0, 1.0) })
        {
            for (int i = 0; i < unit.Length; i++) model.Parameters[i] = factor * length * unit[i];
            var (logDet, full) = laws.LogDeterminant(model, prior);
            exact += weight * logDet / (12 * length);
            numerical += weight * full / (12 * length);
        }

        Assert.True(Math.Abs(exact) > 1, $"{exact} is too small to test anything");
        Assert.InRange(Math.Abs(numerical - exact) / Math.Abs(exact), 0, tolerance);
        output.WriteLine($"{exact} {(numerical - exact) / exact}");
    }

    /// <summary>The error of ln|det| falls with the order of the method: at half the length of steps to 2^−order of what it was.</summary>
    [Theory]
    [InlineData(1, 1.6, 2.6)]
    [InlineData(2, 3.3, 4.9)]
    [InlineData(3, 6.5, 9.8)]
    public void The_error_of_the_log_determinant_falls_with_the_order_of_the_method(int method, double least, double most)
    {
        var space = new FieldSpace(GaugeGroup.SU3, new LatticeGeometry(3, 3));
        using var device = InstructionSet.Named("scalar").Create(1);
        var prior = new FlowLaws(device, space, 4).Random(1);
        double[] errors = [.. new[] { 4, 8 }.Select(steps =>
        {
            var model = Model(space, steps, 2, 3, method, 2.0);
            model.Initialize(1);
            var (logDet, full) = new FlowLaws(device, space, 4).LogDeterminant(model, prior);
            return Math.Abs(logDet - full);
        })];
        Assert.InRange(errors[0] / errors[1], least, most);
    }

    /// <summary>
    /// What the second order of the trivialising flow leaves in ln w is of third order in β: half of β leaves a 64th of the variance, where the first order leaves a 16th. The variances are of the same 512 configurations: their ratio is
    /// known to a few percent.
    /// </summary>
    [Theory]
    [InlineData("U1", 2, 1, 16, 0.8)]
    [InlineData("U1", 2, 2, 64, 0.8)]
    [InlineData("U1", 3, 2, 64, 0.4)]
    [InlineData("SU2", 2, 2, 64, 1.0)]
    [InlineData("SU2", 3, 2, 64, 0.6)]
    [InlineData("SU3", 2, 1, 16, 1.5)]
    [InlineData("SU3", 2, 2, 64, 1.5)]
    [InlineData("SU3", 2, 3, 64, 1.5)]
    [InlineData("SU4", 2, 2, 64, 2.0)]
    public void Coefficients_start_from_the_trivialising_flow(string group, int dimensions, int plaquettes, double ratio, double beta)
    {
        var space = new FieldSpace(GaugeGroup.Named(group), new LatticeGeometry([.. Enumerable.Repeat(4, dimensions)]));
        using var device = InstructionSet.Best().Create(1);
        double[] variances = [.. new[] { beta, beta / 2 }.Select(coupling =>
        {
            var model = Model(space, 4, plaquettes, 3, 3, coupling);
            model.Initialize(1);
            var weights = FlowEvaluation.LogWeights(device, Precision.Double, model, new WilsonAction(space.Lattice, (GaugeGroup)space.Type, coupling), 7, 512);
            double mean = weights.Average();
            return weights.Average(weight => (weight - mean) * (weight - mean));
        })];
        Assert.InRange(variances[0] / variances[1] / ratio, 0.6, 1.5);
    }

    /// <summary>An inverse that its iterations do not find, here because a step is far too long, has no density rather than a wrong one.</summary>
    [Fact]
    public void An_inverse_that_is_not_found_has_no_density()
    {
        var space = new FieldSpace(GaugeGroup.SU2, new LatticeGeometry(4, 4));
        var model = Model(space, 1, 2, 1, 3);
        foreach (var (size, finds) in new[] { (0.01, true), (1.0, false) })
        {
            Array.Fill(model.Parameters, size);
            using var device = InstructionSet.Named("scalar").Create(1);
            using var engine = FlowEngine.Create(device, Precision.Double, model, space, 2);
            var prior = new FlowLaws(device, space, 8).Random(2);
            double[] logDensity = new double[2];
            engine.Inverse(prior, new double[prior.Length], logDensity);
            Assert.All(logDensity, log => Assert.Equal(finds, double.IsFinite(log)));
        }
    }

    /// <summary>Halving the step changes ln w as the order of the method says, and of a flow of couplings there is nothing to halve.</summary>
    [Fact]
    public void What_half_the_step_changes_falls_with_the_step()
    {
        var space = new FieldSpace(GaugeGroup.SU3, new LatticeGeometry(4, 4));
        using var device = InstructionSet.Best().Create(1);
        var action = new WilsonAction(space.Lattice, GaugeGroup.SU3, 4);
        IntegrationError[] errors = [.. new[] { 4, 8 }.Select(steps =>
        {
            var model = Model(space, steps, 2, 3, 3, 4);
            model.Initialize(1);
            return FlowEvaluation.Integration(device, model, action, 5, 256)!;
        })];
        Assert.InRange(errors[0].Deviation / errors[1].Deviation, 5, 12);
        Assert.InRange(errors[0].Mean / errors[1].Mean, 5, 12);
        Assert.Null(FlowEvaluation.Integration(device, new FlowModel([.. StapleCoupling.Layers(new(GaugeGroup.SU3, 2, 1, 1, 1))]), action, 5, 16));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(3, 2)]
    [InlineData(7, 2)]
    [InlineData(6, 3)]
    public void Splines_are_a_partition_of_unity_and_hold_lines(int count, int degree)
    {
        var splines = new TimeSplines(count, degree);
        double[] line = splines.OfLine(0.3, 1.7);
        foreach (double time in new[] { 0, 0.1, 0.25, 1.0 / 3, 0.5, 0.77, 1 })
        {
            double[] values = splines.At(time);
            Assert.Equal(1, values.Sum(), 1e-14);
            Assert.All(values, value => Assert.InRange(value, -1e-15, 1));
            if (degree > 0) Assert.Equal(0.3 + (1.7 * time), values.Zip(line, (value, c) => value * c).Sum(), 1e-13);
        }
    }

    private static FlowModel Model(FieldSpace space, int steps, int plaquettes, int splines, int method, double coupling = 0) => new(
        [.. ContinuousStep.Layers(new ContinuousSchedule((GaugeGroup)space.Type, space.Lattice.Dimensions, steps, plaquettes, new TimeSplines(splines, Math.Min(2, splines - 1)), coupling, method))]);
}

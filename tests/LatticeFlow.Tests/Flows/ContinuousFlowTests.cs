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
        { "SU3", [3, 3, 3], 2 },
        { "SU4", [4, 4], 3 },
    };

    /// <summary>
    /// One Euler step of length 1 is U → e^{iF} U with the field F of the flow, whose exponents are found from links, and its ln|det| that of the equation, div F = −Lap S̃: against the trace of the numerical Jacobian of F, which has no
    /// error of integration. At configurations from Haar measure, and where loops are ordered, so that all terms add up.
    /// </summary>
    /// <remarks>
    /// Differences of sixth order with h = 1/256 leave h⁶ k⁷/140 of a part of F that turns k times as fast as the link, k ≤ 3: 6e-14 of its amplitude. Exponents are known to some 4e-16, differences to 1e-13 each, and the sum of up to
    /// 648 of them, of random signs, to 3e-12: relative to divergences of 0.02 or more 2e-10.
    /// </remarks>
    [Theory]
    [MemberData(nameof(Theories))]
    public void Laplacians_are_traces_of_numerical_Jacobians(string group, int[] extents, int plaquettes)
    {
        const double tolerance = 1e-9;
        var space = new FieldSpace(GaugeGroup.Named(group), new LatticeGeometry(extents));
        var model = FlowCase.Randomised(Model(space, 1, plaquettes, 1, 1), 6, 2e-3);
        using var device = InstructionSet.Best().Create(1);
        var laws = new FlowLaws(device, space, 3);
        foreach (double[] prior in (double[][])[laws.Random(1), laws.NearlyDegenerate(0.1)])
        {
            var (exact, numerical) = Divergence(device, space, model, prior);
            output.WriteLine($"{exact} {(numerical - exact) / exact}");
            Assert.True(Math.Abs(exact) > 0.02, $"{exact} is too small to test anything");
            Assert.InRange((numerical - exact) / exact, -tolerance, tolerance);
        }
    }

    /// <summary>The error of ln|det| falls with the order of the method: at half the length of steps to 2^−order of what it was.</summary>
    [Theory]
    [InlineData(1, 1.6, 2.6)]
    [InlineData(2, 3.3, 4.9)]
    [InlineData(3, 6.5, 9.8)]
    public void The_error_of_the_log_determinant_falls_with_the_order_of_the_method(int method, double least, double most) => Assert.InRange(ErrorAtTwiceTheStep(method, layer => layer), least, most);

    /// <summary>A Laplacian that is wrong by a thousandth leaves an error that does not fall with the step, and that the law of the log-determinant sees.</summary>
    [Fact]
    public void A_wrong_Laplacian_is_caught()
    {
        const double factor = 1.001;
        Assert.InRange(ErrorAtTwiceTheStep(3, layer => new WrongLaplacian(layer, factor)), 0.5, 2);
        foreach (string name in (string[])["continuous U1", "continuous SU2", "continuous SU3"])
        {
            var one = FlowCase.All[name];
            using var device = InstructionSet.Best().Create(1);
            var (right, wrong) = (one.Model(3), FlowCase.Randomised(new FlowModel([.. one.Layers.Select(layer => new WrongLaplacian(layer, factor))]), 3, one.Spread));
            double error = Error(right), fault = Error(wrong);
            Assert.InRange(Math.Abs(error), 0, one.LogDetTolerance);
            Assert.True(Math.Abs(fault) > 10 * one.LogDetTolerance, $"{name}: {fault}");

            double Error(FlowModel flow)
            {
                var laws = new FlowLaws(device, one.Space, 3);
                var (logDet, numerical) = laws.LogDeterminant(flow, laws.Random(1));
                return logDet - numerical;
            }
        }
    }

    /// <summary>The adjoint of the stages of the next step in place of a step's own, which differs in the time of the coefficients alone, gives gradients that the law of gradients refuses.</summary>
    [Theory]
    [InlineData("continuous U1")]
    [InlineData("continuous SU2")]
    [InlineData("continuous SU3")]
    public void An_adjoint_of_the_wrong_stages_is_caught(string name)
    {
        var one = FlowCase.All[name];
        using var device = InstructionSet.Best().Create(1);
        FlowModel right = one.Model(12), wrong = FlowCase.Randomised(new FlowModel([.. one.Layers.Cast<ContinuousStep>().Select(layer => new AdjointOfNextStep(layer))]), 12, one.Spread);
        Assert.InRange(Difference(right), 0, 1e-7);
        Assert.True(Difference(wrong) > 1e-6, $"{name}: {Difference(wrong)}");

        double Difference(FlowModel flow)
        {
            var laws = new FlowLaws(device, one.Space, 100);
            return laws.Gradient(flow, FlowCase.Action(one.Space, 1.7), laws.Random(3), GradientEstimator.Plain).Difference;
        }
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

    // ln|det| of a flow of two plaquettes less that of its numerical Jacobians, in four steps over that in eight.
    private static double ErrorAtTwiceTheStep(int method, Func<IFlowLayer, IFlowLayer> with)
    {
        var space = new FieldSpace(GaugeGroup.SU3, new LatticeGeometry(3, 3));
        using var device = InstructionSet.Best().Create(1);
        var prior = new FlowLaws(device, space, 4).Random(1);
        double[] errors = [.. new[] { 4, 8 }.Select(steps =>
        {
            var model = new FlowModel([.. Model(space, steps, 2, 3, method, 2.0).Layers.Select(with)]);
            model.Initialize(1);
            var (logDet, full) = new FlowLaws(device, space, 4).LogDeterminant(model, prior);
            return logDet - full;
        })];
        return errors[0] / errors[1];
    }

    // ln|det| of a model of one Euler step of length 1, and the trace of the Jacobian of the exponents of the links that it moves, by differences of sixth order.
    private static (double Exact, double Numerical) Divergence(ComputeDevice device, FieldSpace space, FlowModel model, double[] prior)
    {
        const double h = 1.0 / 256;
        (int Shift, double Weight)[] stencil = [(1, 45), (2, -9), (3, 1), (-1, -45), (-2, 9), (-3, -1)];
        int generators = space.Type.TangentComponents, components = space.Type.Components, replicas = 1 + (stencil.Length * space.Tangents);
        double[] priors = new double[replicas * space.Numbers], images = new double[priors.Length], density = new double[replicas], ofPrior = new double[1], move = new double[generators];
        for (int replica = 0; replica < replicas; replica++)
        {
            prior.CopyTo(priors, replica * space.Numbers);
            if (replica == 0) continue;
            var (j, shift) = ((replica - 1) / stencil.Length, stencil[(replica - 1) % stencil.Length].Shift);
            move[j % generators] = shift * h;
            space.Type.Retract(Link(priors, replica, j / generators), move);
            move[j % generators] = 0;
        }

        using (var engine = FlowEngine.Create(device, Precision.Double, model, space, replicas)) engine.Forward(priors, images, density);
        using (var alone = FlowEngine.Create(device, Precision.Double, new FlowModel([]), space, 1)) alone.Forward(prior, new double[prior.Length], ofPrior);
        double numerical = 0;
        for (int replica = 1; replica < replicas; replica++)
        {
            int j = (replica - 1) / stencil.Length;
            numerical += stencil[(replica - 1) % stencil.Length].Weight * Exponent(space.Type, Link(images, replica, j / generators), Link(priors, replica, j / generators))[j % generators] / (60 * h);
        }

        return (ofPrior[0] - density[0], numerical);

        Span<double> Link(double[] configurations, int replica, int link) => configurations.AsSpan((replica * space.Numbers) + (link * components), components);
    }

    // ω with a = e^{i ω_a T_a} b, to rounding: what is right to third order, again and again of what is left.
    private static double[] Exponent(FieldType type, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double[] sum = new double[type.TangentComponents], left = new double[sum.Length];
        for (int iteration = 0; ; iteration++)
        {
            double[] moved = b.ToArray();
            type.Retract(moved, sum);
            type.Difference(a, moved, left);
            for (int k = 0; k < sum.Length; k++) sum[k] += left[k];
            if (left.Max(Math.Abs) < 2e-15) return sum;
            Assert.True(iteration < 10, "the link moves too far");
        }
    }

    private static FlowModel Model(FieldSpace space, int steps, int plaquettes, int splines, int method, double coupling = 0) => new(
        [.. ContinuousStep.Layers(new ContinuousSchedule((GaugeGroup)space.Type, space.Lattice.Dimensions, steps, plaquettes, new TimeSplines(splines, Math.Min(2, splines - 1)), coupling, method))]);
}

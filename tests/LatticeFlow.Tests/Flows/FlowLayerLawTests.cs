using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Flows;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>What every flow layer owes, on every instruction set, in double precision.</summary>
public class FlowLayerLawTests
{
    // The maps are inverted to a few ulp of π; slopes of up to a hundred magnify that.
    private const double InverseTolerance = 1e-10;

    // Central differences of step 1e-5: truncation 1e-10 times third derivatives of order ten, rounding 1e-11, over 32 rows.
    private const double LogDetTolerance = 1e-6;

    // Gauge and translation symmetry hold up to the rounding of the plaquette sums, magnified by the map.
    private const double SymmetryTolerance = 1e-10;

    // Fourth-order differences of step 2e-6: rounding of a loss of a hundred leaves 1e-8. The step is so small because splines have
    // kinks in their second derivative, which a longer one would cross.
    private const double GradientTolerance = 1e-6;

    private static readonly LatticeGeometry Small = new(4, 8);

    public static TheoryData<string, string> Everywhere => FlowCase.Everywhere;

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_inverse_undoes_the_forward_map_and_finds_the_same_density(string set, string layer)
    {
        const int replicas = 5;
        using var device = InstructionSet.Named(set).Create(2);
        var model = FlowCase.Model(layer, 9, 1);
        using var engine = FlowEngine.Create(device, Precision.Double, model, Small, replicas);
        var prior = FlowCase.Angles(replicas * Small.Links, 2);
        var links = new double[prior.Length];
        var back = new double[prior.Length];
        var (there, andBack) = (new double[replicas], new double[replicas]);
        engine.Forward(prior, links, there);
        engine.Inverse(links, back, andBack);
        Assert.Contains(links.Zip(prior), pair => Math.Abs(FlowCase.Difference(pair.First, pair.Second)) > 0.1);
        for (int i = 0; i < prior.Length; i++) Assert.InRange(FlowCase.Difference(prior[i], back[i]), -InverseTolerance, InverseTolerance);
        for (int r = 0; r < replicas; r++) Assert.Equal(there[r], andBack[r], 1e-8);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_log_determinant_is_that_of_the_full_numerical_Jacobian(string set, string layer)
    {
        const double step = 1e-5;
        int n = Small.Links;
        using var device = InstructionSet.Named(set).Create(1);
        var model = FlowCase.Model(layer, 3, 3);
        int replicas = 1 + (2 * n);
        using var engine = FlowEngine.Create(device, Precision.Double, model, Small, replicas);
        var point = FlowCase.Angles(n, 4);
        var priors = new double[replicas * n];
        for (int r = 0; r < replicas; r++) point.CopyTo(priors, r * n);
        for (int j = 0; j < n; j++)
        {
            priors[((1 + (2 * j)) * n) + j] += step;
            priors[((2 + (2 * j)) * n) + j] -= step;
        }

        var images = new double[priors.Length];
        var logDensity = new double[replicas];
        engine.Forward(priors, images, logDensity);
        var jacobian = new double[n, n];
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++)
                jacobian[i, j] = FlowCase.Difference(images[((1 + (2 * j)) * n) + i], images[((2 + (2 * j)) * n) + i]) / (2 * step);
        }

        double logDet = LinearAlgebra.LogAbsDeterminant(jacobian);
        Assert.True(Math.Abs(logDet) > 0.01, "the case is too near the identity to test anything");
        Assert.Equal(-logDet, logDensity[0], LogDetTolerance);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Gauge_transformations_commute_with_the_flow(string set, string layer)
    {
        using var device = InstructionSet.Named(set).Create(1);
        var model = FlowCase.Model(layer, 9, 5);
        using var engine = FlowEngine.Create(device, Precision.Double, model, Small, 2);
        var prior = FlowCase.Angles(Small.Links, 6);
        var gauge = FlowCase.Angles(Small.Volume, 7);
        double[] both = [.. prior, .. Transform(prior, gauge)];
        var images = new double[both.Length];
        var logDensity = new double[2];
        engine.Forward(both, images, logDensity);
        var expected = Transform(images[..Small.Links], gauge);
        for (int i = 0; i < Small.Links; i++)
            Assert.InRange(FlowCase.Difference(expected[i], images[Small.Links + i]), -SymmetryTolerance, SymmetryTolerance);
        Assert.Equal(logDensity[0], logDensity[1], SymmetryTolerance);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Translations_by_a_period_of_the_mask_commute_with_the_flow(string set, string layer)
    {
        var lattice = new LatticeGeometry(8, 8);
        using var device = InstructionSet.Named(set).Create(1);
        var model = FlowCase.Model(layer, 9, 8);
        using var engine = FlowEngine.Create(device, Precision.Double, model, lattice, 3);
        var prior = FlowCase.Angles(lattice.Links, 9);
        double[] all = [.. prior, .. Translate(lattice, prior, 0), .. Translate(lattice, prior, 1)];
        var images = new double[all.Length];
        var logDensity = new double[3];
        engine.Forward(all, images, logDensity);
        for (int mu = 0; mu < 2; mu++)
        {
            var expected = Translate(lattice, images[..lattice.Links], mu);
            for (int i = 0; i < lattice.Links; i++)
                Assert.InRange(FlowCase.Difference(expected[i], images[((mu + 1) * lattice.Links) + i]), -SymmetryTolerance, SymmetryTolerance);
            Assert.Equal(logDensity[0], logDensity[mu + 1], SymmetryTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Frozen_links_stay_bitwise_the_same(string set, string layer)
    {
        using var device = InstructionSet.Named(set).Create(1);
        for (int index = 0; index < StripeMask.Cycle; index++)
        {
            var only = new FlowModel([FlowCase.Layers[layer](index)]);
            FlowCase.Model(layer, 1, 10).Parameters.CopyTo(only.Parameters, 0);
            using var engine = FlowEngine.Create(device, Precision.Single, only, Small, 1);
            var prior = FlowCase.Angles(Small.Links, 11).Select(x => (double)(float)x).ToArray();
            var links = new double[prior.Length];
            engine.Forward(prior, links, new double[1]);
            var active = StripeMask.Create(Small, index).ActiveLinks.ToHashSet();
            for (int l = 0; l < prior.Length; l++) Assert.Equal(!active.Contains(l), prior[l] == links[l]);
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_plain_gradient_is_that_of_the_loss(string set, string layer)
    {
        var model = FlowCase.Model(layer, 3, 12);
        CheckGradient(set, model, GradientEstimator.Plain, (engine, at, prior, start) =>
        {
            var (logDensity, action) = Loss(engine, at, prior);
            _ = start;
            return logDensity.Zip(action).Average(pair => pair.First + pair.Second);
        });
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_path_gradient_is_that_of_the_loss_at_fixed_density(string set, string layer)
    {
        // log q is the density of the unmoved model at the moved model's configurations.
        var model = FlowCase.Model(layer, 3, 13);
        CheckGradient(set, model, GradientEstimator.Path, PathLoss);
    }

    [Theory]
    [InlineData("mobius 2")]
    [InlineData("spline 4")]
    public void The_path_gradient_carries_the_gradient_of_the_prior(string layer)
    {
        var bare = FlowCase.Model(layer, 3, 16);
        var model = new FlowModel(bare.Layers, new FreePlaquettePrior(1.3));
        bare.Parameters.CopyTo(model.Parameters, 0);
        CheckGradient("scalar", model, GradientEstimator.Path, PathLoss);
    }

    private static void CheckGradient(
        string set, FlowModel model, GradientEstimator estimator, Func<IFlowEngine, double[], double[], double[], double> loss)
    {
        const double step = 2e-6;
        const int replicas = 3;
        using var device = InstructionSet.Named(set).Create(2);
        using var engine = FlowEngine.Create(device, Precision.Double, model, Small, replicas, gradients: true);
        var prior = FlowCase.Angles(replicas * Small.Links, 14);
        var start = (double[])model.Parameters.Clone();
        var gradient = new double[start.Length];
        engine.Load(start);
        engine.Gradient(prior, Beta, estimator, gradient, new double[replicas], new double[replicas]);
        var random = new TestRandom(15);
        for (int probe = 0; probe < 4; probe++)
        {
            var direction = start.Select(_ => (2 * random.Uniform()) - 1).ToArray();
            double At(double s) => loss(engine, [.. start.Zip(direction, (x, d) => x + (s * step * d))], prior, start);
            double numerical = ((8 * (At(1) - At(-1))) - (At(2) - At(-2))) / (12 * step);
            double exact = gradient.Zip(direction, (g, d) => g * d).Sum();
            Assert.True(Math.Abs(exact) > 1e-3);
            Assert.InRange((numerical - exact) / Math.Max(1, Math.Abs(exact)), -GradientTolerance, GradientTolerance);
        }
    }

    private const double Beta = 1.7;

    private static double PathLoss(IFlowEngine engine, double[] at, double[] prior, double[] start)
    {
        var (_, action) = Loss(engine, at, prior);
        var links = new double[prior.Length];
        var logDensity = new double[engine.Replicas];
        engine.Load(at);
        engine.Forward(prior, links, logDensity);
        engine.Load(start);
        engine.Inverse(links, new double[prior.Length], logDensity);
        return logDensity.Zip(action).Average(pair => pair.First + pair.Second);
    }

    private static (double[] LogDensity, double[] Action) Loss(IFlowEngine engine, double[] parameters, double[] prior)
    {
        var (logDensity, action) = (new double[engine.Replicas], new double[engine.Replicas]);
        engine.Load(parameters);
        engine.Gradient(prior, Beta, GradientEstimator.Plain, new double[parameters.Length], logDensity, action);
        return (logDensity, action);
    }

    private static double[] Transform(double[] links, double[] gauge)
    {
        // U_μ(x) → Ω(x) U_μ(x) Ω(x+μ)†.
        var result = new double[links.Length];
        for (int site = 0; site < Small.Volume; site++)
        {
            for (int mu = 0; mu < 2; mu++)
                result[Small.Link(site, mu)] = links[Small.Link(site, mu)] + gauge[site] - gauge[Small.Neighbour(site, mu)];
        }

        return result;
    }

    private static double[] Translate(LatticeGeometry lattice, double[] links, int direction)
    {
        var result = new double[links.Length];
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < 2; mu++)
                result[lattice.Link(lattice.Neighbour(site, direction, StripeMask.Period), mu)] = links[lattice.Link(site, mu)];
        }

        return result;
    }
}

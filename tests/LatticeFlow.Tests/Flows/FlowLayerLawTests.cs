using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>What every flow layer owes, on every instruction set, in double precision.</summary>
public class FlowLayerLawTests
{
    // The maps are inverted to a few ulp; slopes of up to a hundred, layer after layer, magnify that.
    private const double InverseTolerance = 1e-12;
    private const double DensityTolerance = 1e-10;

    // Symmetries hold up to the rounding of loops, magnified by the maps.
    private const double SymmetryTolerance = 1e-12;

    // Differences of step 2e-6: rounding of a loss of a hundred leaves 1e-8.
    private const double GradientTolerance = 1e-7;
    private const double Beta = 1.7;

    public static TheoryData<string, string> Everywhere => FlowCase.Everywhere;

    public static TheoryData<string, string> OfLinks => FlowCase.OfLinks;

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_inverse_undoes_the_forward_map_and_finds_the_same_density(string set, string layer) => Check(set, layer, 1, (laws, flow) =>
    {
        var prior = laws.Random(5);
        var (distance, density) = laws.Inverse(flow, prior);
        Assert.InRange(distance, 0, InverseTolerance);
        Assert.InRange(density, 0, DensityTolerance);
    });

    /// <summary>
    /// Loops with eigenvalues that nearly meet, or meet up to rounding ε: links come back to rounding whatever the gap g. ln|det| of a spectral map at N > 2 depends on ratios of gaps, known to ε/g, and where
    /// eigenvalues meet the map has one derivative, but not four: differences need gaps that are many of their steps.
    /// </summary>
    [Theory]
    [MemberData(nameof(OfLinks))]
    public void Nothing_is_lost_where_eigenvalues_meet(string set, string layer) => Check(set, layer, 18, (laws, flow) =>
    {
        foreach (double size in (double[])[0.1, 1e-6, 0])
        {
            var prior = laws.NearlyDegenerate(size);
            var (distance, density) = laws.Inverse(flow, prior);
            Assert.InRange(distance, 0, InverseTolerance);
            if (size > 0) Assert.InRange(density, 0, Math.Max(DensityTolerance, 1e-13 / size));
            if (size < 0.1) continue;
            var (logDet, error) = Extrapolated(laws, flow, prior);
            Assert.InRange(error / Math.Max(1, Math.Abs(logDet)), -FlowCase.All[layer].LogDetTolerance, FlowCase.All[layer].LogDetTolerance);

            // The action of an ordered lattice in four dimensions is of order 10³: so is the rounding of its differences.
            var action = FlowCase.Action(FlowCase.All[layer].Space, Beta);
            double[] three = [.. prior, .. laws.NearlyDegenerate(size), .. laws.NearlyDegenerate(size)];
            foreach (var estimator in Enum.GetValues<GradientEstimator>()) Assert.InRange(laws.Gradient(flow, action, three, estimator).Difference, 0, 5 * GradientTolerance);
            Assert.InRange(laws.PriorGradient(flow, action, prior).Difference, 0, 5 * GradientTolerance);
        }
    });

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_log_determinant_is_that_of_the_full_numerical_Jacobian(string set, string layer) => Check(set, layer, 3, (laws, flow) =>
    {
        var (logDet, numerical) = laws.LogDeterminant(flow, laws.Random(1));
        Assert.True(Math.Abs(logDet) > 0.01, "the case is too near the identity to test anything");
        Assert.InRange((logDet - numerical) / Math.Max(1, Math.Abs(logDet)), -FlowCase.All[layer].LogDetTolerance, FlowCase.All[layer].LogDetTolerance);
    });

    [Theory]
    [MemberData(nameof(OfLinks))]
    public void Gauge_transformations_commute_with_the_flow(string set, string layer) => Check(set, layer, 5, (laws, flow) =>
    {
        Assert.InRange(laws.GaugeInvariance(flow, laws.Random(1)), 0, DensityTolerance);
        if (!flow.Layers.All(one => one.IsEquivariant)) return;
        var (distance, density) = laws.GaugeEquivariance(flow, laws.Random(1));
        Assert.InRange(distance, 0, SymmetryTolerance);
        Assert.InRange(density, 0, DensityTolerance);
    });

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Translations_by_the_period_of_the_layers_commute_with_the_flow(string set, string layer) => Check(set, layer, 8, (laws, flow) =>
    {
        var (distance, density) = laws.TranslationEquivariance(flow, laws.Random(1));
        Assert.InRange(distance, 0, SymmetryTolerance);
        Assert.InRange(density, 0, DensityTolerance);
    }, periods: 2);

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void A_layer_leaves_what_it_does_not_move_bitwise_the_same(string set, string layer)
    {
        var one = FlowCase.All[layer];
        if (!one.IsCoupling) return;
        using var device = InstructionSet.Named(set).Create(1);
        var prior = new FlowLaws(device, one.Space, 11).Random(1).Select(x => (double)(float)x).ToArray();
        var moved = new bool[prior.Length];
        var model = one.Model(10);
        for (int index = 0; index < model.Layers.Count; index++)
        {
            var only = new FlowModel([model.Layers[index]], DefaultPrior.Of(one.Space.Type));
            model.ShareOf(index, model.Parameters).CopyTo(only.Parameters);
            using var engine = FlowEngine.Create(device, Precision.Single, only, one.Space, 1);
            var links = new double[prior.Length];
            engine.Forward(prior, links, new double[1]);
            int changed = Enumerable.Range(0, prior.Length).Count(l => links[l] != prior[l]);
            Assert.InRange(changed, 1, prior.Length / 2);
            for (int l = 0; l < prior.Length; l++) moved[l] |= links[l] != prior[l];
        }

        if (one.MovesAll) Assert.DoesNotContain(false, moved);
    }

    [Fact]
    public void Every_layer_has_a_floor()
    {
        foreach (var one in FlowCase.All.Values)
        {
            foreach (var floor in one.Layers.Select(layer => layer.Floor(one.Space)))
            {
                Assert.InRange(floor.Active, 1, one.Space.Elements);
                Assert.InRange(floor.Flops, 1, 1e7);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_plain_gradient_is_that_of_the_loss(string set, string layer) => CheckGradient(set, layer, 12, GradientEstimator.Plain);

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_path_gradient_is_that_of_the_loss_at_fixed_density(string set, string layer) => CheckGradient(set, layer, 13, GradientEstimator.Path);

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_score_gradient_is_the_covariance_of_log_q_and_the_log_weight(string set, string layer) => CheckGradient(set, layer, 15, GradientEstimator.Score);

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_forward_gradient_is_that_of_log_q_at_fixed_configurations(string set, string layer)
    {
        var one = FlowCase.All[layer];
        using var device = InstructionSet.Named(set).Create(2);
        var laws = new FlowLaws(device, one.Space, 100);
        var (difference, derivative) = laws.ForwardGradient(one.Model(18), FlowCase.Action(one.Space, Beta), laws.Random(3));
        Assert.True(Math.Abs(derivative) > 1e-3);
        Assert.InRange(difference, 0, GradientTolerance);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_gradient_by_the_prior_is_that_of_the_action_in_the_coordinates_of_the_flow(string set, string layer) => Check(set, layer, 14, (laws, flow) =>
    {
        var (difference, derivative) = laws.PriorGradient(flow, FlowCase.Action(FlowCase.All[layer].Space, Beta), laws.Random(1));
        Assert.True(Math.Abs(derivative) > 1e-3);
        Assert.InRange(difference, 0, GradientTolerance);
    });

    [Theory]
    [InlineData("mobius 2")]
    [InlineData("spline 4")]
    public void The_path_and_score_gradients_carry_the_gradient_of_the_prior(string layer)
    {
        var flow = FlowCase.All[layer];
        CheckGradient("scalar", flow.Space, flow.Model(16, new FreePlaquettePrior(1.3)), GradientEstimator.Path);
        CheckGradient("scalar", flow.Space, flow.Model(16, new FreePlaquettePrior(1.3)), GradientEstimator.Score);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Every_replica_has_its_own_gradient(string set, string layer)
    {
        const int replicas = 11;
        var one = FlowCase.All[layer];
        var flow = one.Model(17);
        using var device = InstructionSet.Named(set).Create(2);
        using var sum = FlowEngine.CreateTraining(device, Precision.Double, flow, FlowCase.Action(one.Space, Beta), replicas);
        using var each = FlowEngine.CreateTraining(device, Precision.Double, flow, FlowCase.Action(one.Space, Beta), replicas, GradientKind.Samples);
        int parameters = flow.Parameters.Length;
        double[] mean = new double[parameters], own = new double[replicas * parameters], logDensity = new double[replicas], action = new double[replicas];
        sum.Gradient(3, 4, 0.7, GradientEstimator.Plain, mean, logDensity, action);
        each.Gradients(3, 4, 0.7, GradientEstimator.Plain, own, logDensity, action);
        AssertMean(_ => 1.0 / replicas);

        // At fixed configurations: the covariance with the log-weights, up to the unbiased divisor.
        sum.Gradient(3, 4, 0.7, GradientEstimator.Score, mean, logDensity, action);
        each.Gradients(3, 4, 0.7, GradientEstimator.Score, own, logDensity, action);
        double[] work = [.. logDensity.Zip(action, (a, b) => a + b)];
        double meanWork = work.Average();
        AssertMean(r => (work[r] - meanWork) / (replicas - 1));

        void AssertMean(Func<int, double> weight)
        {
            double scale = mean.Max(Math.Abs);
            for (int p = 0; p < parameters; p++)
            {
                int column = p;
                Assert.Equal(mean[p], Enumerable.Range(0, replicas).Sum(r => weight(r) * own[(r * parameters) + column]), 1e-12 * scale);
            }
        }
    }

    // ln|det| less that of the numerical Jacobian. Of layers that integrate it by a method of third order the difference is a h³ + b h⁴ + …: from steps h, h/2 and h/4 to h = 0, where a density that is not that of the flow would remain.
    private static (double LogDet, double Error) Extrapolated(FlowLaws laws, FlowModel flow, double[] prior)
    {
        var (logDet, numerical) = laws.LogDeterminant(flow, prior);
        double whole = logDet - numerical;
        if (flow.Refined() is not { } finer) return (logDet, whole);
        double half = Error(finer), quarter = Error(finer.Refined()!);
        return (logDet, ((16 * ((8 * quarter) - half)) - ((8 * half) - whole)) / (7 * 15));

        double Error(FlowModel model)
        {
            var (own, full) = laws.LogDeterminant(model, prior);
            return own - full;
        }
    }

    private static void CheckGradient(string set, string layer, ulong seed, GradientEstimator estimator)
    {
        var flow = FlowCase.All[layer];
        CheckGradient(set, flow.Space, flow.Model(seed), estimator);
    }

    private static void CheckGradient(string set, FieldSpace space, FlowModel flow, GradientEstimator estimator)
    {
        using var device = InstructionSet.Named(set).Create(2);
        var laws = new FlowLaws(device, space, 100);
        var priors = laws.Random(3);
        for (int probe = 0; probe < 3; probe++)
        {
            var (difference, derivative) = laws.Gradient(flow, FlowCase.Action(space, Beta), priors, estimator);
            Assert.True(Math.Abs(derivative) > 1e-3);
            Assert.InRange(difference, 0, GradientTolerance);
        }
    }

    private static void Check(string set, string layer, ulong seed, Action<FlowLaws, FlowModel> law, int periods = 1)
    {
        var one = FlowCase.All[layer];
        using var device = InstructionSet.Named(set).Create(2);
        var lattice = periods == 1 ? one.Space.Lattice : new LatticeGeometry([.. one.Space.Lattice.Extents.Select((extent, mu) => Math.Max(extent, 2 * one.Model(0).Period(mu)))]);
        law(new FlowLaws(device, one.Space with { Lattice = lattice }, seed), one.Model(seed));
    }
}

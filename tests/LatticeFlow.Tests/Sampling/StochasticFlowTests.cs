using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Exact;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;
using LatticeFlow.Training;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>Staple couplings between the steps of a protocol: their map, work and derivatives, against the same couplings as a flow, exact partition functions and exact draws; faults are caught.</summary>
public class StochasticFlowTests(ITestOutputHelper output)
{
    // Maps are inverted to a few ulp, eight couplings one after the other.
    private const double InverseTolerance = 1e-12;
    private const double DensityTolerance = 1e-10;

    // Differences of step 2e-6 of works of order ten.
    private const double GradientTolerance = 1e-7;
    private const double DifferenceStep = 2e-6;

    // By chance: 6·10⁻⁵ a comparison, 16 comparisons, fixed seeds. Faults are many times this far off.
    private const double Sigmas = 4;
    private const int Replicas = 256;
    private const int Seed = 20261201;

    // In the place of an order: plaquettes around a defect, on a path of its coefficient.
    private const int AroundDefect = 0;
    private static readonly BoundaryDefect Defect = new(0, 2);

    // Enough that faults are far beyond the level.
    private const int RankReplicas = 4096;

    public static TheoryData<string, string, int> Sweeps
    {
        get
        {
            var data = new TheoryData<string, string, int>();
            foreach (string set in FlowCase.InstructionSets)
            {
                foreach (string group in new[] { "U1", "SU2", "SU3" })
                {
                    for (int order = AroundDefect; order <= 2; order++) data.Add(set, group, order);
                }
            }

            return data;
        }
    }

    /// <summary>In the memory of a chain, replicas in all lanes but three: the map and its determinant are those of the couplings as a flow (whose Jacobian is tested as a layer), S is that of the new configurations, and the way back leads home.</summary>
    [Theory]
    [MemberData(nameof(Sweeps))]
    public void A_step_is_the_flow_of_its_coefficients_and_has_an_inverse(string set, string name, int order)
    {
        using var device = CpuDevices.Create(set);
        device.Use(Precision.Double, new MapTest(Action(GaugeGroup.Named(name)), order));
    }

    /// <summary>Around a defect on two sites, where both neighbours of a site are one and a plaquette has two links that a step moves.</summary>
    [Theory]
    [InlineData("U1")]
    [InlineData("SU3")]
    public void The_change_of_S_is_that_of_a_lattice_of_two_sites(string name)
    {
        var group = GaugeGroup.Named(name);
        using var device = CpuDevices.Best();
        foreach (int[] extents in new int[][] { [2, 4], [4, 2], [2, 2] }) device.Use(Precision.Double, new MapTest(new WilsonAction(new(extents), group, Beta(group)), AroundDefect));
    }

    public static TheoryData<string, int, double> Derivatives => new() { { "U1", 1, 0 }, { "U1", 2, 0.4 }, { "SU2", 2, 0 }, { "SU3", 1, 0.4 }, { "SU3", 2, 0 }, { "U1", AroundDefect, 0 }, { "SU3", AroundDefect, 0.3 } };

    /// <summary>D_2 of a protocol of two steps along a direction of the parameters that leaves the first map as it is: what the second step finds stands still, and each replica's D_2 has its own derivative. D_1 along any direction.</summary>
    [Theory]
    [MemberData(nameof(Derivatives))]
    public void Each_replica_has_the_derivative_of_its_own_work(string name, int order, double strength)
    {
        const int Few = 5;
        var group = GaugeGroup.Named(name);
        using var device = CpuDevices.Best();
        var model = Rates(group, 2, order, degree: 1, Beta(group), strength);
        double[] times = [0.3, 1];
        var protocol = Protocol(Action(group), strength, AnnealingSchedule.Given(times), order: order);
        using var engine = StochasticFlowEngine.Create(device, model, protocol, Few, Seed, thermalization: 3);
        int count = model.Parameters.Length;
        double[] gradients = new double[2 * Few * count], work = new double[2 * Few], up = new double[2 * Few], down = new double[2 * Few], logDensity = new double[Few], action = new double[Few];
        engine.StepGradients(Seed, 0, gradients, work, logDensity, action);
        var random = new TestRandom(6);
        double[] any = [.. Enumerable.Range(0, count).Select(_ => random.Uniform() - 0.5)], second = [.. any];

        // Σ_m p_m t^m of the first step, t = 0.15, stays.
        for (int term = 0; term < count / 2; term++) second[2 * term] = -0.15 * second[(2 * term) + 1];
        Compare(any, 0);
        Compare(second, 1);

        // ln w = −Σ D.
        for (int r = 0; r < Few; r++) Assert.Equal(work[r] + work[Few + r], logDensity[r] + action[r], 1e-9);

        void Compare(double[] direction, int step)
        {
            engine.Load([.. model.Parameters.Zip(direction, (p, d) => p + (DifferenceStep * d))]);
            engine.StepWork(Seed, 0, up);
            engine.Load([.. model.Parameters.Zip(direction, (p, d) => p - (DifferenceStep * d))]);
            engine.StepWork(Seed, 0, down);
            for (int r = 0; r < Few; r++)
            {
                double exact = 0, numerical = (up[(step * Few) + r] - down[(step * Few) + r]) / (2 * DifferenceStep);
                for (int i = 0; i < count; i++) exact += gradients[(((step * Few) + r) * count) + i] * direction[i];
                Assert.InRange(Math.Abs(numerical - exact) / Math.Max(1, Math.Abs(exact)), 0, GradientTolerance);
            }

            Assert.Contains(Enumerable.Range(0, Few), r => Math.Abs(up[(step * Few) + r] - down[(step * Few) + r]) > 1e-2 * DifferenceStep);
        }
    }

    public static TheoryData<string, int, double, int> Exact => new()
    {
        { "U1", 2, 0, 2 }, { "SU2", 1, 0, 2 }, { "SU2", 2, 0.5, 3 }, { "SU3", 1, 0.5, 2 }, { "SU3", 2, 0, 2 },
        { "U1", AroundDefect, 0, 3 }, { "SU2", AroundDefect, 0, 2 }, { "SU3", AroundDefect, 0.3, 2 },
    };

    /// <summary>Whatever the coefficients are, ⟨w⟩ is the ratio of partition functions and the reweighted plaquette the exact one; without ln|det|, or with S from before the map, they are not.</summary>
    [Theory]
    [MemberData(nameof(Exact))]
    public void The_mean_weight_is_the_ratio_of_partition_functions(string name, int order, double strength, int steps)
    {
        var group = GaugeGroup.Named(name);
        var (logZ, plaquette) = Pulls(StochasticFlowFault.None);
        Assert.InRange(Math.Abs(logZ), 0, Sigmas);
        Assert.InRange(Math.Abs(plaquette), 0, Sigmas);
        foreach (var fault in new[] { StochasticFlowFault.WithoutLogDeterminant, StochasticFlowFault.ActionBeforeMap }) Assert.True(Math.Abs(Pulls(fault).LogZ) > 2 * Sigmas, $"{fault} is not caught");

        (double LogZ, double Plaquette) Pulls(StochasticFlowFault fault)
        {
            var flow = new StochasticFlow(Rates(group, 2, order, 1, Beta(group), strength)) { Fault = fault };
            var protocol = Protocol(Action(group), strength, AnnealingSchedule.Linear(steps), flow, order);
            using var device = CpuDevices.Best();
            using var chain = MarkovChain.Create(device, new()
            {
                Action = Action(group),
                Transition = protocol,
                Replicas = Replicas,
                Seed = Seed,
                Thermalization = 20,
                Observables = [ObservableRegistry.Create("plaquette", new(4, 4), group)],
            });
            var block = chain.NewBlock(12);
            chain.Fill(block);
            double largest = block.LogWeight.Max();
            double[] weights = [.. block.LogWeight.Select(w => Math.Exp(w - largest))], plaquettes = block.Observables["plaquette"];
            double z = OfReplicas(weights).Average(), exact = LogZ(group, Beta(group)) - (order == AroundDefect ? LogZWithDefect(group, strength) : LogZ(group, strength * Beta(group))), mean = weights.Zip(plaquettes, (w, p) => w * p).Sum() / weights.Sum();
            double errorOfZ = Error(OfReplicas(weights)) / z, error = Error(OfReplicas([.. weights.Zip(plaquettes, (w, p) => w * (p - mean))])) / z;
            double value = Math.Log(z) + largest, p = Plaquette(group, Beta(group));
            output.WriteLine($"{name}, order {order}, from {strength}, {fault}: ln Z ratio {value:F4} ± {errorOfZ:F4}, exact {exact:F4}; plaquette {mean:F5} ± {error:F5}, exact {p:F5}");
            return ((value - exact) / errorOfZ, (mean - p) / error);
        }
    }

    public static TheoryData<string> Accepted => ["U1", "SU2"];

    /// <summary>With accept steps between trajectories from Haar measure, whose exact draws get their weight on the way back, by the inverse maps: ranks are uniform, and not without ln|det|. False alarms: 2·10⁻⁴ each.</summary>
    [Theory]
    [MemberData(nameof(Accepted))]
    public void End_points_that_are_accepted_keep_the_exact_distribution(string name)
    {
        double right = Rank(name, StochasticFlowFault.None), wrong = Rank(name, StochasticFlowFault.WithoutLogDeterminant);
        Assert.True(right < RankTest.AlarmLevel, $"chi squared {right:F1}");
        Assert.True(wrong > RankTest.CaughtLevel, $"without ln|det|: chi squared {wrong:F1}");
    }

    [Fact]
    public void A_saved_run_continues_bit_by_bit()
    {
        var settings = new MarkovChainSettings
        {
            Action = Action(GaugeGroup.SU3),
            Transition = Protocol(Action(GaugeGroup.SU3), 0.5, AnnealingSchedule.Linear(2), new StochasticFlow(Rates(GaugeGroup.SU3, 2, 1, 1, Beta(GaugeGroup.SU3), 0.5))),
            Replicas = 3,
            Seed = Seed,
            Thermalization = 2,
        };
        using var device = CpuDevices.Best();
        using var whole = MarkovChain.Create(device, settings);
        for (int step = 0; step < 5; step++)
        {
            var saved = whole.Save();
            whole.Advance();
            using var rest = MarkovChain.Create(device, settings);
            rest.Restore(saved);
            rest.Advance();
            Assert.Equal(whole.Field.ToArray(), rest.Field.ToArray());
            Assert.Equal(whole.Outcome.LogWeight, rest.Outcome.LogWeight);
            Assert.True(whole.Save().Equals(rest.Save()));
        }
    }

    [Fact]
    public void What_is_no_sweep_of_staple_couplings_is_refused()
    {
        Assert.Contains("one sweep", StochasticFlow.Refusal(new([.. StapleCoupling.Layers(new(GaugeGroup.SU2, 2, 2, 0, 1))])), StringComparison.Ordinal);
        Assert.Contains("network", StochasticFlow.Refusal(new([.. StapleCoupling.Layers(new(GaugeGroup.SU2, 2, 1, 0, 1) { Hidden = [3] })])), StringComparison.Ordinal);
        Assert.Contains("plaquette-coupling", StochasticFlow.Refusal(new(FlowCase.All["mobius 1"].Layers)), StringComparison.Ordinal);
        Assert.Contains("without layers", StochasticFlow.Refusal(new([])), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new StochasticFlow(new([])));
        Assert.Null(StochasticFlow.Refusal(Rates(GaugeGroup.SU2, 2, 2, 1, 1, 0)));
        using var device = CpuDevices.Best();
        var flow = new StochasticFlow(Rates(GaugeGroup.SU3, 2, 2, 1, 1, 0));
        var uneven = new WilsonAction(new(4, 6), GaugeGroup.SU3, 1);
        var refusal = Assert.Throws<NotSupportedException>(() => MarkovChain.Create(device, new() { Action = uneven, Transition = Protocol(uneven, 0, AnnealingSchedule.Linear(1), flow), Replicas = 1, Seed = 1 }));
        Assert.Contains("multiple of 4", refusal.Message, StringComparison.Ordinal);
    }

    internal static FlowModel Rates(GaugeGroup group, int dimensions, int order, int degree, double coupling, double strength, bool initialised = true)
    {
        var schedule = order == AroundDefect ? new StapleSchedule(group, dimensions, 1, degree, (1 - strength) * coupling, Defect, margin: 0) : new StapleSchedule(group, dimensions, 1, degree, coupling, order) { StartCoupling = strength * coupling };
        var model = new FlowModel([.. StapleCoupling.Layers(schedule)]);
        if (initialised) model.Initialize(1);

        // Coefficients are bounded by their absolute values, which have no derivative at 0.
        if (initialised && order == AroundDefect) model.Parameters[DefectMask.Bulk * (degree + 1)] = 0.05;
        return model;
    }

    internal static Annealing Protocol(LoopAction action, double strength, AnnealingSchedule schedule, IProtocolMap? map = null, int order = 1) => new(
        order == AroundDefect ? ActionPath.ThroughDefect(action, Defect, strength) : ActionPath.OfFactors(action, strength),
        schedule,
        new HeatBath(),
        strength == 0 && order != AroundDefect ? TrajectoryStart.Haar : TrajectoryStart.OfChain(new HeatBath(1), 3))
    { Map = map };

    internal static double Beta(GaugeGroup group) => group.Order switch { 1 => 1.5, 2 => 1.8, _ => 3 };

    internal static WilsonAction Action(GaugeGroup group) => new(new(4, 4), group, Beta(group));

    private static double LogZ(GaugeGroup group, double beta) => beta == 0 ? 0 : group == GaugeGroup.U1 ? new TwoDimensionalU1(beta, 4, 4).LogPartitionFunction : new TwoDimensionalSUN(group.Order, beta, 4, 4).LogPartitionFunction;

    // Three of the sixteen plaquettes are those of the defect.
    private static double LogZWithDefect(GaugeGroup group, double coefficient) => new TwoDimensionalDefect(group.Order, Beta(group), 16, 3, coefficient).LogPartitionFunction;

    private static double Plaquette(GaugeGroup group, double beta) => group == GaugeGroup.U1 ? new TwoDimensionalU1(beta, 4, 4).Plaquette : new TwoDimensionalSUN(group.Order, beta, 4, 4).Plaquette;

    // Means over what one replica does, which are independent.
    private static double[] OfReplicas(double[] rows)
    {
        var means = new double[Replicas];
        for (int row = 0; row < rows.Length; row++) means[row % Replicas] += rows[row] / (rows.Length / Replicas);
        return means;
    }

    private static double Error(double[] independent)
    {
        double mean = independent.Average();
        return Math.Sqrt(independent.Sum(x => (x - mean) * (x - mean)) / independent.Length / (independent.Length - 1.0));
    }

    private double Rank(string name, StochasticFlowFault fault)
    {
        var group = GaugeGroup.Named(name);
        double beta = group.Order == 1 ? 1.6 : 2.4;
        IExactTarget target = group == GaugeGroup.U1 ? new OpenCylinder(4, 4, beta) : new OpenGroupCylinder(group, 4, 4, beta);
        var flow = new StochasticFlow(Rates(group, 2, 3 - group.Order, 1, beta, 0)) { Fault = fault };
        var annealing = new Annealing(ActionPath.OfFactors(target.Action(), 0), AnnealingSchedule.Given([0.4, 1]), new HeatBath(), TrajectoryStart.Haar) { Metropolis = true, Map = flow };
        using var device = CpuDevices.Best();
        double chiSquared = device.Use(Precision.Double, new RankTest(target, annealing, annealing.TimeReversal(), RankReplicas, Seed));
        output.WriteLine($"{name}, {fault}: chi squared {chiSquared:F1}");
        return chiSquared;
    }

    private sealed class MapTest(WilsonAction wilson, int order) : DoubleLaneUser<bool>
    {
        private readonly GaugeGroup group = wilson.Group;

        protected override bool Use<T>(ComputeDevice device)
        {
            const int Some = 5;
            IAction action = order == AroundDefect ? ActionPath.ThroughDefect(wilson, Defect, 0).Action : wilson;
            var flow = new StochasticFlow(Rates(group, 2, order, 1, Beta(group), 0.5));
            using var state = new MarkovState<T>(device, action, Some, Seed, LaneUse.Replicas);
            state.StartHot();

            // The bulk and the plaquettes of the defect, with another coefficient in every replica, and none in the first.
            double[] lambda = [.. Enumerable.Range(0, Some * action.Components).Select(i => i % action.Components == 0 ? 1 : 0.25 * (i / action.Components))];
            state.RestoreCoefficients(lambda);
            state.ForgetAction();
            double[] start = state.ReadField().ToArray(), logDet = new double[Some], back = new double[Some], energyBefore = state.ReadAction().ToArray(), changes = new double[Some];
            using var map = flow.Bind(state);
            map.Forward(0.2, 0.7, changes, logDet);
            double[] image = state.ReadField().ToArray(), energy = state.ReadAction().ToArray();

            var space = new FieldSpace(group, action.Lattice);
            using var engine = FlowEngine.Create(device, Precision.Double, new FlowModel(flow.Step(0.2, 0.7).Layers), space, Some);
            engine.Load(flow.Step(0.2, 0.7).Parameters);
            double[] expected = new double[start.Length], density = new double[Some];
            engine.Forward(start, expected, density);
            Assert.InRange(group.Distance(expected, image), 0, InverseTolerance);
            for (int r = 0; r < Some; r++) Assert.Equal(-density[r], logDet[r], DensityTolerance);
            Assert.Contains(logDet, x => Math.Abs(x) > 0.01);
            var evaluated = new double[Some];
            if (order != AroundDefect)
            {
                using var evaluator = ActionEvaluator.Create(device, action, Some);
                evaluator.Evaluate(image, evaluated);
                for (int r = 0; r < Some; r++) Assert.Equal(evaluated[r], energy[r], DensityTolerance);
            }

            for (int r = 0; r < Some; r++) Assert.Equal(energy[r] - energyBefore[r], changes[r], DensityTolerance);
            Assert.Contains(changes, x => Math.Abs(x) > 0.01);

            map.Inverse(0.2, 0.7, changes, back);
            for (int r = 0; r < Some; r++) Assert.Equal(energyBefore[r] - energy[r], changes[r], DensityTolerance);
            Assert.InRange(group.Distance(start, state.ReadField()), 0, InverseTolerance);
            for (int r = 0; r < Some; r++) Assert.Equal(-logDet[r], back[r], DensityTolerance);
            return true;
        }
    }
}

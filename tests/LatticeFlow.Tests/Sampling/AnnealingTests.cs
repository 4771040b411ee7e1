using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Exact;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>Weights of trajectories against exact partition functions and mean values, at any number of steps, and across Save and Restore.</summary>
public class AnnealingTests(ITestOutputHelper output)
{
    // Trajectories of independent replicas; this far off by chance: 6·10⁻⁵ a comparison, 31 comparisons, fixed seeds.
    private const double Sigmas = 4;
    private const int Replicas = 64;
    private static readonly LatticeGeometry Lattice = new(4, 4);

    public static TheoryData<string, double, double, int> Cases => new()
    {
        // Few steps, far from equilibrium, and more, near it; from Haar measure and from a chain.
        { "U1", 1.5, 0, 2 }, { "U1", 1.5, 0, 12 }, { "U1", 1.5, 0.5, 4 }, { "SU2", 1.8, 0, 3 }, { "SU2", 1.8, 0.6, 4 }, { "SU3", 3, 0, 4 }, { "SU3", 3, 0.6, 4 }, { "SU3", 3, 1.3, 4 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_mean_weight_is_the_ratio_of_partition_functions(string name, double beta, double strength, int steps)
    {
        var group = GaugeGroup.Named(name);
        var start = strength == 0 ? TrajectoryStart.Haar : TrajectoryStart.OfChain(new HeatBath(1), 4);
        var settings = Settings(group, beta, new Annealing(Path(group, beta, strength), AnnealingSchedule.Linear(steps), new HeatBath(), start)) with { Thermalization = 40 };
        Check(settings, 40, LogZ(group, beta) - LogZ(group, strength * beta), new ExactPlaquette(group, beta).Value);
    }

    [Fact]
    public void Hamiltonian_updates_leave_their_action_invariant_along_the_path()
    {
        var update = new Mixture((HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 3), 1));
        Check(Settings(GaugeGroup.SU2, 1.8, new Annealing(Path(GaugeGroup.SU2, 1.8, 0), AnnealingSchedule.Given([0.4, 1]), update, TrajectoryStart.Haar)), 40, LogZ(GaugeGroup.SU2, 1.8), new ExactPlaquette(GaugeGroup.SU2, 1.8).Value);
    }

    [Fact]
    public void A_free_scalar_has_the_ratio_of_its_factors()
    {
        // Z(s) of a quadratic s S: s^{−V/2}.
        var action = new Phi4Action(Lattice, 1, 0);
        var annealing = new Annealing(ActionPath.OfFactors(action, 0.5), AnnealingSchedule.Linear(3), HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 4), TrajectoryStart.OfChain(HamiltonianMonteCarlo.Tuned(new Omelyan2(), 1.5, 0.9), 3));
        var settings = new MarkovChainSettings { Action = action, Transition = annealing, Replicas = Replicas, Seed = 77, Thermalization = 60, Observables = [ObservableRegistry.Create("phi_squared", Lattice, FieldType.Scalar)] };
        Check(settings, 40, Lattice.Volume / 2.0 * Math.Log(0.5), new FreeScalar(1, [4, 4]).PhiSquared, "phi_squared");
    }

    [Fact]
    public void Starts_from_a_density_have_it_in_their_weight()
    {
        var target = new OpenCylinder(4, 3, 2.0);
        var annealing = new Annealing(ActionPath.OfFactors(target.Action(), 0.5), AnnealingSchedule.Linear(3), new HeatBath(), TrajectoryStart.From(new CylinderProposals(new OpenCylinder(4, 3, 1.2))));
        double exact = 9 * Math.Log(SpecialBessel(2.0));
        Check(new() { Action = target.Action(), Transition = annealing, Replicas = Replicas, Seed = 78 }, 40, exact, null);
    }

    public static TheoryData<string> BothWays => ["haar", "chain", "density", "fault"];

    [Theory]
    [MemberData(nameof(BothWays))]
    public void Trajectories_in_both_directions_obey_the_relation_of_Crooks(string kind)
    {
        bool density = kind == "density", haar = kind == "haar";
        var update = new Mixture((new HeatBath(1), 1), (HamiltonianMonteCarlo.Fixed(new Omelyan2(), 0.7, 3), 1));
        var start = density ? TrajectoryStart.From(new CylinderProposals(new OpenCylinder(4, 3, 1.2))) : haar ? TrajectoryStart.Haar : TrajectoryStart.OfChain(new HeatBath(1), 3);
        var annealing = new Annealing(ActionPath.OfFactors(density ? new OpenCylinder(4, 3, 2.0).Action() : new WilsonAction(Lattice, GaugeGroup.SU2, 1.8), haar ? 0 : 0.5), AnnealingSchedule.Linear(3), update, start)
        {
            RunsBothWays = true,
            TransitionsAtEnd = 3,
            Fault = kind == "fault" ? AnnealingFault.BackwardWorkAfterUpdate : AnnealingFault.None,
        };
        var settings = density ? new() { Action = new OpenCylinder(4, 3, 2.0).Action(), Transition = annealing, Replicas = Replicas, Seed = 79, Thermalization = 20 } : Settings(GaugeGroup.SU2, 1.8, annealing) with { Thermalization = 20 };
        double exact = density ? 9 * Math.Log(SpecialBessel(2.0)) : LogZ(GaugeGroup.SU2, 1.8) - (haar ? 0 : LogZ(GaugeGroup.SU2, 0.9));
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, settings);
        var block = chain.NewBlock(40);
        chain.Fill(block);
        var both = new BennettAcceptanceRatio([[.. block.LogWeight.Select(w => -w)]], [block.ReverseWork]);
        // Replicas are independent whatever their chains are.
        double residual = Deviation(OfReplicas(both.Residuals[0])) / both.Curvature, slope = both.SlopeResiduals[0].Average() / Deviation(OfReplicas(both.SlopeResiduals[0]));
        double[] weights = OfReplicas([.. block.ReverseWork.Select(w => Math.Exp(exact - w))]);
        double backwards = (weights.Average() - 1) / Deviation(weights);
        output.WriteLine($"both directions {both.LogRatio:F4} ± {residual:F4}, exact {exact:F4}; backwards alone {backwards:F2}σ off, slope {slope:F2}σ, overlap {both.Overlap:F2}");
        if (kind == "fault")
        {
            Assert.True(Math.Abs((both.LogRatio - exact) / residual) > 8 && Math.Abs(backwards) > 5, $"{both.LogRatio} ± {residual}, exact {exact}; {backwards}σ");
            return;
        }

        Assert.InRange((both.LogRatio - exact) / residual, -Sigmas, Sigmas);
        Assert.InRange(backwards, -Sigmas, Sigmas);
        Assert.InRange(slope, -Sigmas, Sigmas);

        static double[] OfReplicas(double[] rows)
        {
            var means = new double[Replicas];
            for (int row = 0; row < rows.Length; row++) means[row % Replicas] += rows[row] * Replicas / rows.Length;
            return means;
        }
    }

    [Fact]
    public void Rows_of_an_accept_step_need_no_weight()
    {
        foreach (double strength in new[] { 0, 0.5 })
        {
            var annealing = new Annealing(Path(GaugeGroup.SU2, 1.8, strength), AnnealingSchedule.Linear(6), new HeatBath(), strength == 0 ? TrajectoryStart.Haar : TrajectoryStart.OfChain(new HeatBath(), 1)) { Metropolis = true };
            using var device = CpuDevices.Best();
            using var chain = MarkovChain.Create(device, Settings(GaugeGroup.SU2, 1.8, annealing) with { Thermalization = 20 });
            var block = chain.NewBlock(60);
            chain.Fill(block);
            Assert.All(block.LogWeight, weight => Assert.True(double.IsNaN(weight)));
            var statistics = chain.Statistics[0];
            Assert.Equal(("annealed", (long)block.Rows), (statistics.Name, statistics.Proposed));
            Assert.InRange(statistics.Acceptance, 0.05, 0.98);
            var means = new double[Replicas];
            for (int row = 0; row < block.Rows; row++) means[row % Replicas] += block.Observables["plaquette"][row] / block.Draws;
            double mean = means.Average(), error = Math.Sqrt(means.Sum(x => (x - mean) * (x - mean)) / Replicas / (Replicas - 1.0)), exact = new ExactPlaquette(GaugeGroup.SU2, 1.8).Value;
            output.WriteLine($"strength {strength}: plaquette {mean} ± {error}, exact {exact}, acceptance {statistics.Acceptance:F2}");
            Assert.True(Math.Abs(mean - exact) <= Sigmas * error, $"{mean} ± {error}, exact {exact}");
        }
    }

    public static TheoryData<string> Kinds => ["chain", "haar", "optimised", "both ways", "metropolis haar", "metropolis chain", "metropolis optimised", "density"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_run_continues_bit_by_bit_from_every_step(string kind)
    {
        bool metropolis = kind.StartsWith("metropolis", StringComparison.Ordinal), optimised = kind.EndsWith("optimised", StringComparison.Ordinal);
        var mixed = new Mixture((new HeatBath(1), 1), (HamiltonianMonteCarlo.Fixed(new Leapfrog(), 0.7, 2), 1));
        var schedule = optimised ? AnnealingSchedule.Optimised(5, 2) : AnnealingSchedule.Linear(3);
        bool density = kind == "density", haar = kind.EndsWith("haar", StringComparison.Ordinal);
        var start = density ? TrajectoryStart.From(new CylinderProposals(new OpenCylinder(4, 3, 1.2))) : haar ? TrajectoryStart.Haar : TrajectoryStart.OfChain(HamiltonianMonteCarlo.Tuned(new Leapfrog(), 1, 0.7), 2);
        var annealing = new Annealing(ActionPath.OfFactors(density ? new OpenCylinder(4, 3, 2.0).Action() : new WilsonAction(Lattice, GaugeGroup.SU3, 3), haar ? 0 : 0.5), schedule, mixed, start) { Metropolis = metropolis, RunsBothWays = kind == "both ways" };
        using var device = CpuDevices.Best();
        foreach (int replicas in new[] { 1, 11 })
        {
            var settings = density ? new() { Action = new OpenCylinder(4, 3, 2.0).Action(), Transition = annealing, Replicas = replicas, Seed = 5, Thermalization = 4 }
                : Settings(GaugeGroup.SU3, 3, annealing) with { Replicas = replicas, Thermalization = 4 };
            using var whole = MarkovChain.Create(device, settings);
            var saved = new List<SavedChain>();
            for (int i = 0; i < 9; i++)
            {
                saved.Add(whole.Save());
                whole.Advance();
            }

            var expected = whole.NewBlock(3);
            whole.Fill(expected);
            foreach (var point in saved)
            {
                using var resumed = MarkovChain.Create(device, settings);
                resumed.Restore(point);
                Assert.Equal(point, resumed.Save());
                while (resumed.Step < 9) resumed.Advance();
                var block = resumed.NewBlock(3);
                resumed.Fill(block);
                Assert.Equal(expected.Field, block.Field);
                Assert.Equal(expected.Action, block.Action);
                Assert.Equal(expected.LogWeight, block.LogWeight);
                Assert.Equal(expected.ReverseWork, block.ReverseWork);
                Assert.Equal(expected.Accepted, block.Accepted);
                Assert.Equal(whole.Statistics, resumed.Statistics);
                Assert.Equal(whole.Save(), resumed.Save());
            }
        }
    }

    [Fact]
    public void An_optimised_schedule_dissipates_less_where_the_even_one_is_uneven()
    {
        // A path from far below to far above: most is dissipated at its beginning.
        var variances = new double[2];
        for (int k = 0; k < 2; k++)
        {
            var schedule = k == 0 ? AnnealingSchedule.Linear(24) : AnnealingSchedule.Optimised(24, 0);
            using var device = CpuDevices.Best();
            using var chain = MarkovChain.Create(device, Settings(GaugeGroup.SU2, 12, new Annealing(Path(GaugeGroup.SU2, 12, 0), schedule, new HeatBath(), TrajectoryStart.Haar)) with { Thermalization = 6, Replicas = 256 });
            var block = chain.NewBlock(24);
            chain.Fill(block);
            variances[k] = ChainDiagnostics.Variance(block.LogWeight);
        }

        output.WriteLine($"variance of ln w: {variances[0]:F2} with even steps, {variances[1]:F2} with an optimised schedule");
        // Variances of 6,144 trajectories have errors of 2 %, their ratio of 2.6 %.
        Assert.True(variances[1] < 0.92 * variances[0], $"{variances[0]} and {variances[1]}");
    }

    [Fact]
    public void Impossible_protocols_are_refused()
    {
        Assert.Contains("ascend", Assert.Throws<ArgumentException>(() => AnnealingSchedule.Given([0.5, 0.4, 1])).Message);
        Assert.Contains("ascend", Assert.Throws<ArgumentException>(() => AnnealingSchedule.Given([0.5, 0.9])).Message);
        Assert.Contains("steps = 0", Assert.Throws<ArgumentException>(() => AnnealingSchedule.Linear(0)).Message);
        Assert.Contains("ends where it starts", Assert.Throws<ArgumentException>(() => new Annealing(Path(GaugeGroup.SU2, 2, 1), AnnealingSchedule.Linear(2), new HeatBath(), TrajectoryStart.OfChain(new HeatBath(), 1))).Message);
        Assert.Contains("Haar", Assert.Throws<ArgumentException>(() => new Annealing(Path(GaugeGroup.SU2, 2, 0.5), AnnealingSchedule.Linear(2), new HeatBath(), TrajectoryStart.Haar)).Message);
        Assert.Contains("ladder", Assert.Throws<ArgumentException>(() => new Annealing(Path(GaugeGroup.SU2, 2, 0), AnnealingSchedule.Linear(2), new ParallelTempering(new HeatBath(), 1, 0.5), TrajectoryStart.Haar)).Message);
        Assert.Contains("transitions", Assert.Throws<ArgumentException>(() => TrajectoryStart.OfChain(new HeatBath(), 0)).Message);
        using var device = CpuDevices.Best();
        var other = new Annealing(Path(GaugeGroup.SU2, 2, 0), AnnealingSchedule.Linear(2), new HeatBath(), TrajectoryStart.Haar);
        Assert.Contains("the path ends at 'wilson, beta = 2", Assert.Throws<NotSupportedException>(() => MarkovChain.Create(device, Settings(GaugeGroup.SU2, 2.1, other))).Message);
    }

    private static ActionPath Path(GaugeGroup group, double beta, double strength) => ActionPath.OfFactors(new WilsonAction(Lattice, group, beta), strength);

    private static double LogZ(GaugeGroup group, double beta) => beta == 0 ? 0
        : group == GaugeGroup.U1 ? new TwoDimensionalU1(beta, 4, 4).LogPartitionFunction : new TwoDimensionalSUN(group.Order, beta, 4, 4).LogPartitionFunction;

    // I_0, the integral of e^{β cos θ} over the circle.
    private static double SpecialBessel(double beta) => Enumerable.Range(0, 4096).Average(k => Math.Exp(beta * Math.Cos(2 * Math.PI * k / 4096)));

    private static MarkovChainSettings Settings(GaugeGroup group, double beta, ITransition transition) => new()
    {
        Action = new WilsonAction(Lattice, group, beta),
        Transition = transition,
        Replicas = Replicas,
        Seed = 33,
        Observables = [ObservableRegistry.Create("plaquette", Lattice, group)],
    };

    private void Check(MarkovChainSettings settings, int draws, double logRatio, double? exact, string observable = "plaquette")
    {
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, settings);
        var block = chain.NewBlock(draws);
        chain.Fill(block);
        // Replicas are independent whatever their chains are.
        double largest = block.LogWeight.Max();
        double[] weights = new double[Replicas], products = new double[Replicas];
        for (int row = 0; row < block.Rows; row++)
        {
            double weight = Math.Exp(block.LogWeight[row] - largest) / draws;
            weights[row % Replicas] += weight;
            if (exact is not null) products[row % Replicas] += weight * block.Observables[observable][row];
        }

        double mean = weights.Average(), logZ = largest + Math.Log(mean), error = Deviation(weights) / mean;
        output.WriteLine($"ln Z ratio {logZ:F4} ± {error:F4}, exact {logRatio:F4}; variance of ln w {ChainDiagnostics.Variance(block.LogWeight):F3}");
        Assert.True(Math.Abs(logZ - logRatio) <= Sigmas * error, $"ln Z ratio {logZ} ± {error}, exact {logRatio}");
        if (exact is not { } known) return;
        double value = products.Average() / mean;
        double valueError = Deviation([.. products.Select((product, r) => product - (value * weights[r]))]) / mean;
        output.WriteLine($"{observable} {value:F5} ± {valueError:F5}, exact {known:F5}");
        Assert.True(Math.Abs(value - known) <= Sigmas * valueError, $"{observable} {value} ± {valueError}, exact {known}");
    }

    private static double Deviation(double[] means)
    {
        double mean = means.Average();
        return Math.Sqrt(means.Sum(x => (x - mean) * (x - mean)) / means.Length / (means.Length - 1.0));
    }

    private sealed record ExactPlaquette(GaugeGroup Group, double Beta)
    {
        public double Value => Group == GaugeGroup.U1 ? new TwoDimensionalU1(Beta, 4, 4).Plaquette : new TwoDimensionalSUN(Group.Order, Beta, 4, 4).Plaquette;
    }
}

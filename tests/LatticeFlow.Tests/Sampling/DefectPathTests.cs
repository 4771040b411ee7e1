using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Exact;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>Trajectories along the coefficient of a defect against exact partition functions, plaquettes and topological susceptibilities of two dimensions; with sweeps around the defect alone, with accept steps, and across Save and Restore.</summary>
public class DefectPathTests(ITestOutputHelper output)
{
    // Trajectories of independent replicas; this far off by chance: 6·10⁻⁵ a comparison, 17 comparisons, fixed seeds. A fault is at least twice this far off.
    private const double Sigmas = 4;
    private const int Replicas = 128;
    private static readonly LatticeGeometry Lattice = new(4, 6);
    private static readonly DefectLevel[] Boxes = [new(1, 1), new(0, 2, 1)];

    public static TheoryData<string, double, int, int, double, string, bool> Cases => new()
    {
        { "U1", 2.4, 0, 2, 0, "heat bath", false }, { "U1", 2.4, 1, 4, 0, "boxes", false }, { "U1", 2.4, 0, 3, 0.3, "both", false }, { "U1", 2.4, 0, 2, 0, "boxes", true },
        { "SU2", 3, 0, 3, 0, "boxes", false }, { "SU3", 5, 1, 2, 0.2, "boxes", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_and_values_are_exact(string name, double beta, int direction, int size, double coefficient, string update, bool metropolis)
    {
        var group = GaugeGroup.Named(name);
        var (pulls, _) = Run(group, beta, new(direction, size), coefficient, update, metropolis, AnnealingFault.None);
        foreach (var (what, pull) in pulls) Assert.True(Math.Abs(pull) <= Sigmas, $"{what}: {pull} standard deviations");
    }

    [Theory]
    [InlineData("U1", 2.4, "heat bath")]
    [InlineData("U1", 2.4, "boxes")]
    [InlineData("SU2", 3, "boxes")]
    public void Wrong_work_is_caught(string name, double beta, string update)
    {
        foreach (var fault in new[] { AnnealingFault.WorkAfterUpdate, AnnealingFault.WithoutLastStep })
            Assert.True(Math.Abs(Run(GaugeGroup.Named(name), beta, new(0, 3), 0, update, false, fault).Pulls[0].Pull) > 2 * Sigmas, $"{fault} is not caught");
    }

    [Theory]
    [InlineData("boxes", false, 1)]
    [InlineData("boxes", false, 11)]
    [InlineData("both", false, 11)]
    [InlineData("boxes", true, 11)]
    [InlineData("optimised", false, 3)]
    public void A_saved_run_continues_bit_by_bit_from_every_step(string update, bool metropolis, int replicas)
    {
        var action = new WilsonAction(Lattice, GaugeGroup.SU3, 5);
        var settings = Settings(action, Transition(action, new(0, 2), 0.1, update, metropolis, AnnealingFault.None)) with { Replicas = replicas, Thermalization = 4 };
        using var device = CpuDevices.Best();
        using var whole = MarkovChain.Create(device, settings);
        var saved = new List<SavedChain>();
        for (int i = 0; i < 7; i++)
        {
            saved.Add(whole.Save());
            whole.Advance();
        }

        // Who is never saved computes S at other times, and to the same bits.
        using var undisturbed = MarkovChain.Create(device, settings);
        for (int i = 0; i < 7; i++) undisturbed.Advance();
        Assert.Equal(whole.Save(), undisturbed.Save());
        var expected = whole.NewBlock(2);
        whole.Fill(expected);
        foreach (var point in saved)
        {
            using var resumed = MarkovChain.Create(device, settings);
            resumed.Restore(point);
            Assert.Equal(point, resumed.Save());
            while (resumed.Step < 7) resumed.Advance();
            var block = resumed.NewBlock(2);
            resumed.Fill(block);
            Assert.Equal(expected.Field, block.Field);
            Assert.Equal(expected.Action, block.Action);
            Assert.Equal(expected.LogWeight, block.LogWeight);
            Assert.Equal(whole.Statistics, resumed.Statistics);
            Assert.Equal(whole.Save(), resumed.Save());
        }

        // S is that of the periodic lattice.
        for (int row = 0; row < expected.Rows; row++) Assert.Equal(-5 * Lattice.Plaquettes * expected.Observables["plaquette"][row], expected.Action[row], 1e-11 * Lattice.Volume);
    }

    [Fact]
    public void Partition_functions_are_those_of_the_torus_at_one_and_of_free_plaquettes_at_zero()
    {
        foreach (double beta in new[] { 0.7, 3, 9 })
        {
            Assert.Equal(new TwoDimensionalU1(beta, 4, 6).LogPartitionFunction, new TwoDimensionalDefect(1, beta, 24, 5, 1).LogPartitionFunction, 1e-12);
            Assert.Equal(new OpenTwoDimensionalU1(beta, 20, 2).LogPartitionFunction, new TwoDimensionalDefect(1, beta, 24, 5, 0).LogPartitionFunction, 1e-12);
            foreach (int colors in new[] { 2, 3 })
            {
                Assert.Equal(new TwoDimensionalSUN(colors, beta, 4, 6).LogPartitionFunction, new TwoDimensionalDefect(colors, beta, 24, 5, 1).LogPartitionFunction, 1e-12);

                // One plaquette without a coupling leaves the others free: b_0 each, which a torus of very many plaquettes has, too.
                Assert.Equal(19 * new TwoDimensionalSUN(colors, beta, 1000, 1000).LogPartitionFunction / 1e6, new TwoDimensionalDefect(colors, beta, 24, 5, 0).LogPartitionFunction, 1e-11);
            }

            // A defect without plaquettes is none.
            Assert.Equal(new TwoDimensionalDefect(1, beta, 24, 0, 0.5).LogPartitionFunction, new TwoDimensionalU1(beta, 4, 6).LogPartitionFunction, 1e-12);
        }
    }

    [Fact]
    public void Impossible_paths_are_refused()
    {
        var action = new WilsonAction(Lattice, GaugeGroup.SU2, 2);
        Assert.Contains("size", Assert.Throws<ArgumentException>(() => ActionPath.ThroughDefect(action, new(0, 7), 0)).Message, StringComparison.Ordinal);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => ActionPath.ThroughDefect(action, new(0, 2), double.NaN)).Message, StringComparison.Ordinal);
        var path = ActionPath.ThroughDefect(action, new(0, 2), 0);
        Assert.Contains("Haar", Assert.Throws<ArgumentException>(() => new Annealing(path, AnnealingSchedule.Linear(2), new HeatBath(), TrajectoryStart.Haar)).Message, StringComparison.Ordinal);
        Assert.Contains("ends where it starts", Assert.Throws<ArgumentException>(() => new Annealing(ActionPath.ThroughDefect(action, new(0, 2), 1), AnnealingSchedule.Linear(2), new HeatBath(), TrajectoryStart.OfChain(new HeatBath(), 1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DefectSweeps(new(0, 2), []));
        Assert.Throws<ArgumentException>(() => new DefectSweeps(new(0, 2), [new(0, 1), new(1, 1)]));
    }

    private static Annealing Transition(LoopAction action, BoundaryDefect defect, double coefficient, string update, bool metropolis, AnnealingFault fault) => new(
        ActionPath.ThroughDefect(action, defect, coefficient),
        update == "optimised" ? AnnealingSchedule.Optimised(4, 2) : AnnealingSchedule.Linear(4),
        update switch { "heat bath" => new HeatBath(), "both" => new Mixture((new HeatBath(), 1), (new DefectSweeps(defect, Boxes), 1)), _ => new DefectSweeps(defect, Boxes) },
        TrajectoryStart.OfChain(new HeatBath(1), 3))
    { Metropolis = metropolis, Fault = fault };

    private static MarkovChainSettings Settings(LoopAction action, ITransition transition) => new()
    {
        Action = action,
        Transition = transition,
        Replicas = Replicas,
        Seed = 91,
        Thermalization = 20,
        Observables = [.. (action.Group == GaugeGroup.U1 ? new[] { "plaquette", "topological_charge_squared" } : ["plaquette"]).Select(name => ObservableRegistry.Create(name, Lattice, action.Group))],
    };

    // Deviations in standard deviations: ln Z/Z_0 of weighted rows first, then of values.
    private (List<(string What, double Pull)> Pulls, double Variance) Run(GaugeGroup group, double beta, BoundaryDefect defect, double coefficient, string update, bool metropolis, AnnealingFault fault)
    {
        const int Draws = 40;
        var action = new WilsonAction(Lattice, group, beta);
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, Settings(action, Transition(action, defect, coefficient, update, metropolis, fault)));
        var block = chain.NewBlock(Draws);
        chain.Fill(block);
        double[] weights = [.. block.LogWeight.Select(w => metropolis ? 1 : Math.Exp(w))];
        double[] ofReplicas = Means(weights);
        double mean = ofReplicas.Average();
        List<(string What, double Pull)> pulls = [];
        int plaquettes = Enumerable.Range(0, Lattice.Volume).Count(site => defect.HasPlaquette(Lattice, site, 0));
        if (!metropolis)
        {
            double whole = group == GaugeGroup.U1 ? new TwoDimensionalU1(beta, 4, 6).LogPartitionFunction : new TwoDimensionalSUN(group.Order, beta, 4, 6).LogPartitionFunction;
            Add("ln Z/Z_0", Math.Log(mean), Error(ofReplicas) / mean, whole - new TwoDimensionalDefect(group.Order, beta, Lattice.Volume, plaquettes, coefficient).LogPartitionFunction);
        }
        else
        {
            Assert.InRange(chain.Statistics[0].Acceptance, 0.1, 0.99);
        }

        var exact = group == GaugeGroup.U1 ? new TwoDimensionalU1(beta, 4, 6) : null;
        AddMean("plaquette", exact?.Plaquette ?? new TwoDimensionalSUN(group.Order, beta, 4, 6).Plaquette);
        if (exact is not null) AddMean("topological_charge_squared", exact.TopologicalChargeSquared);
        return (pulls, metropolis ? 0 : ChainDiagnostics.Variance(block.LogWeight));

        void AddMean(string observable, double expected)
        {
            double[] values = block.Observables[observable];
            double value = weights.Zip(values, (w, x) => w * x).Sum() / weights.Sum();
            Add(observable, value, Error(Means([.. weights.Zip(values, (w, x) => w * (x - value))])) / mean, expected);
        }

        void Add(string what, double value, double error, double expected)
        {
            output.WriteLine($"{group}, {update}, {fault}: {what} {value:F5} ± {error:F5}, exact {expected:F5}");
            pulls.Add((what, (value - expected) / error));
        }

        static double[] Means(double[] rows)
        {
            var means = new double[Replicas];
            for (int row = 0; row < rows.Length; row++) means[row % Replicas] += rows[row] * Replicas / rows.Length;
            return means;
        }

        static double Error(double[] means)
        {
            double mean = means.Average();
            return Math.Sqrt(means.Sum(x => (x - mean) * (x - mean)) / means.Length / (means.Length - 1.0));
        }
    }
}

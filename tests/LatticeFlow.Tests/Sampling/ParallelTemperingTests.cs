using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

public class ParallelTemperingTests
{
    private const double Beta = 2.4;
    private const int Ladders = 96;

    // Ladders are independent, so the error of their mean is known; this far off by chance: 6·10⁻⁵ a comparison, 9 comparisons, fixed seed.
    private const double Sigmas = 4;

    // An exchange that is never refused mixes the rungs: far beyond any chance.
    private const double CaughtSigmas = 20;
    private static readonly double[] Strengths = [1, 0.8, 0.55, 0.25];
    private static readonly LatticeGeometry Lattice = new(4, 4);

    [Fact]
    public void Every_rung_is_exact()
    {
        using var device = CpuDevices.Best();
        var means = device.Use(Precision.Double, new Rungs(Ladder()));
        for (int k = 0; k < Strengths.Length; k++)
        {
            var (mean, error) = Mean(means[k]);
            double exact = ExactTorus.Plaquette(Beta * Strengths[k], Lattice.Volume);
            Assert.True(Math.Abs(mean - exact) <= Sigmas * error, $"rung {k}: {mean} ± {error}, exact {exact}");
        }
    }

    [Fact]
    public void Exchanges_that_are_never_refused_are_caught()
    {
        using var device = CpuDevices.Best();
        var (mean, error) = Mean(device.Use(Precision.Double, new Rungs(new ParallelTempering(new HeatBath(), Strengths) { FaultyScale = 0 }))[0]);
        Assert.True(Math.Abs(mean - ExactTorus.Plaquette(Beta, Lattice.Volume)) > CaughtSigmas * error, $"{mean} ± {error}");
    }

    [Fact]
    public void Rows_are_the_ensemble_of_the_action_alone()
    {
        using var device = CpuDevices.Best();
        foreach (ITransition inner in new ITransition[] { new HeatBath(1), HamiltonianMonteCarlo.Tuned(new Omelyan2(), 1.2, 0.8) })
        {
            using var chain = MarkovChain.Create(device, Settings(inner) with { Thermalization = 80 });
            var block = chain.NewBlock(150);
            chain.Fill(block);
            Assert.Equal(150 * Ladders, block.Rows);
            var plaquette = block.Observables["plaquette"];
            var charge = block.Observables["topological_charge_squared"];
            for (int row = 0; row < block.Rows; row++) Assert.Equal(-Beta * Lattice.Volume * plaquette[row], block.Action[row], 1e-11 * Lattice.Volume);
            CheckRows(plaquette, ExactTorus.Plaquette(Beta, Lattice.Volume), "plaquette");
            CheckRows(charge, ExactTorus.ChargeSquared(Beta, Lattice.Volume), "charge squared");
            var exchanges = chain.Statistics.Where(statistics => statistics.Name.StartsWith("exchange", StringComparison.Ordinal)).ToArray();
            Assert.Equal(["exchange 1-0.8", "exchange 0.8-0.55", "exchange 0.55-0.25"], exchanges.Select(statistics => statistics.Name));
            Assert.All(exchanges, statistics => Assert.InRange(statistics.Acceptance, 0.2, 0.99));
            Assert.All(exchanges, statistics => Assert.Equal(block.Rows, statistics.Proposed));
            Assert.Equal(block.Field[^block.NumbersOfRow..], chain.Field[^block.NumbersOfRow..].ToArray());
            Assert.Equal(block.Action[^Ladders..], chain.Action.ToArray());
        }
    }

    [Fact]
    public void A_saved_ladder_continues_bit_by_bit()
    {
        using var device = CpuDevices.Best();
        foreach (int replicas in new[] { 1, 11 })
        {
            var flow = new Mixture((new HeatBath(), 1), (HamiltonianMonteCarlo.Tuned(new Leapfrog(), 1, 0.7), 1));
            var settings = Settings(flow) with { Replicas = replicas, Thermalization = 5 };
            using var chain = MarkovChain.Create(device, settings);
            for (int i = 0; i < 9; i++) chain.Advance();
            var saved = chain.Save();
            var expected = chain.NewBlock(6);
            chain.Fill(expected);
            using var resumed = MarkovChain.Create(device, settings);
            resumed.Restore(saved);
            Assert.Equal(saved, resumed.Save());
            var block = resumed.NewBlock(6);
            resumed.Fill(block);
            Assert.Equal(expected.Field, block.Field);
            Assert.Equal(expected.Action, block.Action);
            Assert.Equal(expected.Accepted, block.Accepted);
            Assert.Equal(expected.DeltaH, block.DeltaH);
            Assert.Equal(chain.Statistics, resumed.Statistics);
            Assert.Equal(chain.Save(), resumed.Save());
        }
    }

    [Fact]
    public void Proposals_from_a_flow_are_weighed_with_the_factor_of_their_rung()
    {
        using var device = CpuDevices.Best();
        var target = new OpenCylinder(4, 3, 2.0);
        var flow = new FlowMetropolis(new CylinderProposals(new OpenCylinder(4, 3, 1.5)));
        using var chain = MarkovChain.Create(device, new()
        {
            Action = target.Action(),
            Transition = new ParallelTempering(flow, 1, 0.75, 0.5),
            Replicas = Ladders,
            Seed = 8,
            Thermalization = 30,
        });
        var block = chain.NewBlock(100);
        chain.Fill(block);
        CheckRows([.. block.Action.Select(action => -action / (2.0 * 9))], ExactTorus.BesselRatio(1, 2.0), "plaquette");
        for (int row = 0; row < block.Rows; row++) Assert.Equal(-block.Action[row] - block.LogQ[row], block.LogWeight[row], 1e-11);
    }

    [Fact]
    public void Impossible_ladders_are_refused()
    {
        foreach (double[] strengths in new double[][] { [1], [0.5, 1], [1, 0], [1, double.NaN], [1, 0.5, 0.5] })
            Assert.Contains("strength", Assert.Throws<ArgumentException>(() => new ParallelTempering(new HeatBath(), strengths)).Message);
        Assert.Throws<ArgumentException>(() => new ParallelTempering(Ladder(), 1, 0.5));
        Assert.Contains("inner", Assert.Throws<ArgumentException>(() => new Mixture((Ladder(), 1))).Message);
    }

    private static ParallelTempering Ladder() => new(new HeatBath(), Strengths);

    private static MarkovChainSettings Settings(ITransition inner) => new()
    {
        Action = new WilsonAction(Lattice, Beta),
        Transition = new ParallelTempering(inner, Strengths),
        Replicas = Ladders,
        Seed = 31,
        Observables = [ObservableRegistry.Create("plaquette", Lattice, GaugeGroup.U1), ObservableRegistry.Create("topological_charge_squared", Lattice, GaugeGroup.U1)],
    };

    private static void CheckRows(double[] values, double exact, string what)
    {
        var means = new double[Ladders];
        for (int row = 0; row < values.Length; row++) means[row % Ladders] += values[row] * Ladders / values.Length;
        var (mean, error) = Mean(means);
        Assert.True(Math.Abs(mean - exact) <= Sigmas * error, $"{what}: {mean} ± {error}, exact {exact}");
    }

    private static (double Mean, double Error) Mean(double[] means)
    {
        double mean = means.Average();
        return (mean, Math.Sqrt(means.Sum(x => (x - mean) * (x - mean)) / means.Length / (means.Length - 1.0)));
    }

    // [rung][ladder]: the mean plaquette.
    private sealed class Rungs(ParallelTempering tempering) : DoubleLaneUser<double[][]>
    {
        private const int Steps = 200;
        private const int Thermalization = 50;

        protected override double[][] Use<T>(ComputeDevice device)
        {
            int rungs = Strengths.Length;
            using var state = new MarkovState<T>(device, new WilsonAction(Lattice, Beta), Ladders * rungs, 17);
            state.StartHot();
            using var run = tempering.Bind(state);
            double[][] means = [.. Strengths.Select(_ => new double[Ladders])];
            for (int step = 0; step < Thermalization + Steps; step++)
            {
                run.Step(step < Thermalization);
                if (step < Thermalization) continue;
                for (int r = 0; r < state.Replicas; r++)
                {
                    int rung = Array.IndexOf(Strengths, state.Coefficients[r]);
                    means[rung][r / rungs] += state.ReadAction()[r] / (-Beta * Strengths[rung] * Lattice.Volume * Steps);
                }
            }

            return means;
        }
    }
}

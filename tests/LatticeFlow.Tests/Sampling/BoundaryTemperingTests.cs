using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Exact;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;
using LatticeFlow.Tests.Groups;

namespace LatticeFlow.Tests;

/// <summary>Parallel tempering in boundary conditions against exact values, by ranks of exact draws, and in bits.</summary>
public class BoundaryTemperingTests
{
    private const int Ladders = 64;

    // Ladders are independent, so the error of their mean is known; this far off by chance: 6·10⁻⁵ a comparison, 6 comparisons, fixed seeds.
    private const double Sigmas = 4;
    private static readonly LatticeGeometry Square = new(4, 4);
    private static readonly double[] Rungs = [1, 0.6, 0.3, 0];

    public static TheoryData<string> Sets => CpuLanes.Sets;

    [Fact]
    public void Rows_are_the_periodic_ensemble()
    {
        using var device = CpuDevices.Best();
        const double beta = 2.4;
        foreach (var (inner, levels) in new (ITransition, DefectLevel[])[]
        {
            (new HeatBath(1), [new(1, 1), new(0, 2, 1)]),
            (HamiltonianMonteCarlo.Tuned(new Omelyan2(), 1.2, 0.8), []),
        })
        {
            using var chain = MarkovChain.Create(device, Settings(GaugeGroup.U1, beta, new BoundaryTempering(inner, new(0, 3), Rungs, levels) { IsTuned = true }) with { Thermalization = 60 });
            var block = chain.NewBlock(120);
            chain.Fill(block);
            var plaquette = block.Observables["plaquette"];
            for (int row = 0; row < block.Rows; row++) Assert.Equal(-beta * Square.Volume * plaquette[row], block.Action[row], 1e-11 * Square.Volume);
            CheckRows(plaquette, ExactTorus.Plaquette(beta, Square.Volume), "plaquette");
            CheckRows(block.Observables["topological_charge_squared"], ExactTorus.ChargeSquared(beta, Square.Volume), "charge squared");
            var exchanges = chain.Statistics.Where(statistics => statistics.Name.StartsWith("exchange", StringComparison.Ordinal)).ToArray();
            Assert.Equal(Rungs.Length - 1, exchanges.Length);

            // Tuned in some hundred sweeps of 64 ladders, each rate with an error of about 0.005.
            Assert.InRange(exchanges.Max(one => one.Acceptance) - exchanges.Min(one => one.Acceptance), 0, 0.06);
            Assert.True(chain.Statistics.Single(statistics => statistics.Name.StartsWith("round trips", StringComparison.Ordinal)).Accepted > Ladders);
        }
    }

    [Fact]
    public void SU2_has_the_exact_plaquette()
    {
        using var device = CpuDevices.Best();
        const double beta = 3;
        using var chain = MarkovChain.Create(device, Settings(GaugeGroup.SU2, beta, new BoundaryTempering(new HeatBath(1), new(1, 2), Rungs, [new(0, 1)])) with { Thermalization = 20 });
        var block = chain.NewBlock(60);
        chain.Fill(block);
        CheckRows(block.Observables["plaquette"], new TwoDimensionalSUN(2, beta, 4, 4).Plaquette, "plaquette of SU(2)");
    }

    [Fact]
    public void Ranks_of_exact_draws_are_uniform_and_faults_are_caught()
    {
        using var device = CpuDevices.Best();
        Assert.InRange(device.Use(Precision.Double, new Ranks(new(), 5)), 0, RankTest.AlarmLevel);
        Assert.InRange(device.Use(Precision.Double, new Ranks(new() { UsesTrajectories = true }, 6)), 0, RankTest.AlarmLevel);
        foreach (var fault in new Ranks.Fault[] { new() { Scale = -1 }, new() { Scale = 0 }, new() { Translation = true }, new() { Levels = true } })
            Assert.True(device.Use(Precision.Double, new Ranks(fault, 7)) > RankTest.CaughtLevel, $"{fault}");
    }

    [Theory, MemberData(nameof(Sets))]
    public void Translations_move_whole_lattices_by_their_vectors(string set)
    {
        foreach (var (lattice, group) in new[] { (new LatticeGeometry(3, 5), GaugeGroup.U1), (new LatticeGeometry(2, 3, 4), GaugeGroup.SU2), (new LatticeGeometry(2, 3, 2, 5), GaugeGroup.SU3) })
            Assert.True(CpuLanes.Use(set, new Translated(lattice, group)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    public void A_saved_ladder_continues_bit_by_bit(int replicas)
    {
        using var device = CpuDevices.Best();
        var inner = new Mixture((new HeatBath(1), 1), (HamiltonianMonteCarlo.Tuned(new Leapfrog(), 1, 0.7), 1));
        var settings = Settings(GaugeGroup.SU3, 5, new BoundaryTempering(inner, new(0, 2), [1, 0.5, 0], [new(1, 1), new(0, 2)]) { IsTuned = true }) with { Replicas = replicas, Thermalization = 6 };
        foreach (int steps in new[] { 0, 3, 6, 9 })
        {
            using var chain = MarkovChain.Create(device, settings);
            for (int i = 0; i < steps; i++) chain.Advance();
            var saved = chain.Save();
            using var resumed = MarkovChain.Create(device, settings);
            resumed.Restore(saved);
            Assert.Equal(saved, resumed.Save());
            for (int i = 0; i < 5; i++)
            {
                chain.Advance();
                resumed.Advance();
            }

            Assert.Equal(chain.Save(), resumed.Save());
            Assert.Equal(chain.Statistics, resumed.Statistics);
            Assert.Equal(chain.Field.ToArray(), resumed.Field.ToArray());
        }
    }

    [Fact]
    public void Impossible_ladders_are_refused()
    {
        foreach (double[] coefficients in new double[][] { [1], [0.5, 0], [1, 0.5], [1, 0.5, 0.5, 0], [1, double.NaN, 0] })
            Assert.Contains("coefficients", Assert.Throws<ArgumentException>(() => new BoundaryTempering(new HeatBath(), new(0, 1), coefficients)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new BoundaryTempering(new HeatBath(), new(0, 1), Rungs, [new(1, 1), new(1, 1)]));
        Assert.Throws<ArgumentException>(() => new BoundaryTempering(new ParallelTempering(new HeatBath(), 1, 0.5), new(0, 1), Rungs));
        var ladder = new BoundaryTempering(new HeatBath(), new(0, 3), Rungs);
        Assert.Throws<NotSupportedException>(() => ladder.ActionOf(WilsonAction.Open(Square, GaugeGroup.U1, 1)));
        Assert.Throws<NotSupportedException>(() => ladder.ActionOf(new Phi4Action(Square, 1, 1)));
        Assert.Throws<NotSupportedException>(() => ladder.ActionOf(new RectangleAction(Square, GaugeGroup.U1, 1, -0.1)));
        Assert.Throws<NotSupportedException>(() => ladder.ActionOf(new WilsonAction(new LatticeGeometry(4, 2), 1)));
    }

    private static MarkovChainSettings Settings(GaugeGroup group, double beta, ITransition transition) => new()
    {
        Action = new WilsonAction(Square, group, beta),
        Transition = transition,
        Replicas = Ladders,
        Seed = 31,
        Observables = [.. (group == GaugeGroup.U1 ? new[] { "plaquette", "topological_charge_squared" } : ["plaquette"]).Select(name => ObservableRegistry.Create(name, Square, group))],
    };

    private static void CheckRows(double[] values, double exact, string what)
    {
        var means = new double[Ladders];
        for (int row = 0; row < values.Length; row++) means[row % Ladders] += values[row] * Ladders / values.Length;
        double mean = means.Average(), error = Math.Sqrt(means.Sum(x => (x - mean) * (x - mean)) / Ladders / (Ladders - 1.0));
        Assert.True(Math.Abs(mean - exact) <= Sigmas * error, $"{what}: {mean} ± {error}, exact {exact}");
    }

    private sealed class Translated(LatticeGeometry lattice, GaugeGroup group) : DoubleLaneUser<bool>
    {
        private const int Replicas = 11;
        private const int Apart = 2;

        protected override bool Use<T>(ComputeDevice device)
        {
            using var state = new MarkovState<T>(device, new WilsonAction(lattice, group, 1), Replicas, 5, LaneUse.Replicas);
            state.StartHot();
            double[] before = state.ReadField().ToArray();
            using var translations = new LatticeTranslations<T>(device, state.Layout, state.Field, Apart, lattice.Volume);
            var random = new Random(3);
            var vectors = new int[]?[Replicas];
            for (int time = 0; time < 2; time++)
            {
                translations.Clear();
                Array.Clear(vectors);
                for (int replica = time; replica < Replicas; replica += 2 + time)
                {
                    vectors[replica] = [.. lattice.Extents.Select(extent => random.Next(extent))];
                    translations.Add(replica, vectors[replica]!);
                }

                translations.Write();
                state.Run(translations.Program);
                double[] after = state.ReadField().ToArray();
                int ofSite = state.Numbers / lattice.Volume;
                for (int replica = 0; replica < Replicas; replica++)
                {
                    for (int site = 0; site < lattice.Volume; site++)
                    {
                        int from = site;
                        for (int mu = 0; mu < lattice.Dimensions; mu++) from = lattice.Neighbour(from, mu, vectors[replica]?[mu] ?? 0);
                        for (int i = 0; i < ofSite; i++) Assert.Equal(before[(replica * state.Numbers) + (from * ofSite) + i], after[(replica * state.Numbers) + (site * ofSite) + i]);
                    }
                }

                before = after;
            }

            return true;
        }
    }

    /// <summary>The rank test of <see cref="RankTest"/> for ladders of U(1) on a small torus, whose exact draws come from Haar measure by rejection. Statistics: S^(1) of the first rung, S^(1) of the last and S^(0) of the first.</summary>
    private sealed class Ranks(Ranks.Fault fault, int seed) : DoubleLaneUser<double>
    {
        private const int Repetitions = 3000;
        private const int Statistics = 3;
        private const double Rounding = 1e-12;
        private const double Beta = 1.1;
        private static readonly LatticeGeometry Torus = new(3, 2);
        private static readonly double[] Ladder = [1, 0.4, 0];
        private static readonly BoundaryDefect Defect = new(0, 1);

        protected override double Use<T>(ComputeDevice device)
        {
            var random = new Random(seed);
            var family = Defect.Family(new WilsonAction(Torus, Beta));
            var start = new double[Repetitions * Ladder.Length * Torus.Links];
            for (int r = 0; r < Repetitions * Ladder.Length; r++) Draw(random, family, Ladder[r % Ladder.Length], start.AsSpan(r * Torus.Links, Torus.Links));
            var after = Chain<T>(device, family, Transition(reversed: false), start, (ulong)seed);
            var before = Chain<T>(device, family, Transition(reversed: true), start, (ulong)seed + 1);
            double worst = 0;
            for (int statistic = 0; statistic < Statistics; statistic++)
            {
                var counts = new int[RankTest.Length];
                for (int r = 0; r < Repetitions; r++)
                {
                    int position = random.Next(RankTest.Length), below = 0, ties = 0;
                    double exact = after[0][statistic][r];
                    for (int i = 1; i < RankTest.Length - position; i++) Compare(after[i][statistic][r]);
                    for (int i = 1; i <= position; i++) Compare(before[i][statistic][r]);
                    counts[below + random.Next(ties + 1)]++;

                    // What was refused and translated is the same but for the order of a sum.
                    void Compare(double other)
                    {
                        if (Math.Abs(other - exact) <= Rounding) ties++;
                        else if (other < exact) below++;
                    }
                }

                double expected = (double)Repetitions / RankTest.Length;
                worst = Math.Max(worst, counts.Sum(count => (count - expected) * (count - expected) / expected));
            }

            return worst;
        }

        private BoundaryTempering Transition(bool reversed)
        {
            ITransition inner = fault.UsesTrajectories ? HamiltonianMonteCarlo.Fixed(new Omelyan2(), 0.8, 2) : new HeatBath { Reversed = reversed };
            return new(inner, Defect, Ladder, fault.UsesTrajectories ? [] : [new(0, 2)])
            {
                Reversed = reversed,
                FaultyScale = fault.Scale,
                FaultyTranslation = fault.Translation,
                FaultyLevels = fault.Levels,
            };
        }

        // [step][statistic][ladder]
        private static double[][][] Chain<T>(ComputeDevice device, IAction family, BoundaryTempering step, double[] start, ulong chainSeed)
            where T : unmanaged, IReal64<T>
        {
            using var state = new MarkovState<T>(device, family, Repetitions * Ladder.Length, chainSeed);
            state.Write(start);
            using var run = step.Bind(state);
            var values = new double[RankTest.Length][][];
            var components = new double[2 * state.Replicas];
            for (int i = 0; i < RankTest.Length; i++)
            {
                if (i > 0) run.Step(false);
                state.CopyComponents(components);
                values[i] = [new double[Repetitions], new double[Repetitions], new double[Repetitions]];
                for (int r = 0; r < state.Replicas; r++)
                {
                    int ladder = r / Ladder.Length;
                    double c = state.Coefficients[(2 * r) + 1];
                    if (c == 1) (values[i][0][ladder], values[i][2][ladder]) = (components[(2 * r) + 1], components[2 * r]);
                    if (c == 0) values[i][1][ladder] = components[(2 * r) + 1];
                }
            }

            return values;
        }

        // Accepted with exp(−S_c − Σ |β_p|) from Haar measure.
        private static void Draw(Random random, LoopActionFamily family, double c, Span<double> links)
        {
            double most = 0;
            for (int p = 0; p < Torus.Plaquettes; p++) most += Coupling(family, c, p);
            while (true)
            {
                for (int i = 0; i < links.Length; i++) links[i] = Math.PI * ((2 * random.NextDouble()) - 1);
                double minusS = 0;
                for (int site = 0; site < Torus.Volume; site++)
                {
                    double angle = links[Torus.Link(site, 0)] + links[Torus.Link(Torus.Neighbour(site, 0), 1)] - links[Torus.Link(Torus.Neighbour(site, 1), 0)] - links[Torus.Link(site, 1)];
                    minusS += Coupling(family, c, site) * Math.Cos(angle);
                }

                if (Math.Log(random.NextDouble()) < minusS - most) return;
            }
        }

        private static double Coupling(LoopActionFamily family, double c, int plaquette) =>
            family.CouplingsOfComponents[0].Plaquettes[plaquette] + (c * family.CouplingsOfComponents[1].Plaquettes[plaquette]);

        public sealed record Fault
        {
            public double Scale { get; init; } = 1;

            public bool Translation { get; init; }

            public bool Levels { get; init; }

            public bool UsesTrajectories { get; init; }
        }
    }
}

using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>Winding and instantons of U(1) in two dimensions: what they do to plaquettes, and that they leave exp(−S) alone.</summary>
public class TopologicalUpdateTests(ITestOutputHelper output)
{
    private const int Replicas = 512;

    // Replicas are independent, so the error of their mean is known; this far off by chance: 6·10⁻⁵ a comparison, about 60 comparisons, fixed seed.
    private const double Sigmas = 4;

    // A sector that is hardly ever visited has no error.
    private const double RareSector = 1e-3;

    // Of one repetition of the rank test; faults have χ² of hundreds with as many.
    private const int RankReplicas = 32768;
    private const int Seed = 20261129;

    // Rounding of some 1e-15 an angle.
    private const double AngleTolerance = 1e-12;

    [Theory]
    [InlineData(4, 4, 1)]
    [InlineData(4, 4, 2)]
    [InlineData(7, 5, 3)]
    [InlineData(8, 16, 4)]
    [InlineData(8, 16, 6)]
    public void Winding_changes_the_plaquettes_around_a_square_and_no_others(int length0, int length1, int size)
    {
        foreach (int replicas in new[] { 1, 9 })
        {
            var changes = Changes(new WindingUpdate(size) { FaultyScale = 0 }, new(length0, length1), replicas);
            foreach (var change in changes)
            {
                int[] changed = [.. Enumerable.Range(0, change.Length).Where(p => Math.Abs(change[p]) > AngleTolerance)];
                Assert.Equal(4 * size, changed.Length);
                Assert.All(changed, p => Assert.Equal(Math.PI / (2 * size), Math.Abs(change[p]), AngleTolerance));
                Assert.Equal(2 * Math.PI, Math.Abs(changed.Sum(p => change[p])), AngleTolerance * change.Length);
            }

            // Nine replicas have other places and signs.
            if (replicas > 1) Assert.True(changes.Select(change => string.Join(",", change.Select(one => Math.Sign(Math.Round(one, 9))))).Distinct().Count() > 3);
        }
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(1, 6)]
    [InlineData(5, 3)]
    [InlineData(16, 8)]
    public void An_instanton_changes_all_plaquettes_alike(int length0, int length1)
    {
        foreach (int replicas in new[] { 1, 9 })
        {
            var changes = Changes(new InstantonUpdate { FaultyScale = 0 }, new(length0, length1), replicas);
            foreach (var change in changes)
            {
                Assert.All(change, one => Assert.Equal(2 * Math.PI / (length0 * length1), Math.Abs(one), AngleTolerance));
                Assert.Equal(2 * Math.PI, Math.Abs(change.Sum()), AngleTolerance * change.Length);
            }

            if (replicas > 1) Assert.Equal(2, changes.Select(change => Math.Sign(change[0])).Distinct().Count());
        }
    }

    public static TheoryData<string, int[], double> Cases => new()
    {
        { "winding", [8, 8], 2.0 },
        { "winding", [5, 3], 1.0 },
        { "winding sizes", [7, 8], 3.0 },
        { "instanton", [4, 4], 2.0 },
        { "instanton", [8, 8], 4.0 },
        { "instanton", [1, 5], 1.5 },
        { "both with HMC", [6, 6], 3.0 },
        { "on a ladder", [4, 4], 2.4 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plaquette_and_charge_are_exact(string sampler, int[] extents, double beta)
    {
        using var device = CpuDevices.Best();
        var lattice = new LatticeGeometry(extents);
        var action = new WilsonAction(lattice, beta);
        var rest = extents.Min() == 1 ? (ITransition)HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1.3, 3) : new HeatBath();
        ITransition transition = sampler switch
        {
            "winding" => new Mixture((new WindingUpdate(), 2), (rest, 1)),
            "winding sizes" => new Mixture((new WindingUpdate(1, 3, 5), 2), (rest, 1)),
            "instanton" => new Mixture((rest, 1), (new InstantonUpdate(), 2)),
            "on a ladder" => new ParallelTempering(new Mixture((rest, 1), (new WindingUpdate(), 1), (new InstantonUpdate(), 1)), 1, 0.6),
            _ => new Mixture((new WindingUpdate(), 1), (HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1.3, 3), 1), (new InstantonUpdate(), 1)),
        };
        string[] names = ["plaquette", "topological_charge", "topological_charge_squared"];
        using var chain = MarkovChain.Create(device, new()
        {
            Action = action,
            Transition = transition,
            Replicas = Replicas,
            Seed = 77,
            Thermalization = 100,
            Observables = [.. names.Select(name => ObservableRegistry.Create(name, lattice, GaugeGroup.U1))],
        });
        var block = chain.NewBlock(150);
        chain.Fill(block);
        Compare(block.Observables["plaquette"], ExactTorus.Plaquette(beta, lattice.Volume), "plaquette");
        Compare(block.Observables["topological_charge"], 0, "charge");
        Compare(block.Observables["topological_charge_squared"], ExactTorus.ChargeSquared(beta, lattice.Volume), "charge squared");
        var exact = new ExactResults(new TheoryDocument("U1", "wilson", beta, extents));
        foreach (int charge in Enumerable.Range(-2, 5).Where(charge => exact.ProbabilityOfCharge(charge) > RareSector)) Compare([.. block.Observables["topological_charge"].Select(q => q == charge ? 1.0 : 0)], exact.ProbabilityOfCharge(charge)!.Value, $"P({charge})");
        for (int row = 0; row < block.Rows; row++) Assert.Equal(-beta * lattice.Volume * block.Observables["plaquette"][row], block.Action[row], 1e-11 * lattice.Volume);
        Assert.All(chain.Statistics.Where(one => one.Name is "winding" or "instanton"), one => Assert.InRange(one.Acceptance, 0.02, 0.999));
    }

    public static TheoryData<string> Correctly => ["winding", "winding of two sizes", "instanton"];

    public static TheoryData<string> Wrongly => ["winding, half of delta S", "winding, twice delta S", "winding up more often", "instanton, half of delta S", "instanton, always accepted", "instanton up more often"];

    // Windings shift a state along one line, up or down: their time reverse is themselves. Three verdicts of false-alarm rate 2·10⁻⁴.
    [Theory]
    [MemberData(nameof(Correctly))]
    public void Proposals_leave_the_distribution_invariant(string sampler)
    {
        double chiSquared = Rank(sampler switch
        {
            "winding" => new WindingUpdate(2),
            "winding of two sizes" => new WindingUpdate(1, 2),
            _ => new InstantonUpdate(),
        });
        Assert.True(chiSquared < RankTest.AlarmLevel, $"{sampler}: chi squared {chiSquared:F1}");
    }

    // Without detailed balance the test has no time-reversed transition to ask for: with the same one on both sides it measures the lack of it.
    [Theory]
    [MemberData(nameof(Wrongly))]
    public void Faulty_proposals_are_caught(string fault)
    {
        double chiSquared = Rank(fault switch
        {
            "winding, half of delta S" => new WindingUpdate(2) { FaultyScale = 0.5 },
            "winding, twice delta S" => new WindingUpdate(2) { FaultyScale = 2 },
            "winding up more often" => new WindingUpdate(2) { FaultyShare = 0.6 },
            "instanton, half of delta S" => new InstantonUpdate { FaultyScale = 0.5 },
            "instanton, always accepted" => new InstantonUpdate { FaultyScale = 0 },
            _ => new InstantonUpdate { FaultyShare = 0.6 },
        });
        Assert.True(chiSquared > RankTest.CaughtLevel, $"{fault}: chi squared {chiSquared:F1}");
    }

    [Fact]
    public void A_saved_chain_continues_bit_by_bit()
    {
        using var device = CpuDevices.Best();
        foreach (int replicas in new[] { 1, 11 })
        {
            var settings = new MarkovChainSettings
            {
                Action = new WilsonAction(new(8, 8), 3),
                Transition = new Mixture((new WindingUpdate(2, 4), 1), (HamiltonianMonteCarlo.Tuned(new Leapfrog(), 1, 0.7), 1), (new InstantonUpdate(), 1)),
                Replicas = replicas,
                Seed = 9,
                Thermalization = 5,
            };
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
            Assert.Equal(expected.Accepted, block.Accepted);
            Assert.Equal(chain.Statistics, resumed.Statistics);
            Assert.Equal(chain.Save(), resumed.Save());
        }
    }

    [Fact]
    public void Other_theories_and_squares_are_refused()
    {
        using var device = CpuDevices.Best();
        string Refused(IAction action, ITransition transition) =>
            Assert.Throws<NotSupportedException>(() => MarkovChain.Create(device, new() { Action = action, Transition = transition, Replicas = 2, Seed = 1 })).Message;
        foreach (ITransition transition in new ITransition[] { new WindingUpdate(), new InstantonUpdate() })
        {
            Assert.Contains("U1 in two dimensions", Refused(new WilsonAction(new(4, 4), GaugeGroup.SU2, 1), transition));
            Assert.Contains("U1 in two dimensions", Refused(new WilsonAction(new(4, 4, 4), 1), transition));
            Assert.Contains("U1 in two dimensions", Refused(new Phi4Action(new(4, 4), 1, 1), transition));
        }

        Assert.Contains("the largest has 3", Refused(new WilsonAction(new(5, 8), 1), new WindingUpdate(2, 4)));
        Assert.Contains("at least 3", Refused(new WilsonAction(new(2, 8), 1), new WindingUpdate()));
        Assert.Throws<ArgumentException>(() => new WindingUpdate(3, 0));
    }

    private double Rank(ITransition transition)
    {
        using var device = CpuDevices.Best();
        double chiSquared = device.Use(Precision.Double, new RankTest(new ClosedTorus(4, 5, 1.5), transition, transition, RankReplicas, Seed));
        output.WriteLine($"chi squared {chiSquared:F1}");
        return chiSquared;
    }

    // [replica][plaquette]: what one step adds to the angles of plaquettes, modulo 2π.
    private static double[][] Changes(ITransition transition, LatticeGeometry lattice, int replicas)
    {
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new() { Action = new WilsonAction(lattice, 1), Transition = transition, Replicas = replicas, Seed = 4 });
        var before = chain.Field.ToArray();
        chain.Advance();
        var after = chain.Field.ToArray();
        return [.. Enumerable.Range(0, replicas).Select(r => Enumerable.Range(0, lattice.Volume).Select(site => Math.IEEERemainder(Of(after, r, site) - Of(before, r, site), 2 * Math.PI)).ToArray())];

        double Of(double[] field, int replica, int site)
        {
            var links = field.AsSpan(replica * lattice.Links, lattice.Links);
            return links[lattice.Link(site, 0)] + links[lattice.Link(lattice.Neighbour(site, 0), 1)] - links[lattice.Link(lattice.Neighbour(site, 1), 0)] - links[lattice.Link(site, 1)];
        }
    }

    private static void Compare(double[] values, double exact, string what)
    {
        var means = new double[Replicas];
        for (int row = 0; row < values.Length; row++) means[row % Replicas] += values[row] * Replicas / values.Length;
        double mean = means.Average();
        double error = Math.Sqrt(means.Sum(x => (x - mean) * (x - mean)) / Replicas / (Replicas - 1.0));
        Assert.True(Math.Abs(mean - exact) <= (Sigmas * error) + 1e-9, $"{what}: {mean} ± {error}, exact {exact}");
    }
}

using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>Hamiltonian Monte Carlo in the coordinates of a flow as a chain: what is stored, what is saved, what is refused. That it leaves e^{−S} invariant the rank tests show.</summary>
public class FlowHamiltonianTests
{
    // Random numbers are the same; rounding parts two chains slowly.
    private const double RoundingTolerance = 1e-10;
    private const double Beta = 2;

    public static TheoryData<string, bool> Chains
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string flow in new[] { "mobius 2", "spectral plaquettes SU2", "doubling SU3", "staple SU3" })
            {
                data.Add(flow, false);
                data.Add(flow, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Chains))]
    public void A_saved_chain_continues_bit_by_bit(string flow, bool mixed)
    {
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, Settings(flow, mixed));
        for (int i = 0; i < 4; i++) chain.Advance();
        var saved = chain.Save();
        var expected = chain.NewBlock(3);
        chain.Fill(expected);
        using var resumed = MarkovChain.Create(device, Settings(flow, mixed));
        resumed.Restore(saved);
        Assert.Equal(saved, resumed.Save());
        var block = resumed.NewBlock(3);
        resumed.Fill(block);
        Assert.Equal(expected.Field, block.Field);
        Assert.Equal(expected.Action, block.Action);
        Assert.Equal(expected.Accepted, block.Accepted);
        Assert.Equal(expected.DeltaH, block.DeltaH);
        Assert.Equal(expected.Observables["plaquette"], block.Observables["plaquette"]);
        Assert.Equal(chain.Save(), resumed.Save());
        Assert.Equal(chain.Statistics, resumed.Statistics);
        Assert.Contains(chain.Statistics, statistics => statistics.Name == "flow-hmc");
    }

    [Theory]
    [InlineData("mobius 2")]
    [InlineData("spectral plaquettes SU2")]
    [InlineData("doubling SU3")]
    public void Rows_are_links_of_the_theory_with_their_action_and_a_rejection_repeats_them(string flow)
    {
        using var device = CpuDevices.Best();
        var settings = Settings(flow, mixed: false);
        var action = settings.Action;
        using var chain = MarkovChain.Create(device, settings);
        var block = chain.NewBlock(30);
        chain.Fill(block);
        using var evaluator = ActionEvaluator.Create(device, action, block.Rows);
        var energies = new double[block.Rows];
        evaluator.Evaluate(block.Field, energies);
        int rejections = 0;
        for (int row = 0; row < block.Rows; row++)
        {
            Assert.Equal(energies[row], block.Action[row], 1e-12 * Math.Max(1, Math.Abs(energies[row])));
            Assert.Equal(-Beta * action.Lattice.Plaquettes * block.Observables["plaquette"][row], block.Action[row], 1e-10);
            if (row < block.Replicas) continue;
            bool same = block.Field.AsSpan(row * block.NumbersOfRow, block.NumbersOfRow).SequenceEqual(block.Field.AsSpan((row - block.Replicas) * block.NumbersOfRow, block.NumbersOfRow));
            Assert.Equal(block.Accepted[row] == 0, same);
            rejections += same ? 1 : 0;
        }

        Assert.InRange(rejections, 1, block.Rows / 2);
        Assert.All(block.DeltaH, delta => Assert.True(double.IsFinite(delta)));
        Assert.InRange(LinksInGroup.LargestDistance((GaugeGroup)action.Field, block.Field), 0, 3e-14);
    }

    [Theory]
    [InlineData("U1")]
    [InlineData("SU3")]
    public void With_the_identity_as_its_flow_it_is_Hamiltonian_Monte_Carlo(string name)
    {
        using var device = CpuDevices.Best();
        var dynamics = HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 4).WithLengthSpread(0.3);
        var settings = new MarkovChainSettings { Action = new WilsonAction(new LatticeGeometry(4, 4), GaugeGroup.Named(name), Beta), Transition = dynamics, Replicas = 5, Seed = 5 };
        using var plain = MarkovChain.Create(device, settings);
        using var flowed = MarkovChain.Create(device, settings with { Transition = new FlowHamiltonianMonteCarlo(dynamics, new FlowModel([])) });
        for (int step = 0; step < 6; step++)
        {
            plain.Advance();
            flowed.Advance();
            Assert.Equal(plain.Outcome.Accepted, flowed.Outcome.Accepted);
            Assert.InRange(settings.Action.Field.Distance(plain.Field, flowed.Field), 0, RoundingTolerance);
            for (int r = 0; r < 5; r++) Assert.Equal(plain.Outcome.DeltaH[r], flowed.Outcome.DeltaH[r], RoundingTolerance);
        }
    }

    [Fact]
    public void The_number_of_steps_is_tuned_to_an_acceptance()
    {
        using var device = CpuDevices.Best();
        var settings = Settings("mobius 2", mixed: false);
        using var chain = MarkovChain.Create(device, settings with
        {
            Transition = new FlowHamiltonianMonteCarlo(HamiltonianMonteCarlo.Tuned(new Leapfrog(), 1, 0.7), Flow("mobius 2")),
            Replicas = 64,
            Thermalization = 60,
        });
        chain.Fill(chain.NewBlock(40));
        var statistics = Assert.Single(chain.Statistics);
        Assert.Equal("flow-hmc", statistics.Name);
        Assert.InRange(statistics.Acceptance, 0.55, 0.85);
    }

    [Fact]
    public void Time_scales_and_ladders_are_refused()
    {
        var levels = HamiltonianMonteCarlo.Fixed([new IntegratorLevel(new Leapfrog(), 2, [1]), new IntegratorLevel(new Leapfrog(), 2, [0])], 1);
        var flow = Flow("mobius 2");
        Assert.Contains("inner_scales", Assert.Throws<ArgumentException>(() => new FlowHamiltonianMonteCarlo(levels, flow)).Message, StringComparison.Ordinal);
        using var device = CpuDevices.Best();
        var settings = Settings("mobius 2", mixed: false);
        Assert.Contains("ladder", Assert.Throws<NotSupportedException>(() => MarkovChain.Create(device, settings with { Transition = new ParallelTempering(settings.Transition, 1, 0.5) })).Message, StringComparison.Ordinal);
        Assert.Contains("the flow cannot act", Assert.Throws<ArgumentException>(() => MarkovChain.Create(device, settings with { Action = new WilsonAction(new LatticeGeometry(4, 6), GaugeGroup.U1, Beta) })).Message, StringComparison.Ordinal);
    }

    // Not so far from the identity that trajectories are rejected.
    private static FlowModel Flow(string name) => FlowCase.Randomised(new FlowModel(FlowCase.All[name].Layers), 3, 0.1 * FlowCase.All[name].Spread);

    // Five replicas leave lanes idle in every register.
    private static MarkovChainSettings Settings(string name, bool mixed)
    {
        var space = FlowCase.All[name].Space;
        var transition = new FlowHamiltonianMonteCarlo(HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 6), Flow(name));
        return new()
        {
            Action = new WilsonAction(space.Lattice, ((GaugeGroup)space.Type), Beta),
            Transition = mixed ? new Mixture((transition, 2), (new HeatBath(), 1)) : transition,
            Replicas = 5,
            Seed = 20261128,
            Thermalization = 1,
            Observables = [ObservableRegistry.Create("plaquette", space.Lattice, ((GaugeGroup)space.Type))],
        };
    }
}

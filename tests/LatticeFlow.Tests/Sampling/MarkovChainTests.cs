using LatticeFlow.Actions;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

public class MarkovChainTests
{
    // Chains of equal random numbers and different rounding stay together for a few steps.
    private const double RoundingTolerance = 1e-10;
    private static readonly OpenCylinder Cylinder = new(4, 3, 2.0);

    public static TheoryData<string> Samplers => ["hmc", "heatbath", "flow", "mixture"];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Threads_do_not_change_a_bit(string sampler)
    {
        var one = Rows(sampler, InstructionSet.Best().Name, 1, 3);
        var two = Rows(sampler, InstructionSet.Best().Name, 2, 3);
        AssertEqual(one, two);
        Assert.NotEqual(one.Action, Rows(sampler, InstructionSet.Best().Name, 1, 4).Action);
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Instruction_sets_agree_to_rounding(string sampler)
    {
        var reference = Rows(sampler, "scalar", 1, 3);
        foreach (var row in CpuDevices.Supported)
        {
            var block = Rows(sampler, row, 2, 3);
            for (int i = 0; i < block.Action.Length; i++) Assert.Equal(reference.Action[i], block.Action[i], RoundingTolerance);
            Assert.Equal(reference.Accepted, block.Accepted);
        }
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void A_saved_chain_continues_bit_by_bit(string sampler)
    {
        using var device = CpuDevices.Best();
        foreach (int steps in new[] { 1, 7, 30 })
        {
            using var chain = MarkovChain.Create(device, Settings(sampler, 3));
            for (int i = 0; i < steps; i++) chain.Advance();
            var saved = chain.Save();
            var expected = chain.NewBlock(6);
            chain.Fill(expected);

            using var resumed = MarkovChain.Create(device, Settings(sampler, 3));
            resumed.Restore(saved);
            Assert.Equal(saved, resumed.Save());
            var block = resumed.NewBlock(6);
            resumed.Fill(block);
            AssertEqual(expected, block);
            Assert.Equal(chain.Statistics, resumed.Statistics);
            Assert.Equal(chain.Save(), resumed.Save());
        }
    }

    [Fact]
    public void Blocks_are_steps_of_one_chain()
    {
        using var device = CpuDevices.Best();
        using var whole = MarkovChain.Create(device, Settings("mixture", 3));
        using var parts = MarkovChain.Create(device, Settings("mixture", 3));
        var block = whole.NewBlock(4);
        whole.Fill(block);
        var half = parts.NewBlock(2);
        parts.Fill(half);
        parts.Fill(half);
        Assert.Equal(block.Field[(block.Field.Length / 2)..], half.Field);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], block.Replica[..11]);
        Assert.Equal(12, block.Step[0]);
        Assert.Equal(14, block.Step[11]);
        Assert.Equal(18, whole.Step);
        Assert.All(block.Field, angle => Assert.True(angle is > -Math.PI and <= Math.PI));
    }

    [Fact]
    public void Proposals_may_be_drawn_in_batches_of_any_size()
    {
        using var device = CpuDevices.Best();
        var blocks = new List<EnsembleBlock>();
        foreach (int batch in new[] { 1, 50, 1000 })
        {
            using var chain = MarkovChain.Create(device, Settings("flow", 3) with { Transition = new FlowMetropolis(new CylinderProposals(new OpenCylinder(4, 3, 1.5)), batch) });
            var block = chain.NewBlock(30);
            chain.Fill(block);
            blocks.Add(block);
        }

        AssertEqual(blocks[0], blocks[1]);
        AssertEqual(blocks[0], blocks[2]);
    }

    [Fact]
    public void A_chain_may_start_from_samples_of_a_flow()
    {
        // Proposals far below the target on random links: from there the chain would never move.
        using var device = CpuDevices.Best();
        var source = new CylinderProposals(new OpenCylinder(4, 3, 40));
        var settings = Settings("flow", 3) with { Action = new OpenCylinder(4, 3, 30).Action(), Transition = new FlowMetropolis(source), Thermalization = 0 };
        using var hot = MarkovChain.Create(device, settings);
        using var started = MarkovChain.Create(device, settings with { StartFrom = source });
        using var again = MarkovChain.Create(device, settings with { StartFrom = source });
        Assert.Equal(started.Field.ToArray(), again.Field.ToArray());
        hot.Fill(hot.NewBlock(20));
        started.Fill(started.NewBlock(20));
        Assert.Equal(0, hot.Statistics[0].Accepted);
        Assert.True(started.Statistics[0].Accepted > started.Statistics[0].Proposed / 2);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_never_taken()
    {
        using var device = CpuDevices.Best();
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            using var chain = MarkovChain.Create(device, Settings("flow", 3) with { Transition = new FlowMetropolis(new BadProposals(bad, 0)), Thermalization = 0 });
            chain.Fill(chain.NewBlock(10));
            Assert.Equal(0, chain.Statistics[0].Accepted);
        }

        // The state has weight 0: anything else is taken.
        using var empty = MarkovChain.Create(device, Settings("flow", 3) with { Transition = new FlowMetropolis(new BadProposals(5000, double.PositiveInfinity)), Thermalization = 0, Stride = 1 });
        empty.Fill(empty.NewBlock(1));
        Assert.Equal(11, empty.Statistics[0].Accepted);

        using var lost = MarkovChain.Create(device, Settings("flow", 3) with { Transition = new FlowMetropolis(new BadProposals(0, double.NaN)) });
        Assert.Contains("replica 0", Assert.Throws<InvalidOperationException>(lost.Advance).Message);
    }

    [Fact]
    public void A_rejection_repeats_the_configuration()
    {
        var block = Rows("flow", InstructionSet.Best().Name, 2, 3, 40);
        int rejections = 0;
        for (int row = block.Replicas; row < block.Rows; row++)
        {
            bool same = block.Field.AsSpan(row * block.NumbersOfRow, block.NumbersOfRow).SequenceEqual(block.Field.AsSpan((row - block.Replicas) * block.NumbersOfRow, block.NumbersOfRow));
            if (same) rejections++;
            Assert.True(same || block.Accepted[row] == 1 || block.Action[row] != block.Action[row - block.Replicas]);
        }

        Assert.InRange(rejections, 1, block.Rows - 1);
    }

    [Theory]
    [InlineData("hmc", true, false)]
    [InlineData("heatbath", false, false)]
    [InlineData("flow", false, true)]
    [InlineData("mixture", true, false)]
    public void Columns_that_a_sampler_has_no_number_for_are_NaN(string sampler, bool trajectories, bool density)
    {
        var block = Rows(sampler, InstructionSet.Best().Name, 2, 3);
        Assert.All(block.DeltaH, delta => Assert.Equal(trajectories, double.IsFinite(delta)));
        Assert.All(block.LogQ.Concat(block.LogWeight), number => Assert.Equal(density, double.IsFinite(number)));
    }

    [Fact]
    public void The_state_of_another_chain_is_refused()
    {
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, Settings("hmc", 3));
        using var other = MarkovChain.Create(device, Settings("hmc", 3) with { Replicas = 12 });
        var saved = chain.Save();
        Assert.Contains("replicas", Assert.Throws<InvalidDataException>(() => other.Restore(saved)).Message);
        Assert.Contains("field", Assert.Throws<InvalidDataException>(() => chain.Restore(saved with { Field = null })).Message);
        Assert.Contains("transition", Assert.Throws<InvalidDataException>(() => chain.Restore(saved with { Transition = [.. saved.Transition, 0] })).Message);
        Assert.Throws<InvalidDataException>(() => chain.Restore(saved with { Step = -1 }));
    }

    [Fact]
    public void A_state_written_as_bytes_is_read()
    {
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, Settings("hmc", 3));
        chain.Advance();
        var saved = chain.Save();
        byte[] bytes = Bytes(saved);
        Assert.Equal(saved, SavedChain.FromBytes(bytes));
        Assert.Throws<InvalidDataException>(() => SavedChain.FromBytes(bytes[..^1]));
        Assert.Throws<InvalidDataException>(() => SavedChain.FromBytes([.. bytes, 0]));
        Assert.Throws<InvalidDataException>(() => SavedChain.FromBytes(new byte[100]));
        BitConverter.GetBytes(int.MaxValue).CopyTo(bytes, 4 + (3 * sizeof(long)));
        Assert.Contains("claims", Assert.Throws<InvalidDataException>(() => SavedChain.FromBytes(bytes)).Message);

        static byte[] Bytes(SavedChain saved)
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            writer.Write(0x4C464331u);
            foreach (long count in new[] { saved.Step, saved.Transitions, saved.Version }) writer.Write(count);
            foreach (var numbers in new[] { saved.Field!, saved.Action, saved.Transition })
            {
                writer.Write(numbers.Length);
                foreach (double number in numbers) writer.Write(number);
            }

            return stream.ToArray();
        }
    }

    [Theory]
    [InlineData("hmc", true)]
    [InlineData("heatbath", true)]
    [InlineData("mixture", true)]
    [InlineData("flow", true)]
    public void A_chain_continues_bit_by_bit_from_the_last_rows_of_a_block(string sampler, bool inRows)
    {
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, Settings(sampler, 3));
        var block = chain.NewBlock(2);
        chain.Fill(block);
        var saved = chain.Save(withField: false);
        Assert.Equal((inRows, inRows), (chain.CanContinueFromRows, saved.Field is null));
        using var resumed = MarkovChain.Create(device, Settings(sampler, 3));
        resumed.Restore(saved with { Field = block.Field[^(block.Replicas * block.NumbersOfRow)..] });
        chain.Advance();
        resumed.Advance();
        Assert.Equal(chain.Save(), resumed.Save());
    }

    [Fact]
    public void Impossible_settings_are_refused()
    {
        using var device = CpuDevices.Best();
        Assert.Contains("replicas", Assert.Throws<ArgumentException>(() => MarkovChain.Create(device, Settings("hmc", 1) with { Replicas = 0 })).Message);
        Assert.Contains("stride", Assert.Throws<ArgumentException>(() => MarkovChain.Create(device, Settings("hmc", 1) with { Stride = 0 })).Message);
        Assert.Contains("thermalization", Assert.Throws<ArgumentException>(() => MarkovChain.Create(device, Settings("hmc", 1) with { Thermalization = -1 })).Message);
        var proposals = new FlowMetropolis(new CylinderProposals(new OpenCylinder(3, 3, 1)));
        Assert.Contains("proposals", Assert.Throws<NotSupportedException>(() => MarkovChain.Create(device, Settings("hmc", 1) with { Transition = proposals })).Message);
        Assert.Throws<ArgumentException>(() => new Mixture());
        Assert.Throws<ArgumentException>(() => new Mixture((new HeatBath(), 0)));
    }

    private static EnsembleBlock Rows(string sampler, string instructionSet, int threads, ulong seed, int draws = 5)
    {
        using var device = CpuDevices.Create(instructionSet, threads);
        using var chain = MarkovChain.Create(device, Settings(sampler, seed));
        var block = chain.NewBlock(draws);
        chain.Fill(block);
        return block;
    }

    // Eleven replicas leave lanes idle in every register width.
    private static MarkovChainSettings Settings(string sampler, ulong seed)
    {
        var flow = new FlowMetropolis(new CylinderProposals(new OpenCylinder(4, 3, 1.5)), 40);
        return new()
        {
            Action = Cylinder.Action(),
            Transition = sampler switch
            {
                "hmc" => HamiltonianMonteCarlo.Tuned(new Omelyan2(), 1, 0.9),
                "heatbath" => new HeatBath(1),
                "flow" => flow,
                _ => new Mixture((flow, 2), (HamiltonianMonteCarlo.Tuned(new Leapfrog(), 1, 0.7), 1), (new HeatBath(1), 1)),
            },
            Replicas = 11,
            Seed = seed,
            Thermalization = 10,
            Stride = 2,
            Observables = [ObservableRegistry.Create("plaquette", Cylinder.Lattice, GaugeGroup.U1), ObservableRegistry.Create("polyakov_re", Cylinder.Lattice, GaugeGroup.U1)],
        };
    }

    private static void AssertEqual(EnsembleBlock expected, EnsembleBlock actual)
    {
        Assert.Equal(expected.Field, actual.Field);
        Assert.Equal(expected.Action, actual.Action);
        Assert.Equal(expected.Accepted, actual.Accepted);
        Assert.Equal(expected.LogQ, actual.LogQ);
        Assert.Equal(expected.LogWeight, actual.LogWeight);
        Assert.Equal(expected.DeltaH, actual.DeltaH);
        Assert.Equal(expected.Step, actual.Step);
        foreach (var (name, values) in expected.Observables) Assert.Equal(values, actual.Observables[name]);
    }

    private sealed class BadProposals(double drawn, double evaluated) : CylinderProposals(new OpenCylinder(4, 3, 1.5))
    {
        public override void Draw(ulong seed, long firstProposal, int count, Span<double> links, Span<double> logQ)
        {
            base.Draw(seed, firstProposal, count, links, logQ);
            logQ.Fill(drawn);
        }

        public override void LogDensity(ReadOnlySpan<double> links, Span<double> logQ) => logQ.Fill(evaluated);
    }
}

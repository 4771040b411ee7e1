using LatticeFlow.Actions;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Fields;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>Chains of a scalar: the same numbers for any threads, layouts and interruptions, reversible trajectories, energy errors of the right order.</summary>
public class ScalarChainTests
{
    // Chains of equal random numbers and different rounding stay together for a few steps.
    private const double RoundingTolerance = 1e-10;

    // Rounding of some hundred updates of φ of order 1, amplified by the mild chaos of a trajectory of length 1.
    private const double ReversibilityTolerance = 1e-12;

    // ΔH is even in ε beyond its leading power, so halving ε shifts the fitted power by O(ε²).
    private const double OrderTolerance = 0.15;

    public static TheoryData<string> Samplers => ["hmc", "mixture", "tempering"];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Threads_do_not_change_a_bit(string sampler)
    {
        var best = InstructionSet.Best().Name;
        AssertEqual(Rows(sampler, best, 1, [4, 3, 2], 11), Rows(sampler, best, 2, [4, 3, 2], 11));
        AssertEqual(Rows(sampler, best, 1, [8, 8], 1), Rows(sampler, best, 2, [8, 8], 1));
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Instruction_sets_and_layouts_agree_to_rounding(string sampler)
    {
        foreach (int[] extents in new int[][] { [8, 4], [4, 1], [3, 5], [4, 4, 2] })
        {
            var reference = Rows(sampler, "scalar", 1, extents, 1);
            foreach (var set in CpuDevices.Supported)
            {
                foreach (var lanes in Enum.GetValues<LaneUse>())
                {
                    var block = Rows(sampler, set, 2, extents, 1, lanes);
                    Assert.Equal(reference.Accepted, block.Accepted);
                    for (int i = 0; i < block.Field.Length; i++) Assert.Equal(reference.Field[i], block.Field[i], RoundingTolerance);
                    foreach (var (name, values) in reference.Observables)
                    {
                        for (int i = 0; i < values.Length; i++) Assert.Equal(values[i], block.Observables[name][i], RoundingTolerance);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void A_saved_chain_continues_bit_by_bit(string sampler)
    {
        using var device = CpuDevices.Best();
        foreach (int replicas in new[] { 1, 11 })
        {
            foreach (int steps in new[] { 1, 7, 30 })
            {
                using var chain = MarkovChain.Create(device, Settings(sampler, [4, 4], replicas));
                for (int i = 0; i < steps; i++) chain.Advance();
                var saved = chain.Save();
                var expected = chain.NewBlock(6);
                chain.Fill(expected);
                using var resumed = MarkovChain.Create(device, Settings(sampler, [4, 4], replicas));
                resumed.Restore(saved);
                var block = resumed.NewBlock(6);
                resumed.Fill(block);
                AssertEqual(expected, block);
                Assert.Equal(chain.Statistics, resumed.Statistics);
                Assert.Equal(chain.Save(), resumed.Save());
            }
        }
    }

    [Theory]
    [InlineData("leapfrog", 8, 8)]
    [InlineData("omelyan2", 3, 4, 2)]
    [InlineData("force_gradient4", 6, 5)]
    [InlineData("force_gradient4", 2, 1, 4, 3)]
    public void Energy_error_and_reversibility(string integrator, params int[] extents)
    {
        using var device = CpuDevices.Best();
        var action = new Phi4Action(new LatticeGeometry(extents), -1, 1.5);
        int order = integrator == "force_gradient4" ? 4 : 2;
        int[] steps = order == 4 ? [12, 24] : [40, 80];
        double[] errors = [.. steps.Select(count =>
        {
            using var chain = MarkovChain.Create(device, new() { Action = action, Transition = Hmc(count), Replicas = 16, Seed = 11 });
            chain.Advance();
            return Math.Sqrt(chain.Outcome.DeltaH.Average(delta => delta * delta));
        })];
        Assert.Equal(order, Math.Log2(errors[0] / errors[1]), OrderTolerance);
        using var start = MarkovChain.Create(device, new() { Action = action, Transition = Hmc(1), Replicas = 16, Seed = 11 });
        Assert.InRange(Reversibility.LargestDeviation(device, action, Hmc(steps[0]), steps[0], start.Field.ToArray(), 5), 1e-17, ReversibilityTolerance);

        HamiltonianMonteCarlo Hmc(int count) => HamiltonianMonteCarlo.Fixed(Integrators.Named(integrator), 1, count);
    }

    [Fact]
    public void A_cold_start_is_zero_and_a_hot_one_has_the_width_of_the_action()
    {
        using var device = CpuDevices.Best();
        var settings = Settings("hmc", [16, 16], 16);
        using var cold = MarkovChain.Create(device, settings with { Start = ChainStart.Cold });
        Assert.All(cold.Field.ToArray(), phi => Assert.Equal(0, phi));
        using var hot = MarkovChain.Create(device, settings);
        double variance = hot.Field.ToArray().Average(phi => phi * phi);
        // 4096 normal numbers: the variance is known to 2 %.
        Assert.Equal(1, variance / Math.Pow(settings.Action.HotStartWidth, 2), 0.1);
        using var sites = MarkovChain.Create(device, settings with { Replicas = 1 });
        Assert.Equal(hot.Field[..256].ToArray(), sites.Field.ToArray());
    }

    // Eleven replicas leave lanes idle in every register width; one is cut into lanes.
    private static MarkovChainSettings Settings(string sampler, int[] extents, int replicas)
    {
        var lattice = new LatticeGeometry(extents);
        return new()
        {
            Action = new Phi4Action(lattice, -2, 3),
            Transition = sampler switch
            {
                "hmc" => HamiltonianMonteCarlo.Tuned(new Omelyan2(), 1, 0.9),
                "mixture" => new Mixture((HamiltonianMonteCarlo.Fixed(new ForceGradient4(), 0.5, 2), 2), (HamiltonianMonteCarlo.Tuned(new Leapfrog(), 1, 0.7).WithLengthSpread(0.3), 1)),
                _ => new ParallelTempering(HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 3), 1, 0.8, 0.6),
            },
            Replicas = replicas,
            Seed = 3,
            Thermalization = 4,
            Stride = 2,
            Observables = [.. ObservableRegistry.NamesFor(FieldType.Scalar).Select(name => ObservableRegistry.Create(name, lattice, FieldType.Scalar))],
        };
    }

    private static EnsembleBlock Rows(string sampler, string instructionSet, int threads, int[] extents, int replicas, LaneUse lanes = LaneUse.Best)
    {
        using var device = CpuDevices.Create(instructionSet, threads);
        using var chain = MarkovChain.Create(device, Settings(sampler, extents, replicas) with { Lanes = lanes });
        var block = chain.NewBlock(3);
        chain.Fill(block);
        return block;
    }

    private static void AssertEqual(EnsembleBlock expected, EnsembleBlock actual)
    {
        Assert.Equal(expected.Field, actual.Field);
        Assert.Equal(expected.Action, actual.Action);
        Assert.Equal(expected.Accepted, actual.Accepted);
        Assert.Equal(expected.DeltaH, actual.DeltaH);
        Assert.Equal(expected.Step, actual.Step);
        foreach (var (name, values) in expected.Observables) Assert.Equal(values, actual.Observables[name]);
    }
}

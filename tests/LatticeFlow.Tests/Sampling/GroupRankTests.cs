using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>
/// Every sampler of SU(2) and SU(3) passes the rank test on an open two-dimensional lattice, whose plaquettes are independent, and the same test catches known faults. Twenty
/// verdicts of false-alarm rate 2·10⁻⁴ each (two statistics), at fixed seeds.
/// </summary>
/// <remarks>The test sees whether exp(−S) is invariant, not whether a sampler is ergodic: a heat bath that leaves out a subgroup passes.</remarks>
public class GroupRankTests(ITestOutputHelper output)
{
    private const int Seed = 20250712;

    // χ² of a fault grows with the number of repetitions; with these it is 114 or more, see the figures that the tests print, so that another seed would hardly bring it below the level.
    private const int SU2Replicas = 16384;
    private const int SU2FaultyReplicas = 32768;
    private const int SubtleReplicas = 98304;
    private const int SU3Replicas = 8192;
    private const int SU3FaultyReplicas = 12288;
    private const int LadderReplicas = 4096;
    private static readonly OpenGroupCylinder SU2 = new(GaugeGroup.SU2, 3, 2, 2.5);
    private static readonly OpenGroupCylinder SU3 = new(GaugeGroup.SU3, 3, 2, 2.4);

    // Few long steps: a third of the trajectories are rejected, so that the decision matters.
    private static readonly HamiltonianMonteCarlo Correct = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1.6, 2);

    public static TheoryData<string, string> Correctly
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string sampler in new[] { "leapfrog", "omelyan2", "force_gradient4", "heatbath", "heatbath+overrelaxation", "tempering" })
            {
                data.Add("SU2", sampler);
                data.Add("SU3", sampler);
            }

            return data;
        }
    }

    public static TheoryData<string> Wrongly =>
        ["always accept", "momentum scale 1.05", "SU3 momentum scale 1.1", "lopsided last half-step", "delta H times 0.9", "strength 1.05", "SU3 strength 1.1", "always exchange"];

    [Theory]
    [MemberData(nameof(Correctly))]
    public void A_correct_sampler_gives_uniform_ranks(string group, string sampler)
    {
        double chiSquared = sampler switch
        {
            "leapfrog" => Run(group, Correct),
            "omelyan2" => Run(group, HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1.6, 1)),
            "force_gradient4" => Run(group, HamiltonianMonteCarlo.Fixed(new ForceGradient4(), 2, 1)),
            "heatbath" => Run(group, new HeatBath(), new HeatBath { Reversed = true }),
            "heatbath+overrelaxation" => Run(group, new HeatBath(1), new HeatBath(1) { Reversed = true }),
            _ => Run(group, Ladder(1, false), Ladder(1, true), LadderReplicas),
        };
        output.WriteLine($"{group} {sampler}: chi squared {chiSquared:F1}");
        Assert.True(chiSquared < RankTest.AlarmLevel, $"{group} {sampler}: chi squared {chiSquared:F1}");
    }

    [Theory]
    [MemberData(nameof(Wrongly))]
    public void A_faulty_sampler_is_caught(string fault)
    {
        double chiSquared = fault switch
        {
            "always accept" => Wrong("SU2", Correct.With(new HamiltonianFaults { DeltaHScale = 0 }), LadderReplicas),
            "momentum scale 1.05" => Wrong("SU2", Correct.With(new HamiltonianFaults { MomentumScale = 1.05 }), SU2FaultyReplicas),
            "SU3 momentum scale 1.1" => Wrong("SU3", Correct.With(new HamiltonianFaults { MomentumScale = 1.1 }), SU3FaultyReplicas),
            "delta H times 0.9" => Wrong("SU2", Correct.With(new HamiltonianFaults { DeltaHScale = 0.9 }), SubtleReplicas),
            "lopsided last half-step" => Wrong("SU2", HamiltonianMonteCarlo.Fixed(new LopsidedLeapfrog(), 1.6, 2), SU2FaultyReplicas),
            "strength 1.05" => HeatBathOf("SU2", 1.05, SU2FaultyReplicas),
            "SU3 strength 1.1" => HeatBathOf("SU3", 1.1, SU3FaultyReplicas),
            _ => Run("SU2", Ladder(0, false), Ladder(0, true), LadderReplicas),
        };
        output.WriteLine($"{fault}: chi squared {chiSquared:F1}");
        Assert.True(chiSquared > RankTest.CaughtLevel, $"{fault}: chi squared {chiSquared:F1}");
    }

    private static ParallelTempering Ladder(double scale, bool reversed) =>
        new(new HeatBath { Reversed = reversed }, 1, 0.7, 0.4) { Reversed = reversed, FaultyScale = scale };

    private static double Wrong(string group, ITransition transition, int replicas) => Run(group, transition, transition, replicas);

    private static double HeatBathOf(string group, double factor, int replicas) =>
        Run(group, new WrongStrength(new HeatBath(), factor), new WrongStrength(new HeatBath { Reversed = true }, factor), replicas);

    private static double Run(string group, ITransition reversible) => Run(group, reversible, reversible);

    private static double Run(string group, ITransition transition, ITransition reversed, int replicas = 0)
    {
        using var device = CpuDevices.Best();
        var (target, usual) = group == "SU2" ? (SU2, SU2Replicas) : (SU3, SU3Replicas);
        return device.Use(Precision.Double, new RankTest(target, transition, reversed, replicas > 0 ? replicas : usual, Seed));
    }
}

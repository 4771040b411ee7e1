using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>
/// Every sampler of SU(2) and SU(3) passes the rank test on an open two-dimensional lattice, whose plaquettes are independent, and the same test catches known faults. Fourteen
/// verdicts of false-alarm rate 2·10⁻⁴ each (two statistics), at fixed seeds.
/// </summary>
/// <remarks>The test sees whether exp(−S) is invariant, not whether a sampler is ergodic: a heat bath that leaves out a subgroup passes.</remarks>
public class GroupRankTests(ITestOutputHelper output)
{
    private const int Seed = 20250712;

    // χ² of the faults grows with the number of repetitions; these make each verdict sure, see the figures that the tests print.
    private const int SU2Replicas = 32768;
    private const int SU2FaultyReplicas = 131072;
    private const int SU3Replicas = 12288;
    private static readonly OpenGroupCylinder SU2 = new(GaugeGroup.SU2, 3, 2, 2.5);
    private static readonly OpenGroupCylinder SU3 = new(GaugeGroup.SU3, 3, 2, 3);

    // Few long steps: a third of the trajectories are rejected, so that the decision matters.
    private static readonly HamiltonianMonteCarlo Correct = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 2, 2);

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
        ["always accept", "momentum scale 1.05", "lopsided last half-step", "delta H times 0.9", "strength 1.05", "always exchange"];

    [Theory]
    [MemberData(nameof(Correctly))]
    public void A_correct_sampler_gives_uniform_ranks(string group, string sampler)
    {
        double chiSquared = sampler switch
        {
            "leapfrog" => Run(group, Correct),
            "omelyan2" => Run(group, HamiltonianMonteCarlo.Fixed(new Omelyan2(), 2, 1)),
            "force_gradient4" => Run(group, HamiltonianMonteCarlo.Fixed(new ForceGradient4(), 2.5, 1)),
            "heatbath" => Run(group, new HeatBath(), new HeatBath { Reversed = true }),
            "heatbath+overrelaxation" => Run(group, new HeatBath(1), new HeatBath(1) { Reversed = true }),
            _ => Run(group, Ladder(1, false), Ladder(1, true), SU3Replicas / 2),
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
            "always accept" => Wrong(Correct.With(new HamiltonianFaults { DeltaHScale = 0 })),
            "momentum scale 1.05" => Wrong(Correct.With(new HamiltonianFaults { MomentumScale = 1.05 })),
            "delta H times 0.9" => Wrong(Correct.With(new HamiltonianFaults { DeltaHScale = 0.9 })),
            "lopsided last half-step" => Wrong(HamiltonianMonteCarlo.Fixed(new LopsidedLeapfrog(), 2, 2)),
            "strength 1.05" => Run("SU2", new WrongStrength(new HeatBath(), 1.05), new WrongStrength(new HeatBath { Reversed = true }, 1.05), SU2FaultyReplicas),
            _ => Run("SU2", Ladder(0, false), Ladder(0, true), SU3Replicas / 2),
        };
        output.WriteLine($"{fault}: chi squared {chiSquared:F1}");
        Assert.True(chiSquared > RankTest.CaughtLevel, $"{fault}: chi squared {chiSquared:F1}");
    }

    private static ParallelTempering Ladder(double scale, bool reversed) =>
        new(new HeatBath { Reversed = reversed }, 1, 0.7, 0.4) { Reversed = reversed, FaultyScale = scale };

    private static double Wrong(ITransition transition) => Run("SU2", transition, transition, SU2FaultyReplicas);

    private static double Run(string group, ITransition reversible) => Run(group, reversible, reversible);

    private static double Run(string group, ITransition transition, ITransition reversed, int replicas = 0)
    {
        using var device = CpuDevices.Best();
        var (target, usual) = group == "SU2" ? (SU2, SU2Replicas) : (SU3, SU3Replicas);
        return device.Use(Precision.Double, new RankTest(target, transition, reversed, replicas > 0 ? replicas : usual, Seed));
    }
}

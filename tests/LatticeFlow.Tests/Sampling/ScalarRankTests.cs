using LatticeFlow.Compute;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>Hamiltonian Monte Carlo and ladders of a scalar pass the rank test, and the same test catches known faults. Nine verdicts of false-alarm rate 2·10⁻⁴ each (two statistics), at a fixed seed.</summary>
public class ScalarRankTests(ITestOutputHelper output)
{
    private const int Replicas = 65536;

    // χ² of a fault grows with the number of repetitions; with these it is 90 or more, see the figures that the tests print, so that another seed would hardly bring it below the level.
    private const int FaultyReplicas = 131072;
    private const int LadderReplicas = 16384;
    private const int Seed = 20250713;
    private static readonly ScalarTarget Target = new(1.2, 1.5, 2, 2);

    // Few long steps: a third of the trajectories are rejected, so that the decision matters.
    private static readonly HamiltonianMonteCarlo Correct = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1.1, 3);

    public static TheoryData<string> Correctly => ["leapfrog", "omelyan2", "force_gradient4", "mixture", "tempering"];

    public static TheoryData<string> Wrongly => ["always accept", "momentum scale 1.05", "lopsided last half-step", "delta H times 0.9", "strength 1.05", "always exchange"];

    [Theory]
    [MemberData(nameof(Correctly))]
    public void A_correct_sampler_gives_uniform_ranks(string sampler)
    {
        var omelyan = HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1.1, 2);
        double chiSquared = sampler switch
        {
            "leapfrog" => Run(Correct, Correct),
            "omelyan2" => Run(omelyan, omelyan),
            "force_gradient4" => Run(HamiltonianMonteCarlo.Fixed(new ForceGradient4(), 1.1, 1), HamiltonianMonteCarlo.Fixed(new ForceGradient4(), 1.1, 1)),
            "mixture" => Run(new Mixture((Correct, 1), (omelyan, 2)), new Mixture((omelyan, 2), (Correct, 1))),
            _ => Run(Ladder(), Ladder(reversed: true), LadderReplicas),
        };
        output.WriteLine($"{sampler}: chi squared {chiSquared:F1}");
        Assert.True(chiSquared < RankTest.AlarmLevel, $"{sampler}: chi squared {chiSquared:F1}");
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
            "lopsided last half-step" => Wrong(HamiltonianMonteCarlo.Fixed(new LopsidedLeapfrog(), 1.1, 3)),
            "strength 1.05" => Wrong(new WrongStrength(Correct, 1.05)),
            _ => Run(Ladder(0), Ladder(0, true), LadderReplicas),
        };
        output.WriteLine($"{fault}: chi squared {chiSquared:F1}");
        Assert.True(chiSquared > RankTest.CaughtLevel, $"{fault}: chi squared {chiSquared:F1}");
    }

    private static ParallelTempering Ladder(double scale = 1, bool reversed = false) => new(Correct, 1, 0.7, 0.4) { Reversed = reversed, FaultyScale = scale };

    private static double Wrong(ITransition transition) => Run(transition, transition, FaultyReplicas);

    private static double Run(ITransition transition, ITransition reversed, int replicas = Replicas)
    {
        using var device = CpuDevices.Best();
        return device.Use(Precision.Double, new RankTest(Target, transition, reversed, replicas, Seed));
    }
}

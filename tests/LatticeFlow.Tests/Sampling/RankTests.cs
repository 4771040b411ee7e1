using LatticeFlow.Compute;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>Every sampler passes the rank test, and the same test catches known faults. Sixteen verdicts of false-alarm rate 10⁻⁴ each, at fixed seeds.</summary>
public class RankTests(ITestOutputHelper output)
{
    private const int Replicas = 65536;

    // χ² of the subtler faults is 200 to 400 with these: with another seed a verdict would fall below 60 with probability 10⁻⁶ at most.
    private const int FaultyReplicas = 196608;
    private const int FlowReplicas = 8192;
    private const int LadderReplicas = 16384;
    private const int Seed = 20250711;
    private static readonly OpenCylinder Target = new(4, 3, 2.0);

    // Few long steps: a third of the trajectories are rejected, so that the decision matters.
    private static readonly HamiltonianMonteCarlo Correct = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1.6, 3);

    // Trajectories of random length are not here: all replicas share a length, and given the lengths a chain is not exchangeable, so that ranks of many replicas deviate together. They are
    // compared with exact results instead.
    public static TheoryData<string> Correctly => ["leapfrog", "omelyan2", "force_gradient4", "heatbath", "heatbath+overrelaxation", "flow", "mixture", "tempering"];

    public static TheoryData<string> Wrongly => ["always accept", "momentum scale 1.05", "lopsided last half-step", "delta H times 0.9", "log q times 0.8", "always exchange", "half the exchange"];

    [Theory]
    [MemberData(nameof(Correctly))]
    public void A_correct_sampler_gives_uniform_ranks(string sampler)
    {
        double chiSquared = sampler switch
        {
            "leapfrog" => Run(Correct),
            "omelyan2" => Run(HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1.6, 2)),
            "force_gradient4" => Run(HamiltonianMonteCarlo.Fixed(new ForceGradient4(), 1.6, 1)),
            "tempering" => Run(Ladder(), Ladder(reversed: true), LadderReplicas),
            "heatbath" => Run(new HeatBath(), new HeatBath { Reversed = true }),
            "heatbath+overrelaxation" => Run(new HeatBath(2), new HeatBath(2) { Reversed = true }),
            "flow" => Run(Flow(new CylinderProposals(new OpenCylinder(4, 3, 1.4))), FlowReplicas),
            _ => Run(
                new Mixture((new HeatBath(), 1), (Flow(new CylinderProposals(new OpenCylinder(4, 3, 1.4))), 2)),
                new Mixture((Flow(new CylinderProposals(new OpenCylinder(4, 3, 1.4))), 2), (new HeatBath { Reversed = true }, 1)),
                FlowReplicas),
        };
        output.WriteLine($"chi squared {chiSquared:F1}");
        Assert.True(chiSquared < RankTest.AlarmLevel, $"{sampler}: chi squared {chiSquared:F1}");
    }

    [Theory]
    [MemberData(nameof(Wrongly))]
    public void A_faulty_sampler_is_caught(string fault)
    {
        double chiSquared = fault switch
        {
            "always accept" => Run(Faulty(new HamiltonianFaults { DeltaHScale = 0 }), FaultyReplicas),
            "momentum scale 1.05" => Run(Faulty(new HamiltonianFaults { MomentumScale = 1.05 }), FaultyReplicas),
            "lopsided last half-step" => Run(HamiltonianMonteCarlo.Fixed(new LopsidedLeapfrog(), 1.6, 3), FaultyReplicas),
            "delta H times 0.9" => Run(Faulty(new HamiltonianFaults { DeltaHScale = 0.9 }), FaultyReplicas),
            "always exchange" => Run(Ladder(0), Ladder(0, true), LadderReplicas),
            "half the exchange" => Run(Ladder(0.5), Ladder(0.5, true), LadderReplicas),
            _ => Run(Flow(new ShrunkDensity(new OpenCylinder(4, 3, 1.4))), FlowReplicas),
        };
        output.WriteLine($"chi squared {chiSquared:F1}");
        Assert.True(chiSquared > RankTest.CaughtLevel, $"{fault}: chi squared {chiSquared:F1}");
    }

    [Fact]
    public void The_hook_without_a_fault_is_correct()
    {
        double chiSquared = Run(Faulty(new HamiltonianFaults()));
        output.WriteLine($"chi squared {chiSquared:F1}");
        Assert.True(chiSquared < RankTest.AlarmLevel, $"chi squared {chiSquared:F1}");
    }

    private static HamiltonianMonteCarlo Faulty(HamiltonianFaults fault) => Correct.With(fault);

    private static ParallelTempering Ladder(double scale = 1, bool reversed = false) =>
        new(new HeatBath { Reversed = reversed }, 1, 0.7, 0.4) { Reversed = reversed, FaultyScale = scale };

    private static FlowMetropolis Flow(CylinderProposals proposals) => new(proposals, FlowReplicas);

    private static double Run(ITransition reversible, int replicas = Replicas) => Run(reversible, reversible, replicas);

    private static double Run(ITransition transition, ITransition reversed, int replicas = Replicas)
    {
        using var device = CpuDevices.Best();
        return device.Use(Precision.Double, new RankTest(Target, transition, reversed, replicas, Seed));
    }

    private sealed class ShrunkDensity(OpenCylinder cylinder) : CylinderProposals(cylinder)
    {
        public override void LogDensity(ReadOnlySpan<double> links, Span<double> logQ)
        {
            base.LogDensity(links, logQ);
            foreach (ref double number in logQ) number *= 0.8;
        }
    }
}

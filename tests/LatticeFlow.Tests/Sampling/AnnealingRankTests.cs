using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>
/// Accept steps between end points of trajectories pass the rank test, from independent starts (the weight of the exact draw is that of a trajectory run backwards from it) and there and back on the path; and the test catches work that is
/// taken after the update of its step, and work that leaves out the last change of the action. Verdicts of false-alarm rate 2·10⁻⁴ each (two statistics), at fixed seeds.
/// </summary>
public class AnnealingRankTests(ITestOutputHelper output)
{
    private const int Seed = 20261130;

    // Enough that every fault is beyond the level by a factor: see the figures that the tests print.
    private const int Replicas = 8192;

    public static TheoryData<string, string, bool> Correctly => new()
    {
        { "U1", "haar", false }, { "SU2", "haar", false }, { "SU3", "haar", false }, { "U1", "chain", false }, { "SU2", "chain", false }, { "SU3", "chain", false }, { "SU2", "haar", true }, { "SU2", "chain", true },
    };

    public static TheoryData<string, string, string> Wrongly => new()
    {
        { "U1", "haar", "after" }, { "SU2", "haar", "after" }, { "SU3", "haar", "after" }, { "U1", "chain", "after" }, { "SU2", "chain", "after" },
        { "U1", "haar", "last" }, { "SU2", "haar", "last" }, { "SU3", "haar", "last" }, { "U1", "chain", "last" }, { "SU2", "chain", "last" },
    };

    [Theory]
    [MemberData(nameof(Correctly))]
    public void Right_work_gives_uniform_ranks(string group, string start, bool hmc)
    {
        double chiSquared = Run(group, start, hmc, AnnealingFault.None);
        Assert.True(chiSquared < RankTest.AlarmLevel, $"{group}, {start}: chi squared {chiSquared:F1}");
    }

    [Theory]
    [MemberData(nameof(Wrongly))]
    public void Wrong_work_is_caught(string group, string start, string fault)
    {
        double chiSquared = Run(group, start, false, fault == "after" ? AnnealingFault.WorkAfterUpdate : AnnealingFault.WithoutLastStep);
        Assert.True(chiSquared > RankTest.CaughtLevel, $"{group}, {start}, {fault}: chi squared {chiSquared:F1}");
    }

    private double Run(string name, string start, bool hmc, AnnealingFault fault)
    {
        var group = GaugeGroup.Named(name);
        IExactTarget target = group == GaugeGroup.U1 ? new OpenCylinder(3, 3, 1.6) : new OpenGroupCylinder(group, 3, 2, group == GaugeGroup.SU2 ? 2.4 : 3);
        // What a heat bath draws hardly remembers the action before; short trajectories do, so that the last change of the action matters.
        ITransition update = fault == AnnealingFault.WithoutLastStep ? HamiltonianMonteCarlo.Fixed(new Leapfrog(), 0.4, 1) : hmc ? new Mixture((HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 2), 2), (new HeatBath(1), 1)) : new HeatBath();
        bool haar = start == "haar";
        var annealing = new Annealing(
            ActionPath.OfFactors(target.Action(), haar ? 0 : 0.4), AnnealingSchedule.Given([0.3, 0.6, 1]), update, haar ? TrajectoryStart.Haar : TrajectoryStart.OfChain(update, 2))
        { Metropolis = true, Fault = fault };
        using var device = CpuDevices.Best();

        ITransition transition = haar ? new SharedWeights(annealing, Seed + 2) : annealing;
        double chiSquared = device.Use(Precision.Double, new RankTest(target, transition, transition, Replicas, Seed));
        output.WriteLine($"{name}, {start}, {fault}: chi squared {chiSquared:F1}");
        return chiSquared;
    }

    /// <summary>The state of an independence chain is a trajectory, of which the chains before and after the exact draw have to be given the same.</summary>
    private sealed class SharedWeights(Annealing annealing, ulong seed) : ITransition
    {
        public string Name => annealing.Name;

        public ITransitionRun Bind<T>(MarkovState<T> state)
            where T : unmanaged, IReal64<T>
        {
            using var other = new MarkovState<T>(state.Device, state.Action, state.Replicas, seed);
            other.Write(state.ReadField());
            using var first = new AnnealingRun<T>(annealing, other);
            first.DrawWeights();
            var run = new AnnealingRun<T>(annealing, state);
            run.TakeWeights(first);
            return run;
        }
    }
}

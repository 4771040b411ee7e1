using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>Molecular dynamics of all groups, actions and time scales.</summary>
public class MolecularDynamicsTests(ITestOutputHelper output)
{
    // Rounding of some hundred updates of a link, amplified by the mild chaos of a trajectory of length 1.
    private const double ReversibilityTolerance = 1e-11;

    // ΔH is even in ε beyond its leading power, so halving ε shifts the fitted power by O(ε²).
    private const double OrderTolerance = 0.15;

    // By chance 3·10⁻³ a comparison; 8 comparisons at fixed seeds, so that one set of seeds in 45 would fail.
    private const double Sigmas = 3;

    // Rounding of two orders of the same additions, over two trajectories.
    private const double RoundingTolerance = 1e-11;

    public static TheoryData<string, int[], string> Cases
    {
        get
        {
            var data = new TheoryData<string, int[], string>();
            foreach (string integrator in Scales.Keys)
            {
                data.Add("U1", [4, 4, 2], integrator);
                data.Add("SU2", [4, 4], integrator);
                data.Add("SU3", [2, 4], integrator);
                data.Add("SU3", [2, 2, 2, 4], integrator);
            }

            data.Add("SU2", [3, 2, 2], "force_gradient4");
            data.Add("SU4", [2, 2], "force_gradient4");
            return data;
        }
    }

    private static Dictionary<string, IReadOnlyList<IntegratorLevel>> Scales => new()
    {
        ["leapfrog"] = [new(new Leapfrog(), 1)],
        ["omelyan2"] = [new(new Omelyan2(), 1)],
        ["force_gradient4"] = [new(new ForceGradient4(), 1)],
        ["rectangles outside, plaquettes inside"] = [new(new Omelyan2(), 1, 1), new(new Leapfrog(), 2, 0)],
        ["both by force gradient"] = [new(new ForceGradient4(), 1, 1), new(new ForceGradient4(), 2, 0)],
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Energy_error_and_reversibility(string group, int[] extents, string scales)
    {
        using var device = CpuDevices.Best();
        var action = new RectangleAction(new LatticeGeometry(extents), GaugeGroup.Named(group), 1.2 * GaugeGroup.Named(group).Order, RectangleAction.Symanzik);
        int order = scales.Contains("force", StringComparison.Ordinal) ? 4 : 2;
        int[] steps = order == 4 ? [8, 16] : [24, 48];
        double[] errors = [.. steps.Select(count =>
        {
            using var chain = Chain(device, action, Hmc(scales, 1, count), 16, ChainStart.Hot);
            chain.Advance();
            return Math.Sqrt(chain.Outcome.DeltaH.Average(delta => delta * delta));
        })];
        double slope = Math.Log2(errors[0] / errors[1]);
        using var start = Chain(device, action, Hmc(scales, 1, 1), 16, ChainStart.Hot);
        double deviation = Reversibility.LargestDeviation(device, action, Hmc(scales, 1, steps[0]), steps[0], start.Field.ToArray(), 5);
        output.WriteLine($"{group} {action.Lattice} {scales}: rms ΔH {errors[0]:G3} → {errors[1]:G3}, slope {slope:F3}, there and back {deviation:G2}");
        Assert.Equal(order, slope, OrderTolerance);
        Assert.True(deviation < ReversibilityTolerance, $"{deviation}");
    }

    [Theory]
    [InlineData("SU2", "leapfrog")]
    [InlineData("SU2", "force_gradient4")]
    [InlineData("SU2", "rectangles outside, plaquettes inside")]
    [InlineData("SU3", "omelyan2")]
    [InlineData("SU3", "force_gradient4")]
    [InlineData("SU3", "both by force gradient")]
    [InlineData("U1", "both by force gradient")]
    [InlineData("SU4", "force_gradient4")]
    public void Mean_of_exp_minus_delta_H_is_one(string group, string scales)
    {
        const int replicas = 2048;
        using var device = CpuDevices.Best();
        var action = new RectangleAction(new LatticeGeometry(3, 3), GaugeGroup.Named(group), 1.2 * GaugeGroup.Named(group).Order, RectangleAction.Symanzik);

        // The heat bath brings the start into equilibrium, where the identity holds.
        int steps = scales == "leapfrog" ? 7 : group == "SU4" ? 3 : scales.Contains("both", StringComparison.Ordinal) ? 1 : 2;
        using var chain = Chain(device, action, new Mixture((new HeatBath(1), 8), (Hmc(scales, 1.5, steps), 1)), group == "SU4" ? replicas / 4 : replicas, ChainStart.Hot);
        chain.Advance();
        chain.Advance();
        double[] values = [.. chain.Outcome.DeltaH.Select(delta => Math.Exp(-delta))];
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / values.Length / (values.Length - 1.0));
        output.WriteLine($"{group} {scales}: {mean:F4} ± {error:F4}, rms ΔH {Math.Sqrt(chain.Outcome.DeltaH.Average(d => d * d)):G3}");
        Assert.InRange(error, 1e-6, 0.1);
        Assert.True(Math.Abs(mean - 1) < Sigmas * error, $"{mean} ± {error}");
    }

    [Fact]
    public void Half_the_action_on_each_of_two_scales_is_leapfrog()
    {
        using var device = CpuDevices.Best();
        var lattice = new LatticeGeometry(4, 3);
        var half = new WilsonAction(lattice, GaugeGroup.SU2, 1.1);
        var sum = new SumAction(half, half);
        using var one = Chain(device, sum, HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 6), 5, ChainStart.Hot);
        using var two = Chain(device, sum, HamiltonianMonteCarlo.Fixed([new(new Leapfrog(), 6, 0), new(new Leapfrog(), 1, 1)], 1), 5, ChainStart.Hot);
        for (int i = 0; i < 2; i++)
        {
            one.Advance();
            two.Advance();
        }

        Assert.Contains(1, one.Outcome.Accepted);
        var (a, b) = (one.Field.ToArray(), two.Field.ToArray());
        for (int i = 0; i < a.Length; i++) Assert.Equal(a[i], b[i], RoundingTolerance);
    }

    [Fact]
    public void Schedules_are_palindromes_that_move_every_scale_as_far()
    {
        IReadOnlyList<IntegratorLevel> levels = [new(new ForceGradient4(), 3, 0), new(new Omelyan2(), 2, 1), new(new Leapfrog(), 4, 2)];
        var schedule = IntegratorLevel.Schedule(levels, 3);
        Assert.Equal(3, schedule.Where(entry => entry.Part.Update == IntegratorUpdate.Drift).Sum(entry => entry.Part.Coefficient), 1e-13);
        for (int level = 0; level < 3; level++)
        {
            var kicks = schedule.Where(entry => entry.Level == level && entry.Part.Update != IntegratorUpdate.Drift).Select(entry => entry.Part).ToArray();
            Assert.Equal(3, kicks.Sum(part => part.Coefficient), 1e-13);
            for (int i = 0; i < kicks.Length; i++) Assert.Equal(kicks[i].Coefficient, kicks[^(i + 1)].Coefficient, 1e-13);
        }

        // 3 outer steps of 2 drifts with 2 steps of 2 drifts with 4 steps: 96 drifts, and an innermost kick before each and after the last.
        Assert.Equal(96, schedule.Count(entry => entry.Part.Update == IntegratorUpdate.Drift));
        Assert.Equal(97, schedule.Count(entry => entry.Level == 2 && entry.Part.Update == IntegratorUpdate.Kick));
        Assert.Equal(7, schedule.Count(entry => entry.Level == 0));
    }

    [Fact]
    public void Time_scales_that_do_not_fit_the_action_are_refused()
    {
        using var device = CpuDevices.Best(1);
        var lattice = new LatticeGeometry(4, 4);
        var rectangle = new RectangleAction(lattice, GaugeGroup.SU2, 2, RectangleAction.Symanzik);
        IReadOnlyList<IntegratorLevel> Levels(params int[] parts) => [.. parts.Select(part => new IntegratorLevel(new Leapfrog(), 2, part))];
        foreach (int[] parts in new int[][] { [0], [0, 2], [0, 0, 1], [1, 1] })
            Assert.Contains("part", Assert.Throws<NotSupportedException>(() => Chain(device, rectangle, HamiltonianMonteCarlo.Fixed(Levels(parts), 1), 1, ChainStart.Cold)).Message);
        Assert.Contains("'wilson'", Assert.Throws<NotSupportedException>(
            () => Chain(device, new WilsonAction(lattice, 1), HamiltonianMonteCarlo.Fixed(Levels(0, 1), 1), 1, ChainStart.Cold)).Message);
        Assert.Throws<ArgumentException>(() => HamiltonianMonteCarlo.Fixed([new(new Leapfrog(), 2), new(new Leapfrog(), 2, 1)], 1));
        Assert.Throws<ArgumentException>(() => HamiltonianMonteCarlo.Fixed([new(new Leapfrog(), 2, 0), new(new Leapfrog(), 0, 1)], 1));
        Assert.Throws<ArgumentException>(() => HamiltonianMonteCarlo.Fixed([], 1));
    }

    private static HamiltonianMonteCarlo Hmc(string scales, double length, int steps)
    {
        var levels = Scales[scales];
        return HamiltonianMonteCarlo.Fixed([levels[0] with { Steps = steps }, .. levels.Skip(1)], length);
    }

    private static MarkovChain Chain(ComputeDevice device, IAction action, ITransition transition, int replicas, ChainStart start) =>
        MarkovChain.Create(device, new() { Action = action, Transition = transition, Replicas = replicas, Seed = 11, Start = start });
}

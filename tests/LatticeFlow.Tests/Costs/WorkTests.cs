using LatticeFlow.Actions;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>What transitions count, and what a pass costs.</summary>
public class WorkTests
{
    private static readonly LatticeGeometry Torus = new(4, 6);

    /// <summary>3 replicas of 48 links; counted by hand.</summary>
    [Fact]
    public void A_sweep_counts_its_links_and_states_its_operations()
    {
        var work = WorkOf(new HeatBath(2), new WilsonAction(Torus, 1), steps: 5);
        Assert.Equal(5 * 3 * 48, work[WorkKind.HeatBath]);
        Assert.Equal(2 * 5 * 3 * 48, work[WorkKind.Overrelaxation]);
        Assert.Equal(5 * 3 * 48, work[WorkKind.Action]);
        Assert.Equal(0, work[WorkKind.Force]);
        // Two staples of a sine and cosine each; then Philox, sine and cosine, exponential, two arctangents; reflection; half a cosine a link.
        Assert.Equal(5 * 3 * 48 * ((84 + 80 + 36 + 30 + 80 + 30) + (2 * (84 + 42)) + 20.0), work.Flops);
    }

    [Theory]
    [InlineData("leapfrog", 8, 7)]
    [InlineData("omelyan2", 15, 14)]
    // Of each step two forces of the displaced kick and one before it, a last one, and a drift for each displacement.
    [InlineData("force_gradient4", 22, 21)]
    public void A_trajectory_counts_forces_and_drifts_of_its_integrator(string integrator, int forces, int drifts)
    {
        var work = WorkOf(HamiltonianMonteCarlo.Fixed(Integrators.Named(integrator), 0.5, 7), new WilsonAction(Torus, GaugeGroup.SU3, 1), steps: 2);
        Assert.Equal(2 * 3 * 48 * forces, work[WorkKind.Force]);
        Assert.Equal(2 * 3 * 48 * drifts, work[WorkKind.Drift]);
        Assert.Equal(2 * 3 * 48, work[WorkKind.Momenta]);
        double force = (5 * 198) + (1 * 18) + 30, action = 0.5 * ((2 * 198) + 18);
        Assert.Equal(2 * 3 * 48 * ((forces * force) + (drifts * 3 * 198.0) + (8 * 78) + (2 * action)), work.Flops);
    }

    /// <summary>Each part of the action is one pass, and costs what it costs; the inner kicks on both sides of an outer one are one.</summary>
    [Fact]
    public void Time_scales_count_each_part_of_the_action()
    {
        var action = new RectangleAction(new(4, 4), GaugeGroup.U1, 1, RectangleAction.Iwasaki);
        var work = WorkOf(HamiltonianMonteCarlo.Fixed([new(new Leapfrog(), 2, 1), new(new Leapfrog(), 3, 0)], 0.5), action, steps: 1);
        Assert.Equal(3 * 32 * (3 + 7), work[WorkKind.Force]);
        Assert.Equal(3 * 32 * 6, work[WorkKind.Drift]);
        double expected = (3 * action.Parts[1].Flops(WorkKind.Force)) + (7 * action.Parts[0].Flops(WorkKind.Force)) + (32 * ((6 * 2) + 78)) + (2 * action.Flops(WorkKind.Action));
        Assert.Equal(3 * expected, work.Flops, 1e-6);
        Assert.Equal(32 * ((6 * 42) + 30.0), action.Parts[1].Flops(WorkKind.Force));
    }

    [Fact]
    public void Parts_of_a_mixture_and_rungs_of_a_ladder_are_counted()
    {
        var mixture = WorkOf(new Mixture((new HeatBath(), 3), (HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 1), 1)), new WilsonAction(Torus, 1), steps: 1);
        Assert.Equal((3 * 3 * 48, 3 * 2 * 48), (mixture[WorkKind.HeatBath], mixture[WorkKind.Force]));
        var ladder = WorkOf(new ParallelTempering(new HeatBath(), [1, 0.9, 0.8, 0.7]), new WilsonAction(Torus, 1), steps: 1);
        Assert.Equal(4 * 3 * 48, ladder[WorkKind.HeatBath]);
    }

    /// <summary>2,694 flop a link is what the benchmarks have always said of SU(3) in four dimensions.</summary>
    [Fact]
    public void Nominal_operations_are_those_of_the_formulas()
    {
        Assert.Equal(2694, NominalFlops.OfLoops(GaugeGroup.SU3, 4, true, false, WorkKind.Force));
        Assert.Equal(0, NominalFlops.OfLoops(GaugeGroup.SU3, 4, false, false, WorkKind.Force));
        Assert.Equal((13 * 28) + (5 * 4) + 30, NominalFlops.OfLoops(GaugeGroup.SU2, 4, true, false, WorkKind.Force));
        Assert.Equal((12 + 72 + 1) * 198 + (23 * 18) + 30, NominalFlops.OfLoops(GaugeGroup.SU3, 4, true, true, WorkKind.Force));
        Assert.Equal(1.5 * ((2 * 198) + 18), NominalFlops.OfLoops(GaugeGroup.SU3, 4, true, false, WorkKind.Action));
        Assert.True(double.IsNaN(NominalFlops.OfField(FieldType.Scalar, WorkKind.HeatBath)));
        Assert.Equal(8 * 78, NominalFlops.OfField(GaugeGroup.SU3, WorkKind.Momenta));
    }

    [Fact]
    public void Sums_are_written_and_read_and_what_is_not_stated_stays_so()
    {
        var work = new Work();
        work.Add(WorkKind.Flow, 3, 7);
        var before = work.Copy();
        work.Add(WorkKind.Action, 2, 5);
        Assert.Equal((2, 0, 5), (work.Since(before)[WorkKind.Action], work.Since(before)[WorkKind.Flow], work.Since(before).Flops));
        Assert.Equal(work, Work.FromNumbers(work.ToNumbers()));
        Assert.NotEqual(work, before);
        Assert.Equal((6, 24), (work.Times(2)[WorkKind.Flow], work.Times(2).Flops));
        work.Add(WorkKind.Proposal, 0, double.NaN);
        Assert.Equal(12, work.Flops);
        work.Add(WorkKind.Proposal, 1, double.NaN);
        Assert.True(double.IsNaN(work.Flops));
        Assert.Throws<ArgumentException>(() => Work.FromNumbers(new double[Work.Numbers + 1]));
        Assert.Equal("heat_bath", Work.Name(WorkKind.HeatBath));
    }

    private static Work WorkOf(ITransition transition, IAction action, int steps)
    {
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new() { Action = action, Transition = transition, Replicas = 3, Seed = 1 });
        for (int i = 0; i < steps; i++) chain.Advance();
        return chain.Work.Copy();
    }
}

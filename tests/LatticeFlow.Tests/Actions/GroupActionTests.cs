using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>Actions of all groups obey their laws, where lanes are replicas and where they are sub-lattices.</summary>
public class GroupActionTests
{
    public static TheoryData<string> InstructionSets => CpuDevices.Supported;

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Actions_of_every_kind_obey_the_laws_in_two_dimensions(string instructionSet)
    {
        using var device = CpuDevices.Create(instructionSet);
        foreach (var group in new[] { GaugeGroup.U1, GaugeGroup.SU2, GaugeGroup.SU3 })
        {
            foreach (var action in Kinds(group, new LatticeGeometry(12, 6))) CheckBothLayouts(device, instructionSet, action);
        }
    }

    [Theory]
    [InlineData("U1", 1.7)]
    [InlineData("SU2", 2.2)]
    [InlineData("SU3", 5.9)]
    [InlineData("SU4", 9)]
    public void Actions_obey_the_laws_in_three_and_four_dimensions(string name, double beta)
    {
        using var device = CpuDevices.Best();
        var group = GaugeGroup.Named(name);
        string best = InstructionSet.Best().Name;
        CheckBothLayouts(device, best, new RectangleAction(new LatticeGeometry(6, 6, 6), group, beta, RectangleAction.Iwasaki, 1.3));
        CheckBothLayouts(device, best, new WilsonAction(new LatticeGeometry(4, 4, 2, 4), group, beta, 0.7));
        CheckBothLayouts(device, best, new RectangleAction(new LatticeGeometry(6, 2, 6, 6), group, beta, RectangleAction.Symanzik));
        GroupActionLaws.Check(device, new WilsonAction(new LatticeGeometry(3, 2, 1), group, beta), LaneUse.Best);
    }

    [Fact]
    public void Open_boundaries_obey_the_laws()
    {
        using var device = CpuDevices.Best();
        foreach (var group in new[] { GaugeGroup.SU2, GaugeGroup.SU3 })
        {
            var lattice = new LatticeGeometry(4, 3);
            Assert.False(GroupActionLaws.Check(
                device, new WilsonAction(lattice, PlaquetteCouplings.Open(lattice, 3, 0), new Dictionary<string, double> { ["beta"] = 3 }, group), LaneUse.Best));
        }
    }

    [Fact]
    public void Parts_of_an_action_add_up_to_it()
    {
        using var device = CpuDevices.Best();
        var lattice = new LatticeGeometry(4, 3, 2);
        foreach (var action in Kinds(GaugeGroup.SU2, lattice).Where(action => action.Parts.Count > 1))
        {
            using var whole = ActionEvaluator.Create(device, action, 1);
            using var state = MarkovChain.Create(device, new() { Action = action, Transition = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 1), Replicas = 1, Seed = 3 });
            var sum = new double[1];
            double expected = 0;
            foreach (var part in action.Parts)
            {
                using var evaluator = ActionEvaluator.Create(device, part, 1);
                evaluator.Evaluate(state.Field, sum);
                Assert.NotEqual(0, sum[0]);
                expected += sum[0];
            }

            whole.Evaluate(state.Field, sum);
            Assert.Equal(expected, sum[0], 1e-11);
        }
    }

    private static LoopAction[] Kinds(GaugeGroup group, LatticeGeometry lattice) =>
    [
        new WilsonAction(lattice, group, 2.3),
        new WilsonAction(lattice, group, 2.3, 1.6),
        new RectangleAction(lattice, group, 2.3, RectangleAction.Symanzik),
        new RectangleAction(lattice, group, 1.1, RectangleAction.Dbw2, 0.8),
        new SumAction(new WilsonAction(lattice, group, 2.3, 1.6), new RectangleAction(lattice, group, 0.9, RectangleAction.Iwasaki)),
    ];

    private static void CheckBothLayouts(ComputeDevice device, string instructionSet, LoopAction action)
    {
        Assert.False(GroupActionLaws.Check(device, action, LaneUse.Replicas));

        // Three replicas fill no register of four or eight lanes, and every cut leaves an extent of 3.
        if (instructionSet != "scalar") Assert.True(GroupActionLaws.Check(device, action, LaneUse.Best));
    }
}

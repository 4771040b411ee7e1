using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

public class WilsonActionTests
{
    // One summation order and one cosine against another.
    private const double RoundingTolerance = 1e-12;

    private static readonly int[][] Extents = [[4, 4], [8, 16], [5, 3], [1, 4], [4, 1], [1, 1], [2, 2], [2, 3], [3, 4, 5], [2, 1, 3], [3, 2, 2, 4], [1, 2, 3, 2]];

    public static TheoryData<string> InstructionSets => CpuDevices.Supported;

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Wilson_action_obeys_the_laws(string instructionSet)
    {
        using var device = CpuDevices.Create(instructionSet);
        foreach (var extents in Extents) ActionLaws.Check(device, new WilsonAction(new LatticeGeometry(extents), 1.7));
        var lattice = new LatticeGeometry(4, 5);
        ActionLaws.Check(device, new WilsonAction(lattice, PlaquetteCouplings.Open(lattice, 3, 0), new Dictionary<string, double> { ["beta"] = 3 }));
    }

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Wilson_action_is_the_sum_over_plaquettes(string instructionSet)
    {
        using var device = CpuDevices.Create(instructionSet);
        foreach (var extents in Extents)
        {
            var lattice = new LatticeGeometry(extents);
            var links = ActionLaws.RandomLinks(new Random(5), lattice.Links);
            double expected = 0;
            for (int site = 0; site < lattice.Volume; site++)
            {
                foreach (var (mu, nu) in lattice.Planes)
                {
                    expected -= 2.5 * Math.Cos(links[lattice.Link(site, mu)] + links[lattice.Link(lattice.Neighbour(site, mu), nu)]
                        - links[lattice.Link(lattice.Neighbour(site, nu), mu)] - links[lattice.Link(site, nu)]);
                }
            }

            Assert.Equal(expected, device.Use(Precision.Double, new Evaluation(new WilsonAction(lattice, 2.5), links)), RoundingTolerance * 2.5 * lattice.Plaquettes);
        }
    }

    [Fact]
    public void Colours_share_no_plaquette_and_hold_every_link_once()
    {
        foreach (var extents in Extents)
        {
            var lattice = new LatticeGeometry(extents);
            var plaquettes = PlaquetteTable.Links(lattice);
            var colours = LinkColouring.Colours(lattice);
            Assert.Equal(Enumerable.Range(0, lattice.Links), colours.SelectMany(set => set).Order());
            foreach (var set in colours.Select(links => links.ToHashSet()))
            {
                for (int p = 0; p < lattice.Plaquettes; p++) Assert.True(plaquettes.AsSpan(4 * p, 4).ToArray().Distinct().Count(set.Contains) <= 1);
            }

            if (extents.All(extent => extent % 2 == 0)) Assert.Equal(2 * lattice.Dimensions, colours.Count);
        }
    }

    [Fact]
    public void Reflection_keeps_the_action_and_moves_the_links()
    {
        using var device = CpuDevices.Best();
        foreach (var extents in Extents.Where(e => !e.Contains(1))) Assert.True(device.Use(Precision.Double, new Reflection(new WilsonAction(new LatticeGeometry(extents), 2))));
    }

    [Fact]
    public void Heat_bath_refuses_an_extent_of_one()
    {
        using var device = CpuDevices.Best(1);
        var settings = new MarkovChainSettings { Action = new WilsonAction(new LatticeGeometry(1, 4), 2), Transition = new HeatBath(), Replicas = 1, Seed = 1 };
        Assert.Contains("1x4", Assert.Throws<NotSupportedException>(() => MarkovChain.Create(device, settings)).Message);
    }

    [Fact]
    public void Registry_makes_actions_and_names_what_is_wrong()
    {
        var lattice = new LatticeGeometry(4, 4);
        Assert.Equal(2.5, ActionRegistry.Create(lattice, GaugeGroup.U1, "wilson", new Dictionary<string, double> { ["beta"] = 2.5 }).Parameters["beta"]);
        Assert.Contains("wilson", Assert.Throws<ArgumentException>(() => ActionRegistry.Create(lattice, GaugeGroup.U1, "wison", new Dictionary<string, double>())).Message);
        Assert.Contains("'beta'", Assert.Throws<ArgumentException>(() => ActionRegistry.Create(lattice, GaugeGroup.U1, "wilson", new Dictionary<string, double>())).Message);
        Assert.Contains("'gamma'", Assert.Throws<ArgumentException>(() => ActionRegistry.Create(lattice, GaugeGroup.U1, "wilson", new Dictionary<string, double> { ["beta"] = 1, ["gamma"] = 1 })).Message);
        var sum = ActionRegistry.Create(lattice, GaugeGroup.SU3, new ActionDescription("sum", new Dictionary<string, double>())
        {
            Terms = [new("wilson", new Dictionary<string, double> { ["beta"] = 1 }), new("rectangle", new Dictionary<string, double> { ["beta"] = 1 })],
        });
        Assert.Equal((GaugeGroup.SU3, RectangleAction.Symanzik, 1.0), (sum.Field, sum.Parameters["1.c1"], sum.Parameters["0.beta"]));
        Assert.Throws<ArgumentException>(() => ActionRegistry.Create(lattice, GaugeGroup.U1, new ActionDescription("sum", new Dictionary<string, double>())));
        Assert.Throws<ArgumentException>(() => new WilsonAction(lattice, double.NaN));
        Assert.Throws<ArgumentException>(() => new WilsonAction(lattice, [1.0], new Dictionary<string, double>()));
    }

    private sealed class Evaluation(IAction action, double[] links) : DoubleLaneUser<double>
    {
        protected override double Use<T>(ComputeDevice device)
        {
            using var evaluator = new ActionEvaluator<T>(device, action, 1);
            var value = new double[1];
            evaluator.Evaluate(links, value);
            return value[0];
        }
    }

    private sealed class Reflection(IAction action) : DoubleLaneUser<bool>
    {
        protected override bool Use<T>(ComputeDevice device)
        {
            using var state = new MarkovState<T>(device, action, 5, 3);
            state.StartHot();
            var links = state.ReadField().ToArray();
            var before = state.ReadAction().ToArray();
            var program = new KernelProgram(state.Shape);
            using var steps = state.BindHeatBath();
            for (int colour = 0; colour < steps.Colours; colour++) steps.AddReflect(program, colour, state.Field);
            state.ActionSteps.AddEvaluate(program, state.Field, state.ActionField);
            state.Run(program);
            for (int r = 0; r < state.Replicas; r++) Assert.Equal(before[r], state.ReadAction()[r], RoundingTolerance * action.Lattice.Plaquettes * 2);
            for (int i = 0; i < links.Length; i++) Assert.NotEqual(links[i], state.ReadField()[i]);
            return true;
        }
    }
}

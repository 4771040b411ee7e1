using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>
/// The same seed gives the same chain where lanes are replicas and where they are sub-lattices. For a heat bath this asks for sets of links that are alike in both: plaquettes, and even extents of
/// the sub-lattices.
/// </summary>
public class LayoutAgreementTests
{
    // Equal random numbers and different order of additions; links stay together for a few steps.
    private const double RoundingTolerance = 1e-10;

    public static TheoryData<string, int[], string> Cases => new()
    {
        { "U1", [4, 4, 4], "leapfrog" },
        { "U1", [8, 4], "tempering" },
        { "U1", [4, 4, 4], "heatbath" },
        { "SU2", [4, 4, 2, 4], "heatbath" },
        { "SU2", [4, 4, 4], "force_gradient4" },
        { "SU3", [8, 4], "leapfrog" },
        { "SU3", [4, 8], "tempering" },
        { "SU3", [6, 6, 2, 6], "scales" },
        { "SU3", [4, 4, 4], "heatbath" },
        { "SU4", [8, 4], "force_gradient4" },
        { "U1", [6, 12], "anisotropic rectangles" },
        { "SU2", [6, 6, 6], "anisotropic rectangles" },
        { "SU3", [12, 6], "anisotropic rectangles" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Chains_are_the_same_in_both_layouts(string group, int[] extents, string sampler)
    {
        foreach (string set in InstructionSet.All.Where(set => set.IsSupported && set.Name != "scalar").Select(set => set.Name))
        {
            using var device = CpuDevices.Create(set);
            // Several replicas are several tiles of sub-lattices.
            int several = extents.Length == 2 ? 3 : 1;
            var replicas = Rows(device, GaugeGroup.Named(group), extents, sampler, LaneUse.Replicas, several);
            var lattices = Rows(device, GaugeGroup.Named(group), extents, sampler, LaneUse.Best, several);
            Assert.Equal(replicas.Accepted, lattices.Accepted);
            for (int i = 0; i < replicas.Action.Length; i++) Assert.Equal(replicas.Action[i], lattices.Action[i], RoundingTolerance * Math.Max(1, Math.Abs(replicas.Action[i])));
            for (int i = 0; i < replicas.Field.Length; i++) Assert.Equal(replicas.Field[i], lattices.Field[i], RoundingTolerance);
            var (a, b) = (replicas.Observables["plaquette"], lattices.Observables["plaquette"]);
            for (int i = 0; i < a.Length; i++) Assert.Equal(a[i], b[i], RoundingTolerance);
        }
    }

    [Theory]
    [InlineData("U1")]
    [InlineData("SU2")]
    [InlineData("SU3")]
    [InlineData("scalar")]
    public void A_hot_start_is_the_same_to_the_bit_in_every_layout(string field)
    {
        var lattice = new LatticeGeometry(8, 4);
        IAction action = field == "scalar" ? new Phi4Action(lattice, -0.5, 1) : new WilsonAction(lattice, GaugeGroup.Named(field), 2.0);
        foreach (string set in InstructionSet.All.Where(set => set.IsSupported).Select(set => set.Name))
        {
            using var device = CpuDevices.Create(set);
            double[][] starts = [.. new[] { LaneUse.Best, LaneUse.Replicas }.Select(lanes =>
            {
                using var chain = MarkovChain.Create(device, new() { Action = action, Transition = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 1), Replicas = 3, Seed = 4, Lanes = lanes });
                return chain.Field.ToArray();
            })];
            Assert.Equal(starts[0].Select(BitConverter.DoubleToInt64Bits), starts[1].Select(BitConverter.DoubleToInt64Bits));
        }
    }

    // Fields are read part by part: 16,384 numbers in the widest lanes.
    private const long PartOfField = (1L << 14) * 8 * sizeof(double);

    [Fact]
    public void A_large_chain_is_held_once_in_managed_memory_and_not_at_all_until_it_is_read()
    {
        using var device = CpuDevices.Best();
        var action = new WilsonAction(new LatticeGeometry(8, 8, 8, 8), GaugeGroup.Named("SU3"), 6.0);
        long links = action.Field.Numbers(action.Lattice) * (long)sizeof(double);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var chain = MarkovChain.Create(device, new() { Action = action, Transition = new HeatBath(), Replicas = 1, Seed = 4 });
        chain.Advance();
        long started = GC.GetAllocatedBytesForCurrentThread();

        // Unit links before the hot start, and tables of neighbours.
        Assert.InRange(started - before, 0, 4 * links);
        var block = chain.NewBlock(1);
        chain.Fill(block);
        chain.Save(withField: false);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - started, links, links + PartOfField + (links / 8));
    }

    [Fact]
    public void Few_replicas_are_cut_into_lanes()
    {
        if (InstructionSet.Best().Name == "scalar") return;
        using var device = CpuDevices.Best();
        Assert.True(device.Use(Precision.Double, new IsSplit()));
    }

    private static EnsembleBlock Rows(ComputeDevice device, GaugeGroup group, int[] extents, string sampler, LaneUse lanes, int several)
    {
        var lattice = new LatticeGeometry(extents);
        ITransition transition = sampler switch
        {
            "heatbath" => new HeatBath(),
            "anisotropic rectangles" => HamiltonianMonteCarlo.Fixed(new Omelyan2(), 0.6, 3),
            "scales" => HamiltonianMonteCarlo.Fixed([new(new ForceGradient4(), 2, 1), new(new Leapfrog(), 1, 0)], 0.6),
            "tempering" => new ParallelTempering(new HeatBath(), 1, 0.9, 0.8),
            _ => HamiltonianMonteCarlo.Fixed(Integrators.Named(sampler), 0.6, 3),
        };
        LoopAction action = sampler switch
        {
            "scales" => new RectangleAction(lattice, group, 2, RectangleAction.Symanzik),
            "anisotropic rectangles" => new RectangleAction(lattice, group, 2, RectangleAction.Iwasaki, 1.7),
            _ => new WilsonAction(lattice, group, 1.1 * group.Order),
        };
        using var chain = MarkovChain.Create(device, new()
        {
            Action = action,
            Transition = transition,
            Replicas = several,
            Seed = 19,
            Lanes = lanes,
            Observables = [ObservableRegistry.Create("plaquette", lattice, group)],
        });
        var block = chain.NewBlock(3);
        chain.Fill(block);
        return block;
    }

    private sealed class IsSplit : DoubleLaneUser<bool>
    {
        protected override bool Use<T>(ComputeDevice device)
        {
            using var few = new MarkovState<T>(device, new WilsonAction(new LatticeGeometry(8, 4), GaugeGroup.SU3, 3), 1, 1);
            using var many = new MarkovState<T>(device, new WilsonAction(new LatticeGeometry(8, 4), GaugeGroup.SU3, 3), T.Width, 1);
            return few.Layout.IsSplit && !many.Layout.IsSplit;
        }
    }
}

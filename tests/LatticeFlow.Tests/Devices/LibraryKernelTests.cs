using System.Text.RegularExpressions;
using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Networks;
using LatticeFlow.PtxCheck;
using LatticeFlow.Sampling;
using LatticeFlow.Tests.Groups;
using Xunit.Abstractions;

namespace LatticeFlow.Tests.Devices;

/// <summary>Every kernel of the library, run by what uses it, on every device against scalar double.</summary>
public class LibraryKernelTests(ITestOutputHelper output)
{
    private static readonly IDeviceLaw MobiusFlow = new FlowLaw(FlowCase.Plaquettes(i => new(i, CircleMap.Mobius, 2, [4, 5], 3, Activation.Silu), StripeMask.Cycle), new FreePlaquettePrior(1.2));
    private static readonly IDeviceLaw SplineFlow = new FlowLaw(FlowCase.Plaquettes(i => new(i, CircleMap.Spline, 4, [6], 3, Activation.Tanh), StripeMask.Cycle), new HaarPrior());
    private static readonly IDeviceLaw PlaquetteFlow = new FlowLaw(
        FlowCase.Plaquettes(i => new PlaquetteCoupling(i, i % 2 == 0 ? CircleMap.Mobius : CircleMap.Spline, 3, [4], 3, Activation.LeakyRelu, Rectangles: false), StripeMask.Cycle), new FreePlaquettePrior(2.0));

    private static readonly IDeviceLaw DoublingAngles = OfLinks("doubling U1");
    private static readonly IDeviceLaw DoublingHalfAngles = OfLinks("doubling U1, half angle");
    private static readonly IDeviceLaw DoublingQuaternions = OfLinks("doubling SU2");
    private static readonly IDeviceLaw DoublingMatrices = OfLinks("doubling SU3");
    private static readonly IDeviceLaw StapleAngles = OfLinks("staple U1");
    private static readonly IDeviceLaw StapleQuaternions = OfLinks("staple SU2");
    private static readonly IDeviceLaw StapleMatrices = OfLinks("staple SU3, network");

    private static readonly IDeviceLaw ContinuousAngles = OfLinks("continuous U1");
    private static readonly IDeviceLaw ContinuousQuaternions = OfLinks("continuous SU2");
    private static readonly IDeviceLaw ContinuousMatrices = OfLinks("continuous SU3");

    private static readonly IDeviceLaw AffineFlow = new FlowLaw(FlowCase.Affine([4, 6], 4, i => new(i, 2, [5, 4], 3, i % 2 == 0 ? Activation.Silu : Activation.Tanh, HasShape: i > 1, BoundsShift: i % 2 == 0)), new NormalPrior());
    private static readonly IDeviceLaw AffineCubes = new FlowLaw(FlowCase.Affine([2, 4, 2], 3, i => new(i, 3, [4], 3, Activation.LeakyRelu, HasShape: true)), new NormalPrior());
    private static readonly IDeviceLaw PlaquettesOfQuaternions = OfFreePlaquette(GaugeGroup.SU2);
    private static readonly IDeviceLaw PlaquettesOfMatrices = OfFreePlaquette(GaugeGroup.SU3);

    private static readonly IDeviceLaw Leapfrog = new MarkovLaw(HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 3), 4, 4, 2);
    private static readonly IDeviceLaw Omelyan = new MarkovLaw(HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 2), 6, 4);
    private static readonly IDeviceLaw ForceGradient = new MarkovLaw(HamiltonianMonteCarlo.Fixed(new ForceGradient4(), 1, 2), 4, 3);
    private static readonly IDeviceLaw HeatBath = new MarkovLaw(new HeatBath(overrelaxation: 1), 4, 2, 4);
    private static readonly IDeviceLaw Mixture = new MarkovLaw(new Mixture((new HeatBath(1), 1), (HamiltonianMonteCarlo.Fixed(new Omelyan2(), 0.5, 1), 2)), 5, 3);

    private static readonly IDeviceLaw Boundaries = new MarkovLaw(new BoundaryTempering(new HeatBath(), new BoundaryDefect(0, 2), [1, 0.4, 0], [new(0, 1)]), 4, 3) { Replicas = 5 };
    private static readonly IDeviceLaw BoundariesOfMatrices = new MarkovLaw(new BoundaryTempering(HamiltonianMonteCarlo.Fixed(new Omelyan2(), 0.5, 2), new BoundaryDefect(1, 1), [1, 0], []), 2, 3, 2)
    {
        Action = lattice => new WilsonAction(lattice, GaugeGroup.SU3, 5),
        Replicas = 5,
    };

    // Maps that move links where they are, and the change of S around them.
    private static readonly IDeviceLaw ClosingAngles = Closing(GaugeGroup.U1);
    private static readonly IDeviceLaw ClosingQuaternions = Closing(GaugeGroup.SU2);
    private static readonly IDeviceLaw ClosingMatrices = Closing(GaugeGroup.SU3);

    private static readonly IDeviceLaw Topology = new MarkovLaw(new Mixture((new WindingUpdate(1, 2), 3), (new InstantonUpdate(), 3), (HamiltonianMonteCarlo.Fixed(new Leapfrog(), 0.5, 2), 1)), 5, 4);
    private static readonly IDeviceLaw SplitTopology = new MarkovLaw(new Mixture((new WindingUpdate(), 3), (new InstantonUpdate(), 3), (new HeatBath(), 1)), 8, 16) { Replicas = 1 };

    private static readonly IDeviceLaw Microcanonical = new MarkovLaw(new MicrocanonicalMonteCarlo(HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 2)), 5, 3);
    private static readonly IDeviceLaw SplitMicrocanonical = new MarkovLaw(new MicrocanonicalMonteCarlo(HamiltonianMonteCarlo.Fixed(new Leapfrog(), 0.5, 3)), 8, 8)
    {
        Action = lattice => new WilsonAction(lattice, GaugeGroup.SU2, 2.2),
        Replicas = 1,
    };

    private static readonly IDeviceLaw SplitAngles = new MarkovLaw(new Mixture((new HeatBath(1), 1), (HamiltonianMonteCarlo.Fixed(new Leapfrog(), 0.5, 2), 1)), 8, 8, 8) { Replicas = 1 };
    private static readonly IDeviceLaw SplitQuaternions = new MarkovLaw(new Mixture((new HeatBath(1), 1), (HamiltonianMonteCarlo.Fixed(new Leapfrog(), 0.5, 2), 1)), 8, 8, 8)
    {
        Action = lattice => new WilsonAction(lattice, GaugeGroup.SU2, 2.2, anisotropy: 1.5),
        Replicas = 1,
    };

    private static readonly IDeviceLaw SplitMatrices = new MarkovLaw(new Mixture((new HeatBath(1), 1), (HamiltonianMonteCarlo.Fixed(new Leapfrog(), 0.5, 2), 1)), 4, 4, 4, 8)
    {
        Action = lattice => new WilsonAction(lattice, GaugeGroup.SU3, 5.5),
        Replicas = 1,
    };

    private static readonly IDeviceLaw Improved = new MarkovLaw(new Mixture((new HeatBath(1), 1), (HamiltonianMonteCarlo.Fixed(new Omelyan2(), 0.5, 2), 1)), 4, 6)
    {
        Action = lattice => new RectangleAction(lattice, GaugeGroup.U1, 1.2, RectangleAction.Symanzik),
        Replicas = 3,
    };

    private static readonly IDeviceLaw Scalar = new MarkovLaw(HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 3), 3, 4, 2) { Action = lattice => new Phi4Action(lattice, -2, 3) };
    private static readonly IDeviceLaw SplitScalar = new MarkovLaw(HamiltonianMonteCarlo.Fixed(new ForceGradient4(), 1, 2), 16, 8) { Action = lattice => new Phi4Action(lattice, -2, 3), Replicas = 1 };

    public static TheoryData<string> Sets => CpuLanes.Sets;

    private static IEnumerable<IDeviceLaw> All =>
        [MobiusFlow, SplineFlow, PlaquetteFlow, DoublingAngles, DoublingHalfAngles, DoublingQuaternions, DoublingMatrices, StapleAngles, StapleQuaternions, StapleMatrices, ContinuousAngles, ContinuousQuaternions, ContinuousMatrices, AffineFlow, AffineCubes, PlaquettesOfQuaternions, PlaquettesOfMatrices, Leapfrog, Omelyan, ForceGradient, HeatBath, Mixture, Boundaries, BoundariesOfMatrices, ClosingAngles, ClosingQuaternions, ClosingMatrices, new RandomNumberLaw(), new FunctionLaw(), new LimitLaw(), new LinkKernelLaw(), SplitAngles, SplitQuaternions, SplitMatrices, Improved, Topology, SplitTopology, Microcanonical, SplitMicrocanonical, Scalar, SplitScalar];

    [EveryDevice]
    public void Flows_of_Moebius_maps_agree(string device) => Agrees(device, MobiusFlow);

    [EveryDevice]
    public void Flows_of_splines_agree(string device) => Agrees(device, SplineFlow);

    [EveryDevice]
    public void Flows_of_both_that_see_plaquettes_only_agree(string device) => Agrees(device, PlaquetteFlow);

    [EveryDevice]
    public void Spectral_couplings_and_doublings_of_U1_agree(string device) => Agrees(device, DoublingAngles);

    [EveryDevice]
    public void Spectral_couplings_and_doublings_of_SU2_agree(string device) => Agrees(device, DoublingQuaternions);

    [EveryDevice]
    public void Spectral_couplings_and_doublings_of_SU3_agree(string device) => Agrees(device, DoublingMatrices);

    [EveryDevice]
    public void Doublings_that_read_half_angles_agree(string device) => Agrees(device, DoublingHalfAngles);

    [EveryDevice]
    public void Staple_couplings_of_U1_agree(string device) => Agrees(device, StapleAngles);

    [EveryDevice]
    public void Staple_couplings_of_SU2_agree(string device) => Agrees(device, StapleQuaternions);

    [EveryDevice]
    public void Staple_couplings_of_SU3_agree(string device) => Agrees(device, StapleMatrices);

    [EveryDevice]
    public void Continuous_flows_of_U1_agree(string device) => Agrees(device, ContinuousAngles);

    [EveryDevice]
    public void Continuous_flows_of_SU2_agree(string device) => Agrees(device, ContinuousQuaternions);

    [EveryDevice]
    public void Continuous_flows_of_SU3_agree(string device) => Agrees(device, ContinuousMatrices);

    [EveryDevice]
    public void Affine_couplings_of_a_scalar_agree(string device) => Agrees(device, AffineFlow);

    [EveryDevice]
    public void Affine_couplings_in_three_dimensions_agree(string device) => Agrees(device, AffineCubes);

    [EveryDevice]
    public void Flows_from_free_plaquettes_of_SU2_agree(string device) => Agrees(device, PlaquettesOfQuaternions);

    [EveryDevice]
    public void Flows_from_free_plaquettes_of_SU3_agree(string device) => Agrees(device, PlaquettesOfMatrices);

    [EveryDevice(Precision.Double)]
    public void Leapfrog_chains_in_three_dimensions_agree(string device) => Agrees(device, Leapfrog);

    [EveryDevice(Precision.Double)]
    public void Omelyan_chains_agree(string device) => Agrees(device, Omelyan);

    [EveryDevice(Precision.Double)]
    public void Force_gradient_chains_agree(string device) => Agrees(device, ForceGradient);

    [EveryDevice(Precision.Double)]
    public void Heat_bath_chains_in_three_dimensions_agree(string device) => Agrees(device, HeatBath);

    [EveryDevice(Precision.Double)]
    public void Mixtures_on_odd_lattices_agree(string device) => Agrees(device, Mixture);

    [EveryDevice(Precision.Double)]
    public void Ladders_of_boundaries_agree(string device) => Agrees(device, Boundaries);

    [EveryDevice(Precision.Double)]
    public void Ladders_of_boundaries_of_SU3_agree(string device) => Agrees(device, BoundariesOfMatrices);

    [EveryDevice(Precision.Double)]
    public void Trajectories_with_maps_that_close_a_defect_agree_for_U1(string device) => Agrees(device, ClosingAngles);

    [EveryDevice(Precision.Double)]
    public void Trajectories_with_maps_that_close_a_defect_agree_for_SU2(string device) => Agrees(device, ClosingQuaternions);

    [EveryDevice(Precision.Double)]
    public void Trajectories_with_maps_that_close_a_defect_agree_for_SU3(string device) => Agrees(device, ClosingMatrices);

    [EveryDevice(Precision.Double)]
    public void Topological_proposals_agree(string device) => Agrees(device, Topology);

    [EveryDevice(Precision.Double)]
    public void Topological_proposals_of_a_lattice_cut_into_lanes_agree(string device) => Agrees(device, SplitTopology);

    [EveryDevice(Precision.Double)]
    public void Microcanonical_chains_agree(string device) => Agrees(device, Microcanonical);

    [EveryDevice(Precision.Double)]
    public void Microcanonical_chains_of_a_lattice_cut_into_lanes_agree(string device) => Agrees(device, SplitMicrocanonical);

    [EveryDevice]
    public void Random_numbers_agree(string device) => Agrees(device, new RandomNumberLaw());

    [EveryDevice]
    public void Elementary_functions_agree(string device) => Agrees(device, new FunctionLaw());

    [EveryDevice]
    public void Limits_agree(string device) => Agrees(device, new LimitLaw());

    [EveryDevice(Precision.Double)]
    public void A_lattice_cut_into_lanes_agrees_for_U1_with_an_odd_number_of_links_a_site(string device) => Agrees(device, SplitAngles);

    [EveryDevice(Precision.Double)]
    public void A_lattice_cut_into_lanes_agrees_for_SU2_with_an_anisotropy(string device) => Agrees(device, SplitQuaternions);

    [EveryDevice(Precision.Double)]
    public void A_lattice_cut_into_lanes_agrees_for_SU3_in_four_dimensions(string device) => Agrees(device, SplitMatrices);

    [EveryDevice(Precision.Double)]
    public void Chains_of_an_improved_action_agree(string device) => Agrees(device, Improved);

    [EveryDevice(Precision.Double)]
    public void Chains_of_a_scalar_agree(string device) => Agrees(device, Scalar);

    [EveryDevice(Precision.Double)]
    public void A_lattice_cut_into_lanes_agrees_for_a_scalar(string device) => Agrees(device, SplitScalar);

    [EveryDevice(Precision.Double)]
    public void Kernels_on_links_of_every_group_agree(string device) => Agrees(device, new LinkKernelLaw());

    [Theory]
    [MemberData(nameof(Sets))]
    public void Kernels_on_matrices_in_memory_agree(string set) => Agrees($"{set} double", new MatrixKernelLaw());

    [Theory]
    [InlineData("doubling SU2")]
    [InlineData("doubling SU3")]
    [InlineData("staple SU2")]
    [InlineData("staple SU3, network")]
    [InlineData("continuous SU2")]
    [InlineData("continuous SU3")]
    [InlineData("free plaquette SU2")]
    [InlineData("free plaquette SU3")]
    public void Flows_with_links_in_registers_agree(string name)
    {
        using var device = new RecordingDevice<Single1, Double1>(linksInRegisters: true);
        var law = name.StartsWith("free", StringComparison.Ordinal) ? OfFreePlaquette(GaugeGroup.Named(name[^3..])) : OfLinks(name);
        output.WriteLine($"largest deviation {DeviceLaw.AgreesOn(device, Precision.Double, law):G2}");
    }

    [Fact]
    public void The_laws_run_every_kernel_of_the_library()
    {
        using var device = new RecordingDevice<Single1, Double1>();
        foreach (var law in All) device.Use(Precision.Double, law);
        var run = device.Kernels.Select(WithoutLanes).ToHashSet();
        using var registers = new RecordingDevice<Single1, Double1>(linksInRegisters: true);
        foreach (var law in All) registers.Use(Precision.Double, law);
        run.UnionWith(registers.Kernels.Select(WithoutLanes));
        if (InstructionSet.Named("scalar") != InstructionSet.Best())
        {
            // Lanes that are sub-lattices take more than one lane.
            using var wide = new RecordingDevice<Single8, Double4>();
            foreach (var law in All) wide.Use(Precision.Double, law);
            run.UnionWith(wide.Kernels.Select(WithoutLanes));
        }
        var missing = KernelTypes.Of(typeof(IKernel).Assembly).Select(WithoutLanes).Distinct().Where(kernel => !run.Contains(kernel) && !NotOfU1.Contains(kernel));
        Assert.True(!missing.Any(), $"no device law runs {string.Join(", ", missing)}: let one of {nameof(LibraryKernelTests)} use it.");
    }

    // U(1) has no SU(2) subgroups: its heat bath is a kernel of its own, and so are its free plaquettes, which are angles. It has no traces beside W itself.
    private static readonly string[] NotOfU1 =
    [
        "SubgroupHeatBath<Phase<T>, T>", "SubgroupReflection<Phase<T>, T>", "StapleTracesVjp<Phase<T>, T>",
        "AssembleGroupPlaquettes<Phase<T>, T>", "DrawGroupPlaquettes<Phase<T>, T>", "GroupPlaquetteCotangents<Phase<T>, T>", "GroupPlaquetteTerms<Phase<T>, T>",
    ];

    private static string WithoutLanes(Type kernel) => Regex.Replace(KernelTypes.Name(kernel), @"\b(Device)?(Single|Double)[148]?\b", "T");

    private static FlowLaw OfFreePlaquette(GaugeGroup group) => new(FlowCase.Spectral(group, [4, 4], 2, index => PlaquetteStripes.OfIndex(2, index, false), 1), new FreePlaquettePrior(2.5));

    private static FlowLaw OfLinks(string name) => new(FlowCase.All[name], new HaarPrior()) { Spread = FlowCase.All[name].Spread };

    // Plaquettes around a defect on a path of its coefficient, see StochasticFlowTests.
    private static MarkovLaw Closing(GaugeGroup group)
    {
        var defect = new BoundaryDefect(0, 2);
        var action = StochasticFlowTests.Action(group);
        var map = new StochasticFlow(StochasticFlowTests.Rates(group, 2, 0, 1, StochasticFlowTests.Beta(group), 0));
        return new(new Annealing(ActionPath.ThroughDefect(action, defect, 0), AnnealingSchedule.Linear(2), new DefectSweeps(defect, [new(0, 1)]), TrajectoryStart.OfChain(new HeatBath(), 1)) { Map = map }, 4, 4)
        {
            Action = _ => action,
            Replicas = 5,
        };
    }

    private void Agrees(string device, IDeviceLaw law) => output.WriteLine($"{device}: largest deviation {DeviceLaw.Agrees(device, law):G2}");

    /// <summary>Lanes, and a list of the kernels that they have run.</summary>
    private sealed class RecordingDevice<TSingle, TDouble>(bool linksInRegisters = false) : CpuDevice<TSingle, TDouble>("recorded", 1)
        where TSingle : unmanaged, IReal<TSingle>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        public HashSet<Type> Kernels { get; } = [];

        public override bool HoldsLinksInRegisters => linksInRegisters;

        public override void Run(KernelProgram program)
        {
            Kernels.UnionWith(program.Steps.Select(step => step.GetType().GetGenericArguments()[0]));
            base.Run(program);
        }
    }
}

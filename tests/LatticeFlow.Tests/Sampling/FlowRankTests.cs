using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Networks;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>
/// Flow Metropolis and Hamiltonian Monte Carlo in the coordinates of a flow pass the rank test with flows of random parameters, and the same test catches log-determinants that lack their Haar ratio
/// or are right to first order only. Verdicts of false-alarm rate 2·10⁻⁴ each (two statistics), at fixed seeds.
/// </summary>
public class FlowRankTests(ITestOutputHelper output)
{
    private const int Seed = 20261129;
    private const double Spread = 0.24;

    public static TheoryData<string, string> Correctly => new()
    {
        { "flow", "rows U1" }, { "flow", "rows SU2" }, { "flow", "rows SU3" }, { "flow", "doubling SU2" }, { "flow", "doubling SU3" }, { "flow", "staple U1" }, { "flow", "staple SU2" }, { "flow", "staple SU3" },
        { "flow-hmc", "mobius" }, { "flow-hmc", "rows U1" }, { "flow-hmc", "rows SU2" }, { "flow-hmc", "rows SU3" }, { "flow-hmc", "doubling SU2" }, { "flow-hmc", "doubling SU3" },
        { "flow-hmc", "staple U1" }, { "flow-hmc", "staple SU2" }, { "flow-hmc", "staple SU3" },
    };

    public static TheoryData<string, string, string> Wrongly => new()
    {
        { "flow", "rows SU2", "haar" }, { "flow", "rows SU3", "haar" }, { "flow-hmc", "rows SU2", "haar" }, { "flow-hmc", "rows SU3", "haar" },
        { "flow", "staple U1", "first order" }, { "flow", "staple SU2", "first order" }, { "flow", "staple SU3", "first order" },
        { "flow-hmc", "staple U1", "first order" }, { "flow-hmc", "staple SU2", "first order" }, { "flow-hmc", "staple SU3", "first order" },
    };

    [Theory]
    [MemberData(nameof(Correctly))]
    public void A_correct_flow_gives_uniform_ranks(string sampler, string flow)
    {
        double chiSquared = Run(sampler, flow, "");
        Assert.True(chiSquared < RankTest.AlarmLevel, $"{sampler}, {flow}: chi squared {chiSquared:F1}");
    }

    [Theory]
    [MemberData(nameof(Wrongly))]
    public void A_faulty_log_determinant_is_caught(string sampler, string flow, string fault)
    {
        double chiSquared = Run(sampler, flow, fault);
        Assert.True(chiSquared > RankTest.CaughtLevel, $"{sampler}, {flow}, {fault}: chi squared {chiSquared:F1}");
    }

    private static IReadOnlyList<IFlowLayer> Staples(GaugeGroup group, double coupling, string sampler) => [.. StapleCoupling.Layers(new(group, 2, 1, 0, coupling)).Take(sampler == "flow" ? 8 : 2)];

    private double Run(string sampler, string name, string fault)
    {
        // Parameters of staple couplings are those of the trivialising flow, whose log-determinants go with S as those of trained flows do; random ones could be wrong without S or a plaquette showing it.
        bool hmc = sampler == "flow-hmc", staples = name.StartsWith("staple", StringComparison.Ordinal);
        var group = name == "mobius" ? GaugeGroup.U1 : GaugeGroup.Named(name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        var target = Target(group, name == "mobius" || staples ? 4 : 2);
        var layers = name == "mobius" ? FlowCase.Plaquettes(i => new(i, CircleMap.Mobius, 1, [4], 3, Activation.Tanh, Rectangles: false), 4).Layers
            : staples ? [.. StapleCoupling.Layers(new(group, 2, 1, 0, group.Order)).Take(hmc ? 2 : 8)]
            : name.StartsWith("doubling", StringComparison.Ordinal) ? FlowCase.All[name].Layers
            : FlowCase.Spectral(group, [2, 2], 4, index => new PlaquetteRows(index % 2, index / 2), 1).Layers;
        var model = new FlowModel([.. layers.Select(layer => Spoilt(layer, fault))]);
        if (staples) model.Initialize(1);
        else FlowCase.Randomised(model, 7, Spread);
        int replicas = (staples ? 6144 : 12288) / group.Order;
        using var device = CpuDevices.Best();
        using var proposals = new FlowProposals(device, Precision.Double, model, new FieldSpace(target.Action().Field, target.Action().Lattice), replicas, replicas);
        ITransition transition = hmc ? new FlowHamiltonianMonteCarlo(HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1.2, 4), model) : new FlowMetropolis(proposals, replicas);
        double chiSquared = device.Use(Precision.Double, new RankTest(target, transition, transition, replicas, Seed));
        output.WriteLine($"{sampler}, {name} {fault}: chi squared {chiSquared:F1}, {replicas} repetitions, acceptance {Acceptance(device, target, transition):F2}");
        return chiSquared;
    }

    // Plaquettes of the groups are about as ordered as each other.
    private static IExactTarget Target(GaugeGroup group, int extent) =>
        group == GaugeGroup.U1 ? new OpenCylinder(extent, extent, 1.5) : new OpenGroupCylinder(group, extent, extent, group.Order);

    private static double Acceptance(ComputeDevice device, IExactTarget target, ITransition transition)
    {
        using var chain = MarkovChain.Create(device, new MarkovChainSettings { Action = target.Action(), Transition = transition, Replicas = 128, Seed = Seed, Thermalization = 4 });
        chain.Fill(chain.NewBlock(4));
        return chain.Statistics[0].Acceptance;
    }

    private static IFlowLayer Spoilt(IFlowLayer layer, string fault) => fault switch
    {
        "haar" => new WithoutHaarRatio((SpectralCoupling)layer),
        "first order" => new FirstOrderLogDet(layer),
        _ => layer,
    };
}

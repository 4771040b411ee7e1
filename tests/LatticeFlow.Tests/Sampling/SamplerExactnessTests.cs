using LatticeFlow.Actions;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>Every sampler against exact results of the two-dimensional torus, at any coupling and on odd extents.</summary>
public class SamplerExactnessTests
{
    private const int Replicas = 512;

    // Replicas are independent, so the error of their mean is known; this far off by chance: 6·10⁻⁵ a comparison, about 40 comparisons, fixed seed.
    private const double Sigmas = 4;

    public static TheoryData<string, int[], double> Cases => new()
    {
        { "leapfrog", [4, 4], 2.0 },
        { "leapfrog", [2, 2], 1.0 },
        { "leapfrog", [1, 5], 1.5 },
        { "omelyan2", [5, 3], 1.0 },
        { "omelyan2", [8, 8], 2.0 },
        { "force_gradient4", [4, 3], 1.5 },
        { "random lengths", [4, 4], 2.0 },
        { "random lengths", [3, 2], 1.0 },
        { "heatbath", [2, 2], 1.0 },
        { "heatbath", [3, 5], 2.0 },
        { "heatbath", [8, 4], 0.0 },
        { "heatbath", [6, 6], 1.2 },
        { "overrelaxed", [3, 4], 2.0 },
        { "overrelaxed", [8, 8], 1.0 },
        { "mixture", [4, 4], 1.0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plaquette_and_charge_are_exact(string sampler, int[] extents, double beta)
    {
        using var device = CpuDevices.Best();
        var lattice = new LatticeGeometry(extents);
        ITransition transition = sampler switch
        {
            "leapfrog" => HamiltonianMonteCarlo.Tuned(new Leapfrog(), 1.3, 0.8),
            "omelyan2" => HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1.3, 3),
            "random lengths" => HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1.3, 3).WithLengthSpread(0.6),
            "force_gradient4" => HamiltonianMonteCarlo.Fixed(new ForceGradient4(), 1.3, 2),
            "heatbath" => new HeatBath(),
            "overrelaxed" => new HeatBath(2),
            _ => new Mixture((HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 4), 2), (new HeatBath(1), 1)),
        };
        using var chain = MarkovChain.Create(device, new MarkovChainSettings
        {
            Action = new WilsonAction(lattice, beta),
            Transition = transition,
            Replicas = Replicas,
            Seed = 77,
            Thermalization = 150,
            Observables = [ObservableRegistry.Create("plaquette", lattice, GaugeGroup.U1), ObservableRegistry.Create("topological_charge_squared", lattice, GaugeGroup.U1)],
        });
        var block = chain.NewBlock(150);
        chain.Fill(block);
        Compare(block.Observables["plaquette"], ExactTorus.Plaquette(beta, lattice.Volume), "plaquette");
        Compare(block.Observables["topological_charge_squared"], ExactTorus.ChargeSquared(beta, lattice.Volume), "charge squared");
        for (int row = 0; row < block.Rows; row++) Assert.Equal(-beta * lattice.Volume * block.Observables["plaquette"][row], block.Action[row], 1e-11 * lattice.Volume);
    }

    [Fact]
    public void Flow_proposals_of_another_coupling_are_corrected()
    {
        using var device = CpuDevices.Best();
        var target = new OpenCylinder(4, 3, 2.0);
        foreach (bool mixed in new[] { false, true })
        {
            var flow = new FlowMetropolis(new CylinderProposals(new OpenCylinder(4, 3, 1.5)));
            using var chain = MarkovChain.Create(device, new MarkovChainSettings
            {
                Action = target.Action(),
                Transition = mixed ? new Mixture((flow, 1), (HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 4), 1), (flow, 1)) : flow,
                Replicas = Replicas,
                Seed = 5,
                Thermalization = 60,
            });
            var block = chain.NewBlock(60);
            chain.Fill(block);
            Compare([.. block.Action.Select(action => -action / (2.0 * 9))], ExactTorus.BesselRatio(1, 2.0), "plaquette");
            var proposals = new CylinderProposals(new OpenCylinder(4, 3, 1.5));
            var logQ = new double[block.Rows];
            proposals.LogDensity(block.Field, logQ);
            for (int row = 0; row < block.Rows; row++)
            {
                Assert.Equal(logQ[row], block.LogQ[row], 1e-11);
                Assert.Equal(-block.Action[row] - logQ[row], block.LogWeight[row], 1e-11);
            }
        }
    }

    // Row order is draw after draw, replica within draw: means of replicas are independent.
    private static void Compare(double[] values, double exact, string what)
    {
        var means = new double[Replicas];
        for (int row = 0; row < values.Length; row++) means[row % Replicas] += values[row] * Replicas / values.Length;
        double mean = means.Average();
        double error = Math.Sqrt(means.Sum(x => (x - mean) * (x - mean)) / Replicas / (Replicas - 1.0));
        Assert.True(Math.Abs(mean - exact) <= (Sigmas * error) + 1e-9, $"{what}: {mean} ± {error}, exact {exact}");
    }
}

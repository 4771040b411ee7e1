using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Compute;
using LatticeFlow.Exact;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>Mixtures of the proposals of two densities: here of free plaquettes at two couplings, both of which are known.</summary>
public class DefensiveProposalsTests
{
    private const double Share = 0.2;
    private static readonly LatticeGeometry Lattice = new(4, 4);
    private static readonly FieldSpace Space = new(LatticeFlow.Groups.GaugeGroup.U1, Lattice);

    [Fact]
    public void The_density_is_that_of_the_mixture_wherever_a_proposal_is_from()
    {
        using var device = CpuDevices.Best();
        using var first = Prior(device, 8);
        using var second = Prior(device, 1);
        using var mixture = new DefensiveProposals(first, Prior(device, 1), Share);
        const int Count = 2000;
        double[] configurations = new double[Count * Space.Numbers], logQ = new double[Count], ofFirst = new double[Count], ofSecond = new double[Count];
        mixture.Draw(3, 0, Count, configurations, logQ);
        first.LogDensity(configurations, ofFirst);
        second.LogDensity(configurations, ofSecond);
        for (int n = 0; n < Count; n++)
            Assert.Equal(Math.Log(((1 - Share) * Math.Exp(ofFirst[n])) + (Share * Math.Exp(ofSecond[n]))), logQ[n], 1e-11 * Math.Max(1, Math.Abs(logQ[n])));

        // ⟨r/(mixture)⟩ over the mixture is 1 for every density r; 5 errors, one false alarm in 1.7 million.
        double[] ratio = [.. ofSecond.Zip(logQ, (r, q) => Math.Exp(r - q))];
        double mean = ratio.Average(), error = Math.Sqrt(ratio.Sum(x => (x - mean) * (x - mean)) / Count / (Count - 1.0));
        Assert.InRange(mean, 1 - (5 * error), 1 + (5 * error));
        Assert.True(ratio.Max() <= (1 / Share) + 1e-9);
    }

    [Fact]
    public void A_proposal_depends_on_its_number_alone()
    {
        using var device = CpuDevices.Best();
        using var first = Prior(device, 8);
        using var mixture = new DefensiveProposals(first, Prior(device, 1), Share);
        double[] together = new double[40 * Space.Numbers], logQ = new double[40], apart = new double[7 * Space.Numbers];
        mixture.Draw(3, 0, 40, together, logQ);
        mixture.Draw(3, 21, 7, apart, new double[7]);
        Assert.Equal(together.AsSpan(21 * Space.Numbers, 7 * Space.Numbers).ToArray(), apart);
    }

    /// <summary>A flow that is too narrow, at β = 8 for a target at β = 2, has a chain that hardly moves; with a share of β = 2 the chain is right. 4 errors: 6·10⁻⁵.</summary>
    [Fact]
    public void A_chain_of_them_is_exact_where_the_flow_alone_is_stuck()
    {
        using var device = CpuDevices.Best();
        using var narrow = Prior(device, 8);
        using var mixture = new DefensiveProposals(narrow, Prior(device, 2), Share);
        using var chain = MarkovChain.Create(device, new()
        {
            Action = new WilsonAction(Lattice, 2),
            Transition = new FlowMetropolis(mixture),
            Replicas = 16,
            Seed = 11,
            Thermalization = 100,
            Observables = [ObservableRegistry.Create("plaquette", Lattice, Space.Type)],
        });
        var block = chain.NewBlock(1500);
        chain.Fill(block);
        double[] plaquette = block.Observables["plaquette"];
        var result = GammaMethod.Analyze([.. Enumerable.Range(0, 16).Select(r => Enumerable.Range(0, 1500).Select(d => plaquette[(d * 16) + r]).ToArray())]);
        double exact = new TwoDimensionalU1(2, 4, 4).Plaquette;
        Assert.InRange(result.Mean, exact - (4 * result.Error), exact + (4 * result.Error));
        Assert.InRange(result.Error, 0, 0.01);
    }

    [Fact]
    public void Shares_and_sources_that_do_not_fit_are_refused()
    {
        using var device = CpuDevices.Best();
        using var one = Prior(device, 1);
        using var other = new FlowProposals(device, Precision.Double, new FlowModel([], new FreePlaquettePrior(1)), Space with { Lattice = new LatticeGeometry(2, 2) }, 4, 4);
        Assert.Throws<ArgumentException>(() => new DefensiveProposals(one, one, 0));
        Assert.Throws<ArgumentException>(() => new DefensiveProposals(one, other, 0.1));
    }

    private static FlowProposals Prior(ComputeDevice device, double beta) => new(device, Precision.Double, new FlowModel([], new FreePlaquettePrior(beta)), Space, 64, 64);
}

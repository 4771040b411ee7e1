using LatticeFlow.Analysis;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>A model that another program trained behaves here as it does there.</summary>
public class ForeignModelTests
{
    private const int Samples = 400_000;
    private const int Batch = 4000;
    private const double Beta = 2.0;

    // By d θ instead of normalised Haar measure, ln Z gains 128 ln 2π.
    private const double StatedLogZ = 287.98;
    private static readonly double HaarShift = 128 * Math.Log(2 * Math.PI);

    [Fact]
    public void The_tutorials_weights_have_the_stated_effective_sample_size_acceptance_and_partition_function()
    {
        var lattice = new LatticeGeometry(8, 8);
        using var device = InstructionSet.Best().Create(0);
        using var engine = FlowEngine.Create(device, Precision.Single, TutorialModel.Load(), new(GaugeGroup.U1, lattice), Batch);
        var table = PlaquetteTable.Links(lattice);
        var logWeights = new double[Samples];
        var (links, logDensity) = (new double[Batch * lattice.Links], new double[Batch]);
        for (int first = 0; first < Samples; first += Batch)
        {
            engine.Sample(7, first, links, logDensity);
            for (int r = 0; r < Batch; r++)
            {
                double sum = 0;
                int at = r * lattice.Links;
                for (int p = 0; p < lattice.Plaquettes; p++)
                    sum += Math.Cos(links[at + table[4 * p]] + links[at + table[(4 * p) + 1]] - links[at + table[(4 * p) + 2]] - links[at + table[(4 * p) + 3]]);
                logWeights[first + r] = (Beta * sum) - logDensity[r];
            }
        }

        var result = LogWeights.Analyze(logWeights);
        var chain = IndependenceChain.Run(logWeights, new HostRandom(8, Purpose.Accept).NextUniform);
        Assert.InRange(result.EffectiveSampleSize, 0.08, 0.10);
        Assert.InRange(chain.AcceptanceRate, 0.23, 0.25);
        Assert.InRange(result.LogZ + HaarShift - StatedLogZ, -0.02, 0.02);
    }
}

using BenchmarkDotNet.Attributes;
using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Benchmarks;

/// <summary>Whole transitions of two-dimensional U(1) on one thread. Divide by replicas · links (8 · 2L²) for the time of a link.</summary>
public class MarkovBenchmarks
{
    private const int Replicas = 8;
    private ComputeDevice device = null!;
    private MarkovChain chain = null!;

    /// <summary>L of an L×L lattice.</summary>
    [Params(16, 64)]
    public int Extent { get; set; }

    /// <summary>Leapfrog trajectories of 10 and of 20 steps differ by 10 steps; the rest is momenta, energies and the decision.</summary>
    [Params("leapfrog 10", "leapfrog 20", "heat bath", "heat bath, 1 overrelaxation")]
    public string Transition { get; set; } = string.Empty;

    /// <summary>Builds the chain.</summary>
    [GlobalSetup]
    public void Setup()
    {
        device = InstructionSet.Best().Create(1);
        chain = MarkovChain.Create(device, new MarkovChainSettings
        {
            Action = new WilsonAction(new LatticeGeometry(Extent, Extent), 2),
            Transition = Transition switch
            {
                "leapfrog 10" => HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 10),
                "leapfrog 20" => HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 20),
                "heat bath" => new HeatBath(),
                _ => new HeatBath(1),
            },
            Replicas = Replicas,
            Seed = 1,
        });
    }

    /// <summary>One transition of all replicas.</summary>
    [Benchmark]
    public void Step() => chain.Advance();

    /// <summary>Frees the chain.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        chain.Dispose();
        device.Dispose();
    }
}

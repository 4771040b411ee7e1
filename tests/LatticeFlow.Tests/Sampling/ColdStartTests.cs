using LatticeFlow.Actions;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>Hamiltonian chains that start with unit links leave them: from there every trajectory gains energy in proportion to the volume, and a Metropolis step would reject all of them.</summary>
public class ColdStartTests
{
    /// <summary>SU(3) on 4⁴ at β = 6: 0.594 within its fluctuations in each of eight chains, hot and cold by turns, and a tuned acceptance that is that of both. Seed fixed.</summary>
    [Theory]
    [InlineData(10, double.NaN)]
    [InlineData(0, 0.8)]
    public void Cold_chains_forget_their_start(int steps, double acceptance)
    {
        var transition = steps > 0 ? HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, steps) : HamiltonianMonteCarlo.Tuned(new Leapfrog(), 1, acceptance);
        var block = Draw(transition, ChainStart.Mixed, 60);
        for (int replica = 0; replica < block.Replicas; replica++) Assert.InRange(Plaquette(block, replica), 0.55, 0.65);
        Assert.InRange(block.Accepted.Average(value => (double)value), steps > 0 ? 0.5 : 0.65, 0.95);
    }

    /// <summary>Without thermalization every step is one of the exact chain, and this one stays where it is.</summary>
    [Fact]
    public void Nothing_is_taken_without_a_decision_after_thermalization() => Assert.Equal(1, Plaquette(Draw(HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 10), ChainStart.Cold, 0), 0), 1e-12);

    private static double Plaquette(EnsembleBlock block, int replica) => Enumerable.Range(0, block.Draws).Average(draw => block.Observables["plaquette"][(draw * block.Replicas) + replica]);

    private static EnsembleBlock Draw(ITransition transition, ChainStart start, int thermalization)
    {
        var lattice = new LatticeGeometry(4, 4, 4, 4);
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new()
        {
            Action = new WilsonAction(lattice, GaugeGroup.SU3, 6),
            Transition = transition,
            Replicas = 8,
            Seed = 5,
            Start = start,
            Thermalization = thermalization,
            Observables = [ObservableRegistry.Create("plaquette", lattice, GaugeGroup.SU3)],
        });
        chain.Thermalize();
        var block = chain.NewBlock(20);
        chain.Fill(block);
        return block;
    }
}

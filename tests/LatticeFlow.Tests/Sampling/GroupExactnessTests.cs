using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Exact;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>
/// Hamiltonian Monte Carlo and heat bath of SU(N), each on its own, against exact results in two dimensions, an independent program in four, and strong coupling. The same at errors of 10⁻⁴ and less:
/// scripts/study-samplers.sh, docs/benchmarks/samplers.md.
/// </summary>
public class GroupExactnessTests
{
    // This far off by chance: 6·10⁻⁵ a comparison, 50 comparisons, fixed seeds.
    private const double Sigmas = 4;

    private static readonly (string Name, ITransition Transition)[] Samplers =
    [
        ("hmc", HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 6).WithLengthSpread(0.4)),
        ("heatbath", new HeatBath(1)),
    ];

    [Theory]
    [InlineData("SU2", 2.2, new[] { 4, 4 })]
    [InlineData("SU2", 6.0, new[] { 3, 8 })]
    [InlineData("SU3", 5.0, new[] { 4, 4 })]
    [InlineData("SU3", 12.0, new[] { 6, 5 })]
    [InlineData("SU3", 5.0, new[] { 2, 3 })]
    [InlineData("SU2", 3.0, new[] { 2, 2 })]
    [InlineData("SU4", 14.0, new[] { 4, 6 })]
    public void Loops_in_two_dimensions_are_exact(string name, double beta, int[] extents)
    {
        var group = GaugeGroup.Named(name);
        var lattice = new LatticeGeometry(extents);
        var exact = new TwoDimensionalSUN(group.Order, beta, extents[0], extents[1]);
        string[] observables = ["plaquette", "wilson_loop_1x2", "wilson_loop_2x2"];
        double[] expected = [exact.Plaquette, exact.WilsonLoop(1, 2), exact.WilsonLoop(2, 2)];
        foreach (var (sampler, transition) in Samplers)
        {
            var results = Means(new WilsonAction(lattice, group, beta), transition, observables, replicas: 32, draws: 400);
            for (int i = 0; i < expected.Length; i++) AssertAgrees(results[i], expected[i], 0, $"{name}, {sampler}, {observables[i]}");
        }
    }

    // Means and errors of a heat-bath program of another author.
    [Theory]
    [InlineData("SU3", 2.0, 0.1288114, 2.84e-5)]
    [InlineData("SU3", 5.7, 0.5598619, 9.14e-5)]
    [InlineData("SU2", 2.2, 0.5747193, 1.096e-4)]
    public void Plaquettes_in_four_dimensions_are_those_of_another_program(string name, double beta, double expected, double error)
    {
        foreach (var (sampler, transition) in Samplers)
        {
            var results = Means(new WilsonAction(new LatticeGeometry(4, 4, 4, 4), GaugeGroup.Named(name), beta), transition, ["plaquette"], replicas: 8, draws: 150);
            AssertAgrees(results[0], expected, error, $"{name}, {sampler}");
        }
    }

    [Theory]
    [InlineData(RectangleAction.Symanzik)]
    [InlineData(RectangleAction.Iwasaki)]
    public void Improved_actions_agree_with_strong_coupling(double c1)
    {
        var lattice = new LatticeGeometry(4, 4, 4, 4);
        var series = new StrongCoupling(3, lattice.Extents, 0.3, c1);
        foreach (var (sampler, transition) in Samplers)
        {
            var results = Means(new RectangleAction(lattice, GaugeGroup.SU3, 0.3, c1), transition, ["plaquette", "wilson_loop_1x2"], replicas: 8, draws: 50);
            AssertAgrees(results[0], series.Plaquette, series.Truncation, $"{sampler}, plaquette");
            AssertAgrees(results[1], series.Rectangle, series.Truncation, $"{sampler}, rectangle");
        }
    }

    private static GammaResult[] Means(IAction action, ITransition transition, string[] observables, int replicas, int draws)
    {
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new MarkovChainSettings
        {
            Action = action,
            Transition = transition,
            Replicas = replicas,
            Seed = 20261123,
            Thermalization = 80,
            Observables = [.. observables.Select(name => ObservableRegistry.Create(name, action.Lattice, action.Field))],
        });
        var block = chain.NewBlock(draws);
        chain.Fill(block);
        return
        [
            .. observables.Select(name => GammaMethod.Analyze(
                [.. Enumerable.Range(0, replicas).Select(r => Enumerable.Range(0, draws).Select(d => block.Observables[name][(d * replicas) + r]).ToArray())])),
        ];
    }

    private static void AssertAgrees(GammaResult result, double expected, double error, string what)
    {
        double both = Math.Sqrt((result.Error * result.Error) + (error * error));
        Assert.True(Math.Abs(result.Mean - expected) <= Sigmas * both, $"{what}: {result.Mean:F6} ± {result.Error:F6}, expected {expected:F6} ± {error:F6}");
        Assert.True(result.Error < 0.02 * Math.Abs(expected) + 2e-3, $"{what}: an error of {result.Error:F6} decides nothing");
    }
}

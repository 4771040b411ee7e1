using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Exact;
using LatticeFlow.Fields;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>
/// Chains of a scalar, each sampler on its own, against integrals over few sites, the free field, and an independent program. The same at smaller errors: scripts/study-samplers.sh,
/// docs/benchmarks/samplers.md.
/// </summary>
public class ScalarExactnessTests(ITestOutputHelper output)
{
    // This far off by chance: 6·10⁻⁵ a comparison, some 150 comparisons at fixed seeds: one set of seeds in 100 would fail.
    private const double Sigmas = 4;

    // By chance 3·10⁻³ a comparison, two comparisons at a fixed seed: one seed in 180 would fail.
    private const double ReferenceSigmas = 3;

    // Half a unit of time: after a whole one φ of few sites is often at the other end of its orbit, and errors of anticorrelated numbers are hard to tell.
    private static readonly Dictionary<string, ITransition> Samplers = new()
    {
        ["leapfrog"] = Hmc(new Leapfrog(), 0.5, 4),
        ["omelyan2"] = Hmc(new Omelyan2(), 0.5, 2),
        ["force_gradient4"] = Hmc(new ForceGradient4(), 0.5, 1),
        ["mixture"] = new Mixture((Hmc(new Leapfrog(), 0.5, 4), 1), (Hmc(new Omelyan2(), 0.2, 1), 2)),
        ["tempering"] = new ParallelTempering(Hmc(new Omelyan2(), 0.5, 2), 1, 0.7, 0.4),
    };

    public static TheoryData<string> Names => [.. Samplers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Few_sites_are_integrals(string sampler)
    {
        foreach (var (extents, massSquared, lambda) in new (int[], double, double)[]
        {
            ([1, 1], -2, 1.5),
            ([1, 1, 1], 0.8, 0),
            ([2, 1], 0.5, 3),
            ([1, 2, 1, 1], -3, 2),
            ([3, 1], -1.5, 1),
        })
        {
            var lattice = new LatticeGeometry(extents);
            var exact = new ScalarIntegral(lattice, massSquared, lambda);
            var results = Means(new Phi4Action(lattice, massSquared, lambda), Samplers[sampler], replicas: 64, draws: 600, stride: 1);
            AssertAgrees(results["phi_squared"][0], exact.MeanSquare, Sigmas);
            AssertAgrees(results["magnetization_squared"][0], exact.MagnetizationSquared, Sigmas);
            AssertAgrees(results["magnetization_abs"][0], exact.MagnetizationAbsolute, Sigmas, ScalarIntegral.KinkError);
            for (int t = 0; t < exact.TwoPoint.Length; t++) AssertAgrees(results["two_point"][t], exact.TwoPoint[t], Sigmas);
        }
    }

    // Two wells, a barrier of 9 between them: a chain stays in one for thousands of trajectories, and a ladder does not.
    [Fact]
    public void A_ladder_crosses_a_barrier()
    {
        var action = new Phi4Action(new LatticeGeometry(1, 2), -6, 2);
        Assert.True(Crossings(new ParallelTempering(Hmc(new Omelyan2(), 1, 6), 1, 0.6, 0.35, 0.2, 0.1)) > 20 * Crossings(Hmc(new Omelyan2(), 1, 6)));

        int Crossings(ITransition transition)
        {
            using var device = CpuDevices.Best();
            using var chain = MarkovChain.Create(device, new() { Action = action, Transition = transition, Replicas = 16, Seed = 5, Thermalization = 50 });
            var block = chain.NewBlock(400);
            chain.Fill(block);
            int crossings = 0;
            for (int row = block.Replicas; row < block.Rows; row++) crossings += Magnetization(row) * Magnetization(row - block.Replicas) < 0 ? 1 : 0;
            return crossings;

            double Magnetization(int row) => block.Field[2 * row] + block.Field[(2 * row) + 1];
        }
    }

    [Theory]
    [InlineData(0.4, 8, 6)]
    [InlineData(1.0, 4, 3, 5)]
    [InlineData(0.6, 6, 2, 2, 4)]
    public void A_free_field_has_its_propagator(double massSquared, params int[] extents)
    {
        var exact = new FreeScalar(massSquared, extents);
        var results = Means(new Phi4Action(new LatticeGeometry(extents), massSquared, 0), Hmc(new Omelyan2(), 1, 5), replicas: 64, draws: 500, stride: 2);
        AssertAgrees(results["phi_squared"][0], exact.PhiSquared, Sigmas);
        AssertAgrees(results["magnetization_squared"][0], exact.MagnetizationSquared, Sigmas);
        AssertAgrees(results["magnetization_abs"][0], exact.MagnetizationAbsolute, Sigmas);
        AssertAgrees(results["magnetization_fourth"][0], exact.MagnetizationFourth, Sigmas);
        for (int t = 0; t < extents[0]; t++) AssertAgrees(results["two_point"][t], exact.TwoPoint(t), Sigmas);
    }

    // ⟨(Σφ)²⟩/V and ⟨φ²⟩ of a Metropolis program of another author, 16 million sweeps.
    [Fact]
    public void The_interacting_field_agrees_with_another_program()
    {
        var results = Means(new Phi4Action(new LatticeGeometry(8, 8), -4, 8), Hmc(new Omelyan2(), 1, 8), replicas: 128, draws: 800, stride: 2);
        AssertAgrees(results["magnetization_squared"][0], 0.7448, ReferenceSigmas, 0.0005);
        AssertAgrees(results["phi_squared"][0], 0.143458, ReferenceSigmas, 0.000008);
    }

    private static HamiltonianMonteCarlo Hmc(IIntegrator integrator, double length, int steps) => HamiltonianMonteCarlo.Fixed(integrator, length, steps).WithLengthSpread(0.4);

    private static Dictionary<string, GammaResult[]> Means(Phi4Action action, ITransition transition, int replicas, int draws, int stride)
    {
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new MarkovChainSettings
        {
            Action = action,
            Transition = transition,
            Replicas = replicas,
            Seed = 20261129,
            Thermalization = 60,
            Stride = stride,
            Observables = [.. ObservableRegistry.NamesFor(FieldType.Scalar).Select(name => ObservableRegistry.Create(name, action.Lattice, FieldType.Scalar))],
        });
        var block = chain.NewBlock(draws);
        chain.Fill(block);
        return block.Observables.ToDictionary(pair => pair.Key, pair =>
        {
            int components = pair.Value.Length / block.Rows;
            return Enumerable.Range(0, components).Select(c => GammaMethod.Analyze(
                [.. Enumerable.Range(0, replicas).Select(r => Enumerable.Range(0, draws).Select(d => pair.Value[(((d * replicas) + r) * components) + c]).ToArray())])).ToArray();
        });
    }

    private void AssertAgrees(GammaResult result, double expected, double sigmas, double error = 0)
    {
        double both = Math.Sqrt((result.Error * result.Error) + (error * error));
        string found = $"{ValueWithError.Format(result.Mean, result.Error)}, expected {expected:G7}, pull {(result.Mean - expected) / both:F2}";
        output.WriteLine(found);
        Assert.True(Math.Abs(result.Mean - expected) <= sigmas * both, found);
        Assert.True(result.Error < (0.03 * Math.Abs(expected)) + 2e-3, $"{found}: the error decides nothing");
    }
}

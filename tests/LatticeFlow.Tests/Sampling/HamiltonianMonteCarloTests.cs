using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

public class HamiltonianMonteCarloTests
{
    // Rounding of 2·40 updates of angles of order 10, amplified by the mild chaos of a short trajectory.
    private const double ReversibilityTolerance = 1e-11;

    // ΔH is even in ε beyond ε², so halving ε shifts the fitted power by O(ε²).
    private const double OrderTolerance = 0.1;

    // By chance 3·10⁻³ a comparison; 3 comparisons at a fixed seed.
    private const double Sigmas = 3;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var row in CpuDevices.Supported)
            {
                foreach (var integrator in Integrators.All) data.Add(row, integrator.Name);
            }

            return data;
        }
    }

    public static TheoryData<string> AllIntegrators => [.. Integrators.All.Select(integrator => integrator.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trajectories_run_backwards(string instructionSet, string integrator)
    {
        using var device = CpuDevices.Create(instructionSet);
        foreach (int[] extents in new int[][] { [8, 8], [3, 1], [3, 4, 2], [2, 2, 3, 2] })
            Assert.True(device.Use(Precision.Double, new Reversal(new WilsonAction(new LatticeGeometry(extents), 2), Integrators.Named(integrator))) < ReversibilityTolerance);
    }

    [Theory]
    [MemberData(nameof(AllIntegrators))]
    public void Integrators_are_palindromes_of_the_right_length(string name)
    {
        var parts = Integrators.Named(name).Trajectory(7);
        Assert.Equal(parts, parts.Reverse());
        Assert.Equal(7, parts.Where(part => part.Update != IntegratorUpdate.Drift).Sum(part => part.Coefficient), 1e-13);
        Assert.Equal(7, parts.Where(part => part.Update == IntegratorUpdate.Drift).Sum(part => part.Coefficient), 1e-13);
        Assert.Equal((7 * Integrators.Named(name).ForcesOfStep) + 1, parts.Sum(Forces));
    }

    [Fact]
    public void Omelyan_s_parameter_minimises_the_error()
    {
        // Any λ gives an exact algorithm of second order. The least ((1 − 6λ + 6λ²)/12)² + ((1 − 6λ)/24)² in closed form, of the paper of 2003, eq. (31).
        double root = Math.Cbrt((2 * Math.Sqrt(326)) + 36);
        Assert.Equal(Omelyan2.Lambda, 0.5 - (root / 12) + (1 / (6 * root)), 1e-15);
        double Error(double lambda) => Math.Pow((1 - (6 * lambda) + (6 * lambda * lambda)) / 12, 2) + Math.Pow((1 - (6 * lambda)) / 24, 2);
        Assert.All(new[] { -1e-4, 1e-4 }, shift => Assert.True(Error(Omelyan2.Lambda + shift) > Error(Omelyan2.Lambda)));
    }

    [Theory]
    [MemberData(nameof(AllIntegrators))]
    public void Energy_error_is_of_the_order_of_the_integrator(string name)
    {
        using var device = CpuDevices.Best();
        int order = name == "force_gradient4" ? 4 : 2;
        double[] errors = [.. new[] { 20, 40, 80 }.Select(steps => RootMeanSquare(Run(device, name, steps, 1, 256).Outcome.DeltaH))];
        Assert.Equal(order, Math.Log2(errors[0] / errors[1]), OrderTolerance);
        Assert.Equal(order, Math.Log2(errors[1] / errors[2]), OrderTolerance);
    }

    [Theory]
    [MemberData(nameof(AllIntegrators))]
    public void Mean_of_exp_minus_delta_H_is_one(string name)
    {
        using var device = CpuDevices.Best();
        double[] values = [.. Run(device, name, 4, 100, 8192).Outcome.DeltaH.Select(delta => Math.Exp(-delta))];
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / values.Length / (values.Length - 1.0));
        Assert.True(error < 0.05);
        Assert.True(Math.Abs(mean - 1) < Sigmas * error, $"{mean} ± {error}");
    }

    // The error that an honest analysis of half the data gives must hold for the other: with one length, modes whose half period fits into it hardly move.
    [Fact]
    public void Random_lengths_move_modes_that_one_length_leaves_in_place()
    {
        const double beta = 16;
        using var device = CpuDevices.Best();
        var lattice = new LatticeGeometry(2, 2);

        // Four plaquettes of harmonic links: the fastest mode has omega = sqrt(8 beta), and this length is half its period.
        double length = Math.PI / Math.Sqrt(8 * beta);
        double tau = AutocorrelationOfAction(device, lattice, beta, HamiltonianMonteCarlo.Fixed(new Omelyan2(), length, 4));
        double shorter = AutocorrelationOfAction(device, lattice, beta, HamiltonianMonteCarlo.Fixed(new Omelyan2(), length, 4).WithLengthSpread(0.5));
        Assert.True(shorter < tau, $"tau_int of S is {shorter:F2} with random lengths and {tau:F2} with one");
    }

    [Fact]
    public void Random_lengths_are_the_same_for_the_same_seed_and_differ_from_step_to_step()
    {
        using var device = CpuDevices.Best();
        double[] first = DeltaH(0.5), again = DeltaH(0.5), none = DeltaH(0);
        Assert.Equal(first, again);
        Assert.NotEqual(first, none);
        Assert.Throws<ArgumentException>(() => HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 4).WithLengthSpread(1));

        double[] DeltaH(double spread)
        {
            using var chain = MarkovChain.Create(device, new()
            {
                Action = new WilsonAction(new LatticeGeometry(4, 4), 2),
                Transition = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 4).WithLengthSpread(spread),
                Replicas = 2,
                Seed = 11,
            });
            var block = chain.NewBlock(4);
            chain.Fill(block);
            return block.DeltaH;
        }
    }

    [Fact]
    public void Tuning_reaches_its_target_and_then_stands_still()
    {
        using var device = CpuDevices.Best();
        var lattice = new LatticeGeometry(8, 8);
        using var chain = MarkovChain.Create(device, new MarkovChainSettings
        {
            Action = new WilsonAction(lattice, 4),
            Transition = HamiltonianMonteCarlo.Tuned(new Leapfrog(), 2, 0.8),
            Replicas = 64,
            Seed = 3,
            Thermalization = 200,
        });
        chain.Thermalize();
        var tuned = chain.Statistics[0];
        Assert.Equal(0, tuned.Proposed);
        Assert.True(tuned.Steps > 3);
        chain.Fill(chain.NewBlock(200));
        Assert.Equal(tuned.StepSize, chain.Statistics[0].StepSize);
        Assert.Equal(2, chain.Statistics[0].StepSize * chain.Statistics[0].Steps, 1e-12);
        Assert.InRange(chain.Statistics[0].Acceptance, 0.7, 0.9);
    }

    [Fact]
    public void Energies_that_are_no_numbers_are_rejected()
    {
        using var device = CpuDevices.Best();
        var lattice = new LatticeGeometry(4, 4);

        // Momenta of order 10²⁰⁰ overflow ½p².
        using var chain = MarkovChain.Create(device, new MarkovChainSettings
        {
            Action = new WilsonAction(lattice, 1e200),
            Transition = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 2),
            Replicas = 3,
            Seed = 3,
        });
        var start = chain.Field.ToArray();
        chain.Advance();
        Assert.All(chain.Outcome.Accepted, flag => Assert.Equal(0, flag));
        Assert.Equal(start, chain.Field.ToArray());
    }

    [Fact]
    public void Impossible_settings_are_refused()
    {
        Assert.Throws<ArgumentException>(() => HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 0));
        Assert.Throws<ArgumentException>(() => HamiltonianMonteCarlo.Fixed(new Leapfrog(), 0, 1));
        Assert.Throws<ArgumentException>(() => HamiltonianMonteCarlo.Tuned(new Leapfrog(), 1, 1));
        Assert.Contains("leapfrog", Assert.Throws<ArgumentException>(() => Integrators.Named("leepfrog")).Message);
    }

    private static MarkovChain Run(ComputeDevice device, string integrator, int steps, int transitions, int replicas)
    {
        var chain = MarkovChain.Create(device, new MarkovChainSettings
        {
            Action = new WilsonAction(new LatticeGeometry(4, 4), 2),
            Transition = HamiltonianMonteCarlo.Fixed(Integrators.Named(integrator), 1, steps),
            Replicas = replicas,
            Seed = 9,
        });
        for (int i = 0; i < transitions; i++) chain.Advance();
        return chain;
    }

    private static int Forces(IntegratorPart part) => part.Update switch
    {
        IntegratorUpdate.Drift => 0,
        IntegratorUpdate.Kick => 1,
        _ => 2,
    };

    private static double AutocorrelationOfAction(ComputeDevice device, LatticeGeometry lattice, double beta, HamiltonianMonteCarlo transition)
    {
        const int replicas = 64, draws = 2000;
        using var chain = MarkovChain.Create(device, new() { Action = new WilsonAction(lattice, beta), Transition = transition, Replicas = replicas, Seed = 5, Thermalization = 200 });
        var block = chain.NewBlock(draws);
        chain.Fill(block);
        return GammaMethod.Analyze([.. Enumerable.Range(0, replicas).Select(r => Enumerable.Range(0, draws).Select(d => block.Action[(d * replicas) + r]).ToArray())]).TauInt;
    }

    private static double RootMeanSquare(double[] values) => Math.Sqrt(values.Sum(x => x * x) / values.Length);

    private sealed class Reversal(IAction action, IIntegrator integrator) : DoubleLaneUser<double>
    {
        private const int Replicas = 5;
        private const int Steps = 20;

        protected override double Use<T>(ComputeDevice device)
        {
            var layout = LatticeLayout.OfReplicas<T>(device, action.Lattice, Replicas);
            var shape = layout.Shape;
            using var stencil = new StencilTables(device, layout);
            using var coefficients = new ActionCoefficients<T>(device, layout);
            using var group = action.Field.Bind<T>(device, stencil);
            using var links = device.NewField<T>(shape, action.Lattice.Links);
            using var momenta = device.NewField<T>(shape, action.Lattice.Links);
            using var stepSize = device.NewShared<T>(1);
            using var steps = action.Bind(device, stencil, coefficients);
            using var trajectory = new Trajectory<T>(integrator, steps, group);
            stepSize.WriteShared([0.05]);
            var program = new KernelProgram(shape);
            trajectory.Append(program, Steps, links, momenta, stepSize);
            var random = new Random(4);
            var start = ActionLaws.RandomLinks(random, Replicas * action.Lattice.Links);
            var p = ActionLaws.RandomLinks(random, start.Length);
            links.WriteReplicas(start);
            momenta.WriteReplicas(p);
            device.Run(program);
            var end = new double[start.Length];
            links.ReadReplicas(end);
            Assert.True(end.Zip(start, (a, b) => Math.Abs(a - b)).Max() > 0.1);
            var reversed = new double[start.Length];
            momenta.ReadReplicas(reversed);
            momenta.WriteReplicas([.. reversed.Select(x => -x)]);
            device.Run(program);
            links.ReadReplicas(end);
            momenta.ReadReplicas(reversed);
            return Math.Max(end.Zip(start, (a, b) => Math.Abs(a - b)).Max(), reversed.Zip(p, (a, b) => Math.Abs(a + b)).Max());
        }
    }
}

using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>Microcanonical Monte Carlo: reversible, with the volume factor that it states, exact, and the same test catches a wrong factor.</summary>
public class MicrocanonicalTests(ITestOutputHelper output)
{
    private const int Replicas = 256;

    // Replicas are independent, so the error of their mean is known; this far off by chance: 6·10⁻⁵ a comparison, 10 comparisons, fixed seed.
    private const double Sigmas = 4;

    // Rounding of 1e-16, times the growth of neighbouring trajectories over 2 · 8 steps.
    private const double Reversible = 1e-11;

    // Central differences of step 1e-4 are good to some 1e-8, in the logarithm of a determinant of 40 rows.
    private const double Difference = 1e-4;
    private const double DeterminantTolerance = 1e-6;
    private const int RankReplicas = 65536;
    private const int Seed = 20261130;

    private static readonly HamiltonianMonteCarlo Few = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1.6, 3);

    public static TheoryData<string> Theories => ["U1", "SU2", "SU3", "scalar"];

    [Theory]
    [MemberData(nameof(Theories))]
    public void A_trajectory_runs_backwards(string theory)
    {
        using var device = CpuDevices.Best();
        var action = Of(theory, new(4, 3));
        using var chain = MarkovChain.Create(device, new() { Action = action, Transition = HamiltonianMonteCarlo.Fixed(new Leapfrog(), 0.5, 10), Replicas = 5, Seed = 2 });
        for (int i = 0; i < 20; i++) chain.Advance();
        foreach (IIntegrator integrator in (IIntegrator[])[new Leapfrog(), new Omelyan2()])
        {
            var mchmc = new MicrocanonicalMonteCarlo(HamiltonianMonteCarlo.Fixed(integrator, 1, 8));
            Assert.InRange(Reversibility.LargestDeviation(device, action, mchmc, 8, chain.Field.ToArray(), 4), 0, Reversible);
        }
    }

    /// <summary>ln of the determinant of the whole map of field and direction, by differences, against the (d − 1) Σ ln z that enters the decision.</summary>
    [Theory]
    [MemberData(nameof(Theories))]
    public void The_energy_change_of_the_kicks_is_the_volume_factor_of_the_map(string theory)
    {
        using var device = CpuDevices.Best();
        var (determinant, stated) = device.Use(Precision.Double, new Jacobian(Of(theory, theory.StartsWith("SU", StringComparison.Ordinal) ? new(2, 1) : new(3, 2))));
        output.WriteLine($"ln det {determinant:R}, stated {-stated:R}");
        Assert.True(Math.Abs(stated) > 0.01, "the volume hardly changes: there is nothing to see");
        Assert.Equal(-stated, determinant, DeterminantTolerance);
    }

    [Theory]
    [InlineData("leapfrog")]
    [InlineData("omelyan2")]
    public void The_energy_error_falls_with_the_square_of_the_step(string integrator)
    {
        using var device = CpuDevices.Best();
        double Error(int steps)
        {
            var settings = new MarkovChainSettings
            {
                Action = new WilsonAction(new(6, 6), GaugeGroup.SU2, 3),
                Transition = new Mixture((new HeatBath(), 10), (new MicrocanonicalMonteCarlo(HamiltonianMonteCarlo.Fixed(Integrators.Named(integrator), 1, steps)), 1)),
                Replicas = 64,
                Seed = 8,
            };
            using var chain = MarkovChain.Create(device, settings);
            chain.Advance();
            return chain.Outcome.DeltaH.Average(Math.Abs);
        }

        // The same starts and directions: steps of half the size leave a quarter, up to the next order.
        double ratio = Error(12) / Error(24);
        output.WriteLine($"{ratio:F3}");
        Assert.InRange(ratio, 3.6, 4.6);
    }

    public static TheoryData<string, int[], double, string> Exactly => new()
    {
        { "U1", [4, 4], 2.0, "plaquette" },
        { "U1", [5, 3], 1.0, "topological_charge_squared" },
        { "SU2", [4, 4], 2.5, "plaquette" },
        { "SU3", [4, 3], 4.0, "plaquette" },
        { "scalar", [4, 4], 0.5, "phi_squared" },
        { "scalar", [3, 2], 1.0, "magnetization_squared" },
    };

    [Theory]
    [MemberData(nameof(Exactly))]
    public void Means_are_exact(string theory, int[] extents, double coupling, string observable)
    {
        using var device = CpuDevices.Best();
        var lattice = new LatticeGeometry(extents);
        bool isScalar = theory == "scalar";
        IAction action = isScalar ? new Phi4Action(lattice, coupling, 0) : new WilsonAction(lattice, GaugeGroup.Named(theory), coupling);
        using var chain = MarkovChain.Create(device, new()
        {
            Action = action,
            Transition = new MicrocanonicalMonteCarlo(HamiltonianMonteCarlo.Tuned(new Omelyan2(), 1.3, 0.7).WithLengthSpread(0.3)),
            Replicas = Replicas,
            Seed = 11,
            Thermalization = 100,
            Observables = [ObservableRegistry.Create(observable, lattice, action.Field)],
        });
        var block = chain.NewBlock(100);
        chain.Fill(block);
        var exact = new ExactResults(isScalar ? new TheoryDocument("scalar", "phi4", double.NaN, extents) { MassSquared = coupling, Lambda = 0 } : new TheoryDocument(theory, "wilson", coupling, extents)).Value(observable)!.Value;
        var means = new double[Replicas];
        double[] values = block.Observables[observable];
        for (int row = 0; row < values.Length; row++) means[row % Replicas] += values[row] * Replicas / values.Length;
        double mean = means.Average(), error = Math.Sqrt(means.Sum(x => (x - mean) * (x - mean)) / Replicas / (Replicas - 1.0));
        Assert.True(Math.Abs(mean - exact) <= Sigmas * error, $"{mean} ± {error}, exact {exact}");
        Assert.InRange(chain.Statistics.Single().Acceptance, 0.4, 0.999);
        double[] metric = [.. block.DeltaH.Select(delta => Math.Exp(-delta))];
        Assert.Equal(1, metric.Average(), 0.1);
    }

    [Fact]
    public void Ranks_are_uniform()
    {
        foreach (var (target, transition) in new (IExactTarget, ITransition)[]
        {
            (new OpenCylinder(4, 3, 2.0), new MicrocanonicalMonteCarlo(Few)),
            (new ScalarTarget(1, 1, 2, 2), new MicrocanonicalMonteCarlo(Few)),
            (new ClosedTorus(3, 3, 1.5), new MicrocanonicalMonteCarlo(HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1.6, 2))),
        })
        {
            double chiSquared = Rank(target, transition);
            Assert.True(chiSquared < RankTest.AlarmLevel, $"chi squared {chiSquared:F1}");
        }
    }

    [Theory]
    [InlineData("no volume factor", 0)]
    [InlineData("a tenth less", 0.9)]
    [InlineData("twice", 2)]
    public void A_wrong_volume_factor_is_caught(string fault, double factor)
    {
        double chiSquared = Rank(new OpenCylinder(4, 3, 2.0), new MicrocanonicalMonteCarlo(Few) { FaultyFactor = factor });
        Assert.True(chiSquared > RankTest.CaughtLevel, $"{fault}: chi squared {chiSquared:F1}");
    }

    /// <summary>Of four sites: d = 4 in place of d − 1 = 3.</summary>
    [Fact]
    public void The_dimension_of_space_in_place_of_that_of_the_sphere_is_caught()
    {
        double chiSquared = Rank(new ScalarTarget(1, 1, 2, 2), new MicrocanonicalMonteCarlo(Few) { FaultyFactor = 4.0 / 3 });
        Assert.True(chiSquared > RankTest.CaughtLevel, $"chi squared {chiSquared:F1}");
    }

    [Fact]
    public void A_decision_that_is_not_asked_is_caught()
    {
        double chiSquared = Rank(new OpenCylinder(4, 3, 2.0), new MicrocanonicalMonteCarlo(Few.With(new HamiltonianFaults { DeltaHScale = 0 })));
        Assert.True(chiSquared > RankTest.CaughtLevel, $"chi squared {chiSquared:F1}");
    }

    [Theory]
    [MemberData(nameof(Theories))]
    public void A_saved_chain_continues_bit_by_bit(string theory)
    {
        using var device = CpuDevices.Best();
        foreach (int replicas in new[] { 1, 11 })
        {
            var settings = new MarkovChainSettings
            {
                Action = Of(theory, new(8, 8)),
                Transition = new MicrocanonicalMonteCarlo(HamiltonianMonteCarlo.Tuned(new Leapfrog(), 1, 0.7).WithLengthSpread(0.2)),
                Replicas = replicas,
                Seed = 9,
                Thermalization = 25,
            };
            using var chain = MarkovChain.Create(device, settings);
            foreach (int step in new[] { 7, 23 })
            {
                for (int i = 0; i < step; i++) chain.Advance();
                var saved = chain.Save();
                using var resumed = MarkovChain.Create(device, settings);
                resumed.Restore(saved);
                for (int i = 0; i < 6; i++) resumed.Advance();
                for (int i = 0; i < 6; i++) chain.Advance();
                Assert.Equal(chain.Save(), resumed.Save());
                Assert.Equal(chain.Outcome.DeltaH, resumed.Outcome.DeltaH);
            }
        }
    }

    [Fact]
    public void What_has_no_isokinetic_form_is_refused()
    {
        Assert.Contains("force_gradient4", Assert.Throws<ArgumentException>(() => new MicrocanonicalMonteCarlo(HamiltonianMonteCarlo.Fixed(new ForceGradient4(), 1, 2))).Message);
        Assert.Contains("one time scale", Assert.Throws<ArgumentException>(() => new MicrocanonicalMonteCarlo(HamiltonianMonteCarlo.Fixed([new(new Leapfrog(), 2, 1), new(new Leapfrog(), 2, 0)], 1))).Message);
        using var device = CpuDevices.Best();
        Assert.Contains("at least two", Assert.Throws<NotSupportedException>(() => MarkovChain.Create(device, new() { Action = new Phi4Action(new(1, 1), 1, 1), Transition = new MicrocanonicalMonteCarlo(Few), Replicas = 1, Seed = 1 })).Message);
    }

    private static IAction Of(string theory, LatticeGeometry lattice) => theory == "scalar" ? new Phi4Action(lattice, -1, 2) : new WilsonAction(lattice, GaugeGroup.Named(theory), 2.5);

    private double Rank(IExactTarget target, ITransition transition)
    {
        using var device = CpuDevices.Best();
        double chiSquared = device.Use(Precision.Double, new RankTest(target, transition, transition, RankReplicas, Seed));
        output.WriteLine($"chi squared {chiSquared:F1}");
        return chiSquared;
    }

    // Coordinates of the start are tangents of the field and of the sphere, those of the end as well; a replica for each end of a difference, the last one is the start itself.
    private sealed class Jacobian(IAction action) : DoubleLaneUser<(double Determinant, double Stated)>
    {
        private const int Steps = 2;

        protected override (double Determinant, double Stated) Use<T>(ComputeDevice device)
        {
            var space = new FieldSpace(action.Field, action.Lattice);
            int d = space.Tangents, coordinates = (2 * d) - 1, replicas = (2 * coordinates) + 1;
            var random = new Random(3);
            var startField = space.Start();
            space.Retract(startField, [.. Enumerable.Range(0, d).Select(_ => 0.7 * Normal(random))]);
            double[] startMomenta = OnSphere([.. Enumerable.Range(0, d).Select(_ => Normal(random))]);
            double[][] startBasis = TangentBasis(startMomenta);
            var fields = new double[replicas * space.Numbers];
            var momenta = new double[replicas * d];
            for (int r = 0; r < replicas; r++)
            {
                var tangent = new double[d];
                double[] direction = startMomenta;
                double step = r % 2 == 0 ? Difference : -Difference;
                int coordinate = r / 2;
                if (coordinate < d) tangent[coordinate] = step;
                else if (coordinate < coordinates) direction = OnSphere([.. startMomenta.Select((p, i) => p + (step * startBasis[coordinate - d][i]))]);
                var field = fields.AsSpan(r * space.Numbers, space.Numbers);
                startField.CopyTo(field);
                space.Retract(field, tangent);
                direction.CopyTo(momenta, r * d);
            }

            var layout = LatticeLayout.OfReplicas<T>(device, action.Lattice, replicas);
            using var stencil = new StencilTables(device, layout);
            using var steps = action.Field.Bind<T>(device, stencil);
            using var coefficients = new ActionCoefficients<T>(device, layout);
            using var bound = action.Bind(device, stencil, coefficients);
            using var deviceField = steps.NewField();
            using var deviceMomenta = steps.NewTangents();
            using var stepSize = device.NewShared<T>(1);
            using var energies = device.NewSums<T>(layout.Shape, DecideTrajectory<T>.Element.Count);
            using var trajectory = new IsokineticTrajectory<T>(new Leapfrog(), device, layout, d, bound, steps, 1);
            stepSize.WriteShared([0.3]);
            deviceField.WriteReplicas(fields);
            deviceMomenta.WriteReplicas(momenta);
            var program = new KernelProgram(layout.Shape);
            trajectory.Append(program, Steps, deviceField, deviceMomenta, stepSize, energies);
            device.Run(program);
            deviceField.ReadReplicas(fields);
            deviceMomenta.ReadReplicas(momenta);
            var all = new double[replicas * DecideTrajectory<T>.Element.Count];
            energies.ReadReplicas(all);

            double[] end = momenta[((replicas - 1) * d)..];
            Assert.Equal(d, end.Sum(p => p * p), 1e-10 * d);
            double[][] endBasis = TangentBasis(end);
            var matrix = new double[coordinates, coordinates];
            var difference = new double[d];
            for (int c = 0; c < coordinates; c++)
            {
                int up = 2 * c, down = up + 1;
                space.Difference(fields.AsSpan(up * space.Numbers, space.Numbers), fields.AsSpan(down * space.Numbers, space.Numbers), difference);
                for (int i = 0; i < d; i++) matrix[i, c] = difference[i] / (2 * Difference);
                for (int k = 0; k < d - 1; k++)
                {
                    double along = 0;
                    for (int i = 0; i < d; i++) along += endBasis[k][i] * (momenta[(up * d) + i] - momenta[(down * d) + i]);
                    matrix[d + k, c] = along / (2 * Difference);
                }
            }

            return (LogDeterminant(matrix), all[((replicas - 1) * DecideTrajectory<T>.Element.Count) + DecideTrajectory<T>.Element.EndKinetic]);
        }

        private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

        private static double[] OnSphere(double[] p)
        {
            double scale = Math.Sqrt(p.Length / p.Sum(x => x * x));
            return [.. p.Select(x => x * scale)];
        }

        // Orthonormal, orthogonal to p: Gram and Schmidt from the unit vectors but the one along the largest number of p.
        private static double[][] TangentBasis(double[] p)
        {
            double norm = Math.Sqrt(p.Sum(x => x * x));
            var basis = new List<double[]> { p.Select(x => x / norm).ToArray() };
            int skipped = Array.IndexOf(p, p.MaxBy(Math.Abs));
            for (int k = 0; k < p.Length; k++)
            {
                if (k == skipped) continue;
                var v = new double[p.Length];
                v[k] = 1;
                for (int pass = 0; pass < 2; pass++)
                {
                    foreach (var b in basis)
                    {
                        double along = v.Zip(b, (x, y) => x * y).Sum();
                        for (int i = 0; i < v.Length; i++) v[i] -= along * b[i];
                    }
                }

                double length = Math.Sqrt(v.Sum(x => x * x));
                basis.Add([.. v.Select(x => x / length)]);
            }

            return [.. basis.Skip(1)];
        }

        private static double LogDeterminant(double[,] m)
        {
            int n = m.GetLength(0);
            double sum = 0;
            for (int k = 0; k < n; k++)
            {
                int pivot = k;
                for (int i = k + 1; i < n; i++)
                {
                    if (Math.Abs(m[i, k]) > Math.Abs(m[pivot, k])) pivot = i;
                }

                for (int j = 0; j < n; j++) (m[k, j], m[pivot, j]) = (m[pivot, j], m[k, j]);
                sum += Math.Log(Math.Abs(m[k, k]));
                for (int i = k + 1; i < n; i++)
                {
                    double factor = m[i, k] / m[k, k];
                    for (int j = k; j < n; j++) m[i, j] -= factor * m[k, j];
                }
            }

            return sum;
        }
    }
}

using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>The action of a scalar is what its definition says, and its force the derivative, in both layouts.</summary>
public class ScalarActionTests
{
    // A few hundred terms of order 1 to 100, added in another order.
    private const double RoundingTolerance = 1e-13;

    // S is a polynomial of fourth degree, of which the difference is exact: rounding 2⁻⁵³ S/h, some 10⁻¹⁰ of the force at this h.
    private const double DifferenceStep = 1e-3;
    private const double ForceTolerance = 1e-8;

    // Rounding of a float, 6·10⁻⁸, of terms that cancel to a tenth.
    private const double SingleTolerance = 2e-6;
    private const double MassSquared = -1.7;
    private const double Lambda = 0.9;
    private static readonly double[] Strengths = [1, 0.4, 1.7];

    private static readonly int[][] Lattices = [[8, 4], [3, 5], [4, 1], [2, 2], [1, 1], [4, 4, 2], [3, 1, 2], [4, 2, 2, 4], [2, 3, 1, 2]];

    public static TheoryData<string> InstructionSets => CpuDevices.Supported;

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Value_and_force_are_those_of_the_definition(string instructionSet)
    {
        using var device = CpuDevices.Create(instructionSet);
        foreach (int[] extents in Lattices)
        {
            var action = new Phi4Action(new LatticeGeometry(extents), MassSquared, Lambda);
            Assert.False(device.Use(Precision.Double, new Laws(action, LaneUse.Replicas)));
            device.Use(Precision.Double, new Laws(action, LaneUse.Best));
        }

        // Blocks of one site in direction 0 and 1 have themselves in other lanes as neighbours.
        foreach (int[] extents in new int[][] { [8, 4], [2, 4], [4, 4, 2] })
        {
            bool split = device.Use(Precision.Double, new Laws(new Phi4Action(new LatticeGeometry(extents), MassSquared, Lambda), LaneUse.Best));
            Assert.Equal(InstructionSet.Named(instructionSet) != InstructionSet.Named("scalar"), split);
        }
    }

    [Fact]
    public void Single_precision_agrees_with_double()
    {
        using var device = CpuDevices.Best();
        var action = new Phi4Action(new LatticeGeometry(4, 6), MassSquared, Lambda);
        var field = ScalarField.Random(action.Lattice, 4);
        var (value, force) = device.Use(Precision.Single, new Force(action, field.Numbers));
        var (expected, exact) = device.Use(Precision.Double, new Force(action, field.Numbers));
        Assert.Equal(field.Action(MassSquared, Lambda), expected, RoundingTolerance * Math.Abs(expected));
        Assert.Equal(expected, value, SingleTolerance * Math.Abs(expected));
        Assert.NotEqual(exact, force);
        for (int i = 0; i < force.Length; i++) Assert.Equal(exact[i], force[i], SingleTolerance * exact.Max(Math.Abs));
    }

    [Theory]
    [InlineData(1, -0.1)]
    [InlineData(1, double.NaN)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    public void Couplings_without_an_integral_are_refused(double massSquared, double lambda)
        => Assert.Throws<ArgumentException>(() => new Phi4Action(new LatticeGeometry(4, 4), massSquared, lambda));

    [Fact]
    public void The_registry_knows_which_field_an_action_is_for()
    {
        var lattice = new LatticeGeometry(4, 4);
        var couplings = new Dictionary<string, double> { ["mass_squared"] = -4, ["lambda"] = 8 };
        var action = Assert.IsType<Phi4Action>(ActionRegistry.Create(lattice, FieldType.Scalar, "phi4", couplings));
        Assert.Equal((-4, 8), (action.MassSquared, action.Lambda));
        Assert.Equal(couplings, action.Parameters);
        Assert.Equal(["phi4"], ActionRegistry.NamesFor(FieldType.Scalar));
        Assert.Equal(["wilson", "rectangle", "sum"], ActionRegistry.NamesFor(GaugeGroup.SU3));
        Assert.Contains("phi4", Assert.Throws<ArgumentException>(
            () => ActionRegistry.Create(lattice, FieldType.Scalar, "wilson", new Dictionary<string, double> { ["beta"] = 1 })).Message);
        Assert.Contains("wilson", Assert.Throws<ArgumentException>(() => ActionRegistry.Create(lattice, GaugeGroup.U1, "phi4", couplings)).Message);
        Assert.Contains("'lambda'", Assert.Throws<ArgumentException>(
            () => ActionRegistry.Create(lattice, FieldType.Scalar, "phi4", new Dictionary<string, double> { ["mass_squared"] = 1 })).Message);
    }

    [Fact]
    public void There_is_no_heat_bath()
    {
        using var device = CpuDevices.Best();
        var settings = new MarkovChainSettings { Action = new Phi4Action(new LatticeGeometry(4, 4), 1, 1), Transition = new HeatBath(), Replicas = 2, Seed = 1 };
        Assert.Contains("use hmc", Assert.Throws<NotSupportedException>(() => MarkovChain.Create(device, settings)).Message);
    }

    // ⟨φ²⟩ of one site by itself is 1/2a for a free one, Γ(3/4)/Γ(1/4)/√λ = 0.338/√λ for φ⁴ alone, and near |a|/2λ deep in the two wells.
    [Theory]
    [InlineData(0.5, 0, 1 / 9.0)]
    [InlineData(-4, 8, 0.1195)]
    [InlineData(-40, 0.5, 36)]
    [InlineData(-1e9, 1, 5e8)]
    public void A_hot_start_has_the_size_of_the_action(double massSquared, double lambda, double expected)
        => Assert.InRange(Math.Pow(new Phi4Action(new LatticeGeometry(8, 8), massSquared, lambda).HotStartWidth, 2) / expected, 0.49, 1.1);

    /// <summary>Whether lanes were sub-lattices.</summary>
    private sealed class Laws(Phi4Action action, LaneUse lanes) : DoubleLaneUser<bool>
    {
        protected override bool Use<T>(ComputeDevice device)
        {
            int sites = action.Lattice.Volume;
            using var state = new MarkovState<T>(device, action, Strengths.Length, 20250101, lanes);
            ScalarField[] fields = [.. Enumerable.Range(0, Strengths.Length).Select(r => ScalarField.Random(action.Lattice, r))];
            state.Write([.. fields.SelectMany(field => field.Numbers)]);
            state.WriteCoefficients(Strengths);
            for (int r = 0; r < Strengths.Length; r++)
            {
                double expected = Strengths[r] * fields[r].Action(action.MassSquared, action.Lambda);
                Assert.Equal(expected, state.ReadAction()[r], RoundingTolerance * sites * 100);
            }

            using var force = state.FieldSteps.NewTangents();
            using var scale = device.NewShared<T>(1);
            scale.WriteShared([2.0]);
            var program = new KernelProgram(state.Shape);
            state.ActionSteps.AddForce(program, state.Field, scale, 0.5, force);
            state.Measure(program);
            using var lattices = new ConfigurationField<T>(device, state.Layout, FieldType.Scalar);
            var copy = new KernelProgram(state.Shape);
            copy.Add(new Kernels.Fields.Copy<T> { Source = force.View, Target = lattices.Field.View }, force.Elements);
            device.Run(copy);
            var forces = new double[Strengths.Length * sites];
            lattices.Read(forces);
            for (int r = 0; r < Strengths.Length; r++)
            {
                for (int site = 0; site < sites; site++)
                {
                    double S(double h)
                    {
                        double[] shifted = [.. fields[r].Numbers];
                        shifted[site] += h;
                        return Strengths[r] * new ScalarField(action.Lattice, shifted).Action(action.MassSquared, action.Lambda);
                    }

                    double difference = (S(-2 * DifferenceStep) - (8 * S(-DifferenceStep)) + (8 * S(DifferenceStep)) - S(2 * DifferenceStep)) / (12 * DifferenceStep);
                    Assert.Equal(-difference, forces[(r * sites) + site], ForceTolerance * Math.Max(1, Math.Abs(difference)));
                }
            }

            return state.Layout.IsSplit;
        }
    }

    /// <summary>S and F of one configuration in any precision.</summary>
    private sealed class Force(Phi4Action action, double[] phi) : ILaneUser<(double Value, double[] Force)>
    {
        public (double Value, double[] Force) Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            var layout = LatticeLayout.OfReplicas<T>(device, action.Lattice, 1);
            using var stencil = new StencilTables(device, layout);
            using var coefficients = new ActionCoefficients<T>(device, layout);
            using var steps = action.Bind(device, stencil, coefficients);
            using var field = device.NewField<T>(layout.Shape, phi.Length);
            using var target = device.NewField<T>(layout.Shape, phi.Length);
            using var one = device.NewShared<T>(1);
            using var sums = device.NewSums<T>(layout.Shape, 1);
            one.WriteShared([1.0]);
            field.WriteReplicas(phi);
            var program = new KernelProgram(layout.Shape);
            steps.AddEvaluate(program, field, sums);
            steps.AddForce(program, field, one, 1, target);
            device.Run(program);
            double[] value = [0], force = new double[phi.Length];
            sums.ReadReplicas(value);
            target.ReadReplicas(force);
            return (value[0], force);
        }
    }
}

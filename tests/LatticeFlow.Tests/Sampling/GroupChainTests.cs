using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;
using LatticeFlow.Tests.Groups;

namespace LatticeFlow.Tests;

/// <summary>Chains of SU(N): what threads, idle lanes, rounding and random counters must not do to them.</summary>
public class GroupChainTests
{
    // Rounding of a product of a few matrices.
    private const double GroupTolerance = 1e-14;

    // Far above rounding, far below the size of a link.
    private const double Perturbation = 1e-7;

    [Theory]
    [InlineData("SU3", 1)]
    [InlineData("SU3", 11)]
    [InlineData("SU4", 5)]
    public void A_saved_chain_continues_bit_by_bit_on_any_number_of_threads(string group, int replicas)
    {
        // Momenta are long, so that the lanes of a tile need different numbers of terms and halvings of the exponential.
        MarkovChainSettings settings = new()
        {
            Action = new WilsonAction(new LatticeGeometry(3, 3), GaugeGroup.Named(group), 2),
            Transition = new Mixture((HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1.8, 2), 2), (new HeatBath(1), 1)),
            Replicas = replicas,
            Seed = 12,
        };
        double[]? expected = null;
        foreach (int threads in new[] { 1, 2, 4 })
        {
            using var device = InstructionSet.Best().Create(threads);
            using var chain = MarkovChain.Create(device, settings);
            for (int i = 0; i < 3; i++) chain.Advance();
            var saved = chain.Save();
            for (int i = 0; i < 3; i++) chain.Advance();
            using var resumed = MarkovChain.Create(device, settings);
            resumed.Restore(saved);
            for (int i = 0; i < 3; i++) resumed.Advance();
            expected ??= chain.Field.ToArray();
            Assert.Equal(expected, chain.Field.ToArray());
            Assert.Equal(expected, resumed.Field.ToArray());
        }
    }

    [Theory]
    [InlineData("SU2")]
    [InlineData("SU3")]
    [InlineData("SU4")]
    public void Updates_bring_links_back_to_the_group(string name)
    {
        using var device = CpuDevices.Best();
        device.Use(Precision.Double, new Perturbed(GaugeGroup.Named(name)));
    }

    [Fact]
    public void Every_purpose_has_a_number_of_its_own()
    {
        int[] numbers = [.. typeof(Purpose).GetFields().Select(field => (int)field.GetRawConstantValue()!)];
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.InRange(number, 0, StreamKey.PurposeLimit - 1));
    }

    [Theory]
    [InlineData("U1", 1)]
    [InlineData("SU3", 3)]
    [InlineData("SU3", 9)]
    public void Momenta_are_the_numbers_of_their_purpose(string name, int replicas)
    {
        // Equal arguments of one logarithm, cosine and sine, in registers of other widths.
        const double tolerance = 1e-13;
        var group = GaugeGroup.Named(name);
        var lattice = new LatticeGeometry(4, 4);
        var log = new MomentumLog();
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new()
        {
            Action = new WilsonAction(lattice, group, 2),
            Transition = new Mixture((new HeatBath(), 1), (HamiltonianMonteCarlo.Fixed(new Leapfrog(), 1, 2).With(log), 1)),
            Replicas = replicas,
            Seed = 99,
            Lanes = LaneUse.Replicas,
        });

        // The second transition of the second step has the number 3.
        chain.Advance();
        chain.Advance();
        double[] momenta = log.Read(replicas);
        int elements = lattice.Links * group.Generators;
        for (uint replica = 0; replica < replicas; replica++)
        {
            var random = new HostRandom(99, Purpose.Momenta, 3, replica);
            for (int e = 0; e < elements; e += 2)
            {
                var (first, second) = random.NextGaussianPair();
                Assert.Equal(first, momenta[(replica * elements) + e], tolerance);
                Assert.Equal(second, momenta[(replica * elements) + e + 1], tolerance);
            }
        }
    }

    private sealed class MomentumLog : IHamiltonianFault
    {
        private Func<int, double[]>? read;

        public double[] Read(int replicas) => read!(replicas);

        // The program has one trajectory length, so that there is one copy.
        public void AfterMomenta<T>(KernelProgram program, Field<T> momenta)
            where T : unmanaged, IReal64<T>
        {
            using var device = CpuDevices.Best(1);
            var copy = device.NewField<T>(program.Shape, momenta.Elements);
            program.Add(new Copy<T> { Source = momenta.View, Target = copy.View }, momenta.Elements);
            read = replicas =>
            {
                var numbers = new double[replicas * copy.Elements];
                copy.ReadReplicas(numbers);
                copy.Dispose();
                return numbers;
            };
        }

        public void BeforeDecision<T>(KernelProgram program, SumField energies)
            where T : unmanaged, IReal64<T>
        {
        }
    }

    private sealed class Perturbed(GaugeGroup group) : DoubleLaneUser<bool>
    {
        private const int Replicas = 11;

        protected override bool Use<T>(ComputeDevice device)
        {
            var lattice = new LatticeGeometry(3, 2);
            using var state = new MarkovState<T>(device, new WilsonAction(lattice, group, 2), Replicas, 6, LaneUse.Replicas);
            state.StartHot();
            double[] good = state.ReadField().ToArray();
            double[] bad = [.. good.Select((x, i) => x + (Perturbation * Math.Sin(i + 1)))];
            Assert.True(Distance(lattice, bad) > Perturbation / 10);

            // A trajectory's end is taken in every other replica, and comes back to the group; the start is restored as it was.
            using var saved = state.FieldSteps.NewField();
            using var flags = device.NewSums<T>(state.Shape, 1);
            saved.WriteReplicas(good);
            flags.WriteReplicas([.. Enumerable.Range(0, Replicas).Select(r => (double)(r % 2))]);
            state.Write(bad);
            var program = new KernelProgram(state.Shape);
            state.FieldSteps.AddAcceptOrRestore(program, state.Field, saved, flags, 0);
            state.Run(program);
            double[] after = state.ReadField().ToArray();
            for (int r = 0; r < Replicas; r++)
            {
                var links = after.AsSpan(r * state.Numbers, state.Numbers).ToArray();
                if (r % 2 == 0) Assert.Equal(good.AsSpan(r * state.Numbers, state.Numbers).ToArray(), links);
                else Assert.InRange(Distance(lattice, links), 0, GroupTolerance);
            }

            state.Write(bad);
            var sweep = new KernelProgram(state.Shape);
            using var steps = state.BindHeatBath();
            state.NextKey();
            for (int colour = 0; colour < steps.Colours; colour++) steps.AddDraw(sweep, colour, state.Field, state.Key);
            state.Run(sweep);
            Assert.InRange(Distance(lattice, state.ReadField().ToArray()), 0, GroupTolerance);
            return true;
        }

        // The largest entry of U U† − 1; of a quaternion the deviation of |a|² from 1.
        private double Distance(LatticeGeometry lattice, double[] numbers)
        {
            double largest = 0;
            int ofReplica = lattice.Links * group.Components;
            for (int first = 0; first < numbers.Length; first += ofReplica)
            {
                var field = MatrixField.Of(lattice, group, numbers[first..(first + ofReplica)]);
                for (int site = 0; site < lattice.Volume; site++)
                {
                    for (int mu = 0; mu < lattice.Dimensions; mu++)
                        largest = Math.Max(largest, ((field[site, mu] * field[site, mu].Adjoint) - ComplexMatrix.One(group.Order)).Largest);
                }
            }

            return largest;
        }
    }
}

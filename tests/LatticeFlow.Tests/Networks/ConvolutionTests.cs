using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Networks;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests.Networks;

/// <summary>Convolutions and their vector-Jacobian products against sums written out in double, on masked sites.</summary>
public class ConvolutionTests
{
    // Sums of up to 25 taps × 9 channels of numbers of order one; the weight VJP sums sites and replicas by the hundred.
    private const double DoubleTolerance = 1e-11;
    private const double SingleTolerance = 2e-4;

    // Not a multiple of any lane width: the last tile holds idle lanes.
    private const int Replicas = 19;
    private static readonly LatticeGeometry Lattice = new(4, 8);

    public static TheoryData<string, int, int, int, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int, int, int, int>();
            foreach (string set in FlowCase.InstructionSets)
            {
                foreach (int activation in new[] { Activation.Identity, Activation.LeakyRelu, Activation.Silu, Activation.Tanh })
                {
                    data.Add(set, 3, 2, 8, activation);
                    data.Add(set, 3, 5, 3, activation);
                    data.Add(set, 5, 3, 9, activation);
                    data.Add(set, 3, 8, 16, activation);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_and_vector_Jacobian_products_are_the_sums_they_stand_for(string set, int kernel, int inputs, int hidden, int activation)
    {
        using var device = InstructionSet.Named(set).Create(2);
        var network = new ConvolutionNetwork(inputs, [hidden], 3, kernel, activation);
        device.Use(Precision.Double, new Check(network, DoubleTolerance));
        device.Use(Precision.Single, new Check(network, SingleTolerance));
    }

    // Two convolutions, so that the activation, its slope and the site lists of a hidden layer take part.
    private sealed record Check(ConvolutionNetwork Network, double Tolerance) : ILaneUser<bool>
    {
        public bool Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            // One site alone, three that share a group, and a whole row: groups of four that are full and that are not.
            int[] outputs = [1, 8, 9, 10, 16, 17, 18, 19, 20, 21, 22, 23, 31];
            bool Wanted(int site) => site % 3 != 0;
            var random = new TestRandom(5);
            double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (double)(float)((2 * random.Uniform()) - 1))];
            int parameters = Network.Parameters, last = Network.OutputStride(1), first = Network.InputStride(0);
            var weights = Numbers(parameters);
            var (input, cotangent) = (Numbers(Replicas * Lattice.Volume * first), Numbers(Replicas * Lattice.Volume * last));
            for (int i = 0; i < input.Length; i++) if (i % first >= Network.InputChannels) input[i] = 0;
            for (int i = 0; i < cotangent.Length; i++) if (i % last >= Network.OutputChannels) cotangent[i] = 0;

            using var context = new LayerContext<T>(device, new(GaugeGroup.U1, Lattice), Replicas, parameters, GradientKind.Sum);
            context.Begin(0);
            using var inputField = device.NewField<T>(context.Shape, Lattice.Volume * first);
            using var compiled = new CompiledNetwork<T>(Network, context, Lattice, inputField, outputs, Wanted);
            compiled.Load(weights);
            using var results = new TileCopies<T>(device, context.Shape, compiled);
            inputField.WriteReplicas(input);
            results.OutputCotangent.WriteReplicas(cotangent);
            context.ClearGradient();
            var program = new KernelProgram(context.Shape);
            compiled.AddForward(program, keepSlopes: true);
            results.AddCopies(program);
            compiled.AddInputVjp(program);
            compiled.AddWeightVjp(program);
            results.AddInputCotangent(program);
            device.Run(program);

            var expected = new NaiveNetwork(Network, Lattice, weights);
            var gradient = new double[parameters];
            for (int r = 0; r < Replicas; r++)
            {
                expected.Run(Slice(input, r), first, outputs, Slice(cotangent, r), last);
                var output = results.ReadOutput(r);
                var inputCotangent = results.ReadInputCotangent(r);
                foreach (int site in outputs)
                {
                    for (int c = 0; c < Network.OutputChannels; c++) Near(expected.Output[site, c], output[(site * last) + c]);
                }

                int stride = compiled.InputCotangentStride;
                foreach (int site in expected.Reached.Where(Wanted))
                {
                    for (int c = 0; c < Network.InputChannels; c++) Near(expected.InputCotangent[site, c], inputCotangent[(site * stride) + c]);
                }
            }

            context.ReadGradient(gradient);

            // Idle lanes repeat the last replica: they are in the sum as often as there are.
            int idle = (context.Shape.Tiles * T.Width) - Replicas;
            for (int i = 0; i < idle; i++) expected.Run(Slice(input, Replicas - 1), first, outputs, Slice(cotangent, Replicas - 1), last);
            for (int i = 0; i < parameters; i++) Near(expected.Gradient[i], gradient[i]);
            return true;
        }

        private static ReadOnlySpan<double> Slice(double[] all, int replica) => all.AsSpan(replica * (all.Length / Replicas), all.Length / Replicas);

        private void Near(double expected, double actual)
        {
            double error = Math.Abs(actual - expected) / Math.Max(1, Math.Abs(expected));
            if (!(error <= Tolerance)) Assert.Fail($"{actual} in place of {expected}, an error of {error}");
        }
    }
}

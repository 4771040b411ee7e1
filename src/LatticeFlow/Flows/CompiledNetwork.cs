using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Flows;

/// <summary>A <see cref="ConvolutionNetwork"/> as kernels, evaluated only where a mask needs its output.</summary>
internal sealed class CompiledNetwork<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly ConvolutionNetwork network;
    private readonly PackedWeights packing;
    private readonly Field<T> weights;
    private readonly double[] packed;
    private readonly ReduceGradient<T> reduce;
    private readonly ConvolutionOperands<T>[] forward;
    private readonly ConvolutionOperands<T>[] backward;
    private readonly ConvolutionWeightVjpOperands<T>[] gradient;

    public CompiledNetwork(
        ConvolutionNetwork network,
        FlowWorkspace<T> workspace,
        Field<T> input,
        int[] outputs,
        Func<int, bool> wantsInputGradient,
        string maskName,
        int firstParameter)
    {
        this.network = network;
        packing = new PackedWeights(network);
        packed = new double[packing.Count];
        var ownGradient = workspace.Scratch("gradient", network.Parameters);
        reduce = new ReduceGradient<T>(ownGradient.View, workspace.Gradient.View, firstParameter);
        weights = workspace.Device.NewShared<T>(packing.Count);
        int sites = workspace.Lattice.Volume;
        int depth = network.Depth;
        forward = new ConvolutionOperands<T>[depth];
        backward = new ConvolutionOperands<T>[depth];
        gradient = new ConvolutionWeightVjpOperands<T>[depth];
        var fields = new Field<T>[depth + 1];
        var cotangents = new Field<T>[depth + 1];
        fields[0] = input;
        cotangents[0] = workspace.Scratch("cotangent 0", sites * ConvolutionPlan.Padded(network.InputStride(0)));
        for (int d = 0; d < depth; d++)
        {
            string name = d == depth - 1 ? "network output" : $"hidden {d}";
            fields[d + 1] = workspace.Scratch(name, sites * network.OutputStride(d));
            cotangents[d + 1] = workspace.Scratch(name + " cotangent", sites * network.OutputStride(d));
        }

        Output = fields[depth];
        OutputCotangent = cotangents[depth];
        InputCotangent = cotangents[0];
        for (int d = depth - 1; d >= 0; d--)
        {
            var tables = MaskedConvolution.Create(workspace.Lattice, network, outputs, d == 0 ? wantsInputGradient : _ => true);
            string table = $"{maskName} kernel {network.KernelSize} convolution {depth - d} from the end";
            int inputStride = network.InputStride(d), outputStride = network.OutputStride(d), reversedStride = ConvolutionPlan.Padded(inputStride);
            table += $" {inputStride} to {outputStride}" + (d == 0 ? " first" : string.Empty);
            var (plan, starts) = tables.Forward.Build(Convolution<T>.Sites, inputStride, outputStride);
            var (reversedPlan, reversedStarts) = tables.Backward.Build(Convolution<T>.Sites, outputStride, reversedStride);
            outputs = tables.Inputs;
            forward[d] = new ConvolutionOperands<T>
            {
                Input = fields[d].View,
                Output = fields[d + 1].View,
                Slope = d < depth - 1 ? workspace.Scratch($"hidden {d} slope", sites * network.OutputStride(d)).View : default,
                Weights = weights.View,
                Plan = workspace.Table(table + " plan", () => plan).View,
                Starts = workspace.Table(table + " starts", () => starts).View,
                Groups = starts.Length,
                WeightOffset = packing.Forward[d],
                BiasOffset = packing.Bias[d],
                InputChannels = inputStride,
                OutputChannels = outputStride,
                Taps = network.Taps,
                Activation = network.ActivationOf(d),
                SlopeUse = SlopeUse.None,
            };
            backward[d] = new ConvolutionOperands<T>
            {
                Input = cotangents[d + 1].View,
                Output = cotangents[d].View,
                Slope = d > 0 ? workspace.Scratch($"hidden {d - 1} slope", sites * network.OutputStride(d - 1)).View : default,
                Weights = weights.View,
                Plan = workspace.Table(table + " reversed plan", () => reversedPlan).View,
                Starts = workspace.Table(table + " reversed starts", () => reversedStarts).View,
                Groups = reversedStarts.Length,
                WeightOffset = packing.Transposed[d],
                BiasOffset = -1,
                InputChannels = outputStride,
                OutputChannels = reversedStride,
                Taps = network.Taps,
                Activation = Activation.Identity,
                SlopeUse = d > 0 ? SlopeUse.Multiply : SlopeUse.None,
            };
            gradient[d] = new ConvolutionWeightVjpOperands<T>
            {
                Input = fields[d].View,
                Cotangent = cotangents[d + 1].View,
                Gradient = ownGradient.View,
                Sites = workspace.Table(table + " sites", () => tables.SiteTable(inputStride, outputStride)).View,
                SiteCount = tables.Outputs.Length,
                Taps = network.Taps,
                InputStride = inputStride,
                OutputStride = outputStride,
                InputChannels = network.Inputs(d),
                OutputChannels = network.Outputs(d),
                WeightOffset = network.WeightOffset(d),
                BiasOffset = network.BiasOffset(d),
            };
        }
    }

    /// <summary><c>[site][padded output channel]</c>, written where the mask needs it.</summary>
    public Field<T> Output { get; }

    /// <summary>dL/d(output), laid out as the output; padded channels stay zero.</summary>
    public Field<T> OutputCotangent { get; }

    /// <summary>dL/d(input), <c>[site][<see cref="InputCotangentStride"/>]</c>.</summary>
    public Field<T> InputCotangent { get; }

    /// <summary>Numbers of a site in <see cref="InputCotangent"/>.</summary>
    public int InputCotangentStride => ConvolutionPlan.Padded(network.InputStride(0));

    /// <summary>Takes the network's parameters.</summary>
    public void Load(ReadOnlySpan<double> parameters)
    {
        packing.Fill(parameters, packed);
        weights.WriteShared(packed);
    }

    public void AddForward(KernelProgram program, bool keepSlopes)
    {
        for (int d = 0; d < forward.Length; d++)
        {
            var operands = forward[d];
            if (keepSlopes && d < forward.Length - 1) operands.SlopeUse = SlopeUse.Write;
            Add(program, operands);
        }
    }

    public void AddInputVjp(KernelProgram program)
    {
        for (int d = network.Depth - 1; d >= 0; d--) Add(program, backward[d]);
    }

    public void AddWeightVjp(KernelProgram program)
    {
        foreach (var operands in gradient)
        {
            program.Add(new ConvolutionWeightVjp<T>(operands), ConvolutionWeightVjp<T>.Items(operands));
            program.Add(new ConvolutionBiasVjp<T>(operands), operands.OutputChannels);
        }

        program.Add(reduce, network.Parameters);
    }

    public void Dispose() => weights.Dispose();

    private static void Add(KernelProgram program, ConvolutionOperands<T> operands) =>
        program.Add(new Convolution<T>(operands), operands.Groups * operands.OutputChannels / ConvolutionPlan.Channels);
}

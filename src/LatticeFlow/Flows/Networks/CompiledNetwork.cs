using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.Networks;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>A <see cref="ConvolutionNetwork"/> as kernels, evaluated only where a mask needs its output.</summary>
internal sealed class CompiledNetwork<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly ConvolutionNetwork network;
    private readonly PackedWeights packing;
    private readonly Field<T> weights;
    private readonly double[] packed;
    private readonly LayerContext<T> context;
    private readonly Field<T> ownGradient;
    private readonly int firstParameter;
    private readonly ConvolutionOperands<T>[] forward;
    private readonly ConvolutionOperands<T>[] backward;
    private readonly ConvolutionWeightVjpOperands<T>[] gradient;

    public CompiledNetwork(
        ConvolutionNetwork network,
        LayerContext<T> context,
        LatticeGeometry lattice,
        Field<T> input,
        int[] outputs,
        Func<int, bool> wantsInputGradient,
        int firstParameter = 0)
    {
        this.network = network;
        this.context = context;
        this.firstParameter = context.FirstParameter + firstParameter;
        packing = new PackedWeights(network);
        packed = new double[packing.Count];
        ownGradient = context.LaneGradient(network.Parameters);
        weights = context.Device.NewShared<T>(packing.Count);
        int sites = lattice.Volume;
        int depth = network.Depth;
        forward = new ConvolutionOperands<T>[depth];
        backward = new ConvolutionOperands<T>[depth];
        gradient = new ConvolutionWeightVjpOperands<T>[depth];
        var fields = new Field<T>[depth + 1];
        var cotangents = new Field<T>[depth + 1];
        var slopes = new Reals<T>[depth + 1];
        fields[0] = input;
        cotangents[0] = context.Scratch(sites * ConvolutionPlan.Padded(network.InputStride(0)));
        for (int d = 0; d < depth; d++)
        {
            fields[d + 1] = context.Scratch(sites * network.OutputStride(d));
            cotangents[d + 1] = context.Padded(sites, network.Outputs(d), network.OutputStride(d));
            slopes[d + 1] = d < depth - 1 ? context.Scratch(sites * network.OutputStride(d)).View : default;
        }

        InputSites = [];
        Output = fields[depth];
        OutputCotangent = cotangents[depth];
        InputCotangent = cotangents[0];
        for (int d = depth - 1; d >= 0; d--)
        {
            var tables = MaskedConvolution.Create(lattice, network, outputs, d == 0 ? wantsInputGradient : _ => true);
            int inputStride = network.InputStride(d), outputStride = network.OutputStride(d), reversedStride = ConvolutionPlan.Padded(inputStride);
            var (plan, starts) = tables.Forward.Build(Convolution<T>.Sites, inputStride, outputStride);
            var (reversedPlan, reversedStarts) = tables.Backward.Build(Convolution<T>.Sites, outputStride, reversedStride);
            outputs = tables.Inputs;
            InputSites = outputs;
            forward[d] = new ConvolutionOperands<T>
            {
                Input = fields[d].View,
                Output = fields[d + 1].View,
                Slope = slopes[d + 1],
                Weights = weights.View,
                Plan = context.Table(plan).View,
                Starts = context.Table(starts).View,
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
                Slope = slopes[d],
                Weights = weights.View,
                Plan = context.Table(reversedPlan).View,
                Starts = context.Table(reversedStarts).View,
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
                Sites = context.Table(tables.SiteTable(inputStride, outputStride)).View,
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

    /// <summary>The sites whose input is read; dL/d(input) is found at those that were wanted, and nowhere else.</summary>
    public IReadOnlyList<int> InputSites { get; }

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

    /// <summary>Adds dL/dweights; with <paramref name="score"/> times the score factor of every replica.</summary>
    public void AddWeightVjp(KernelProgram program, bool score = false)
    {
        foreach (var operands in gradient)
        {
            program.Add(new ConvolutionWeightVjp<T>(operands), ConvolutionWeightVjp<T>.Items(operands));
            program.Add(new ConvolutionBiasVjp<T>(operands), operands.OutputChannels);
        }

        context.AddGradient(program, ownGradient, firstParameter, network.Parameters, score);
    }

    public void Dispose() => weights.Dispose();

    private static void Add(KernelProgram program, ConvolutionOperands<T> operands) =>
        program.Add(new Convolution<T>(operands), operands.Groups * operands.OutputChannels / ConvolutionPlan.Channels);
}

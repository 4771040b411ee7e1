using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Flows;

/// <summary>
/// Where each number of the kernels' weight array comes from: forward weights <c>[block][tap][input][4]</c> and padded biases of every
/// convolution, then transposed weights <c>[block][tap][output][4]</c> for the input-VJPs. −1 stands for a zero of the padding.
/// </summary>
public sealed class PackedWeights
{
    private readonly List<int> sources = [];

    /// <summary>The packing of a network.</summary>
    public PackedWeights(ConvolutionNetwork network)
    {
        Forward = new int[network.Depth];
        Bias = new int[network.Depth];
        Transposed = new int[network.Depth];
        for (int d = 0; d < network.Depth; d++)
        {
            int inputs = network.Inputs(d), outputs = network.Outputs(d), taps = network.Taps;
            int weights = network.WeightOffset(d), biases = network.BiasOffset(d);
            int Weight(int o, int i, int tap) => o < outputs && i < inputs ? weights + (((o * inputs) + i) * taps) + tap : -1;
            Forward[d] = Pack(network.OutputStride(d), network.InputStride(d), taps, Weight);
            Bias[d] = sources.Count;
            for (int o = 0; o < network.OutputStride(d); o++) sources.Add(o < outputs ? biases + o : -1);
            Transposed[d] = Pack(ConvolutionPlan.Padded(network.InputStride(d)), network.OutputStride(d), taps, (i, o, tap) => Weight(o, i, tap));
        }
    }

    /// <summary>First forward weight of each convolution.</summary>
    public int[] Forward { get; }

    /// <summary>First padded bias of each convolution.</summary>
    public int[] Bias { get; }

    /// <summary>First transposed weight of each convolution.</summary>
    public int[] Transposed { get; }

    /// <summary>Numbers in the array.</summary>
    public int Count => sources.Count;

    /// <summary>Fills the array from the network's parameters.</summary>
    public void Fill(ReadOnlySpan<double> parameters, Span<double> packed)
    {
        var from = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sources);
        for (int i = 0; i < from.Length; i++) packed[i] = from[i] < 0 ? 0.0 : parameters[from[i]];
    }

    private int Pack(int outputs, int inputs, int taps, Func<int, int, int, int> weight)
    {
        int start = sources.Count;
        for (int block = 0; block < outputs; block += ConvolutionPlan.Channels)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                for (int i = 0; i < inputs; i++)
                {
                    for (int k = 0; k < ConvolutionPlan.Channels; k++) sources.Add(weight(block + k, i, tap));
                }
            }
        }

        return start;
    }
}

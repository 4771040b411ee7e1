namespace LatticeFlow.Kernels.Networks;

/// <summary>How a table for <see cref="Convolution{T}"/> is laid out. Sites come in groups of <see cref="Convolution{T}.Sites"/> that share their list of taps.</summary>
/// <remarks>
/// A group stands at the position its entry of the start table says: the number of taps, the first output element of each of its sites,
/// then for every tap the first weight of the tap in a block and the first input element of each site. A group that has too few sites repeats its last one, which writes the same numbers again.
/// </remarks>
public static class ConvolutionPlan
{
    /// <summary>Output channels of a block; weights are stored <c>[block][tap][input channel][4]</c>.</summary>
    public const int Channels = 4;

    /// <summary>The smallest multiple of <see cref="Channels"/> that holds these channels.</summary>
    public static int Padded(int channels) => (channels + Channels - 1) / Channels * Channels;
}

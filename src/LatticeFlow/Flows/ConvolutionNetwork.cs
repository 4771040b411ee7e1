using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Flows;

/// <summary>
/// A stack of k×k convolutions with periodic padding and an activation after all but the last. Parameters, one convolution after the
/// other: weights <c>[output][input][tap]</c>, taps row-major in (x_0, x_1), then biases <c>[output]</c>.
/// </summary>
public sealed record ConvolutionNetwork(int InputChannels, IReadOnlyList<int> Hidden, int OutputChannels, int KernelSize, int Activation)
{
    /// <summary>k².</summary>
    public int Taps => KernelSize * KernelSize;

    /// <summary>Convolutions.</summary>
    public int Depth => Hidden.Count + 1;

    /// <summary>Parameters of the whole stack.</summary>
    public int Parameters => Enumerable.Range(0, Depth).Sum(ParametersOf);

    /// <summary>Input channels of a convolution.</summary>
    public int Inputs(int depth) => depth == 0 ? InputChannels : Hidden[depth - 1];

    /// <summary>Output channels of a convolution.</summary>
    public int Outputs(int depth) => depth == Hidden.Count ? OutputChannels : Hidden[depth];

    /// <summary>Numbers of one site in the field that a convolution reads: even, or a multiple of four where a convolution wrote it.</summary>
    public int InputStride(int depth) => depth == 0 ? (InputChannels + 1) / 2 * 2 : ConvolutionPlan.Padded(Hidden[depth - 1]);

    /// <summary>Numbers of one site in the field that a convolution writes.</summary>
    public int OutputStride(int depth) => ConvolutionPlan.Padded(Outputs(depth));

    /// <summary>The activation after a convolution.</summary>
    public int ActivationOf(int depth) => depth == Hidden.Count ? Kernels.Networks.Activation.Identity : Activation;

    /// <summary>First weight of a convolution among the stack's parameters.</summary>
    public int WeightOffset(int depth) => Enumerable.Range(0, depth).Sum(ParametersOf);

    /// <summary>First bias of a convolution.</summary>
    public int BiasOffset(int depth) => WeightOffset(depth) + (Outputs(depth) * Inputs(depth) * Taps);

    /// <summary>The offset (δ_0, δ_1) of a tap.</summary>
    public (int First, int Second) Offset(int tap) => ((tap / KernelSize) - (KernelSize / 2), (tap % KernelSize) - (KernelSize / 2));

    private int ParametersOf(int depth) => Outputs(depth) * ((Inputs(depth) * Taps) + 1);
}

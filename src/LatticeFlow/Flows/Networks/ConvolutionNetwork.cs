using LatticeFlow.Kernels.Networks;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// A stack of convolutions of k^D taps with periodic padding and an activation after all but the last. Parameters, one convolution after the
/// other: weights <c>[output][input][tap]</c>, taps row-major in (x_0, …, x_{D−1}), then biases <c>[output]</c>.
/// </summary>
public sealed record ConvolutionNetwork(int InputChannels, IReadOnlyList<int> Hidden, int OutputChannels, int KernelSize, int Activation, int Dimensions = 2)
{
    /// <summary>k^D.</summary>
    public int Taps => Enumerable.Range(0, Dimensions).Aggregate(1, (product, _) => product * KernelSize);

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

    /// <summary>The site that a tap of the convolution at a site reads, or with <paramref name="sign"/> = −1 the site whose convolution reads it by that tap.</summary>
    public int Shifted(LatticeGeometry lattice, int site, int tap, int sign)
    {
        for (int mu = Dimensions - 1; mu >= 0; mu--)
        {
            site = lattice.Neighbour(site, mu, sign * ((tap % KernelSize) - (KernelSize / 2)));
            tap /= KernelSize;
        }

        return site;
    }

    /// <summary>
    /// Fresh parameters: weights and biases uniform in ±1/√(inputs · taps); those of the last convolution a tenth of that, so that its outputs are near zero.
    /// </summary>
    public void InitializeNearZero(Span<double> parameters, Func<double> uniform)
    {
        for (int d = 0; d < Depth; d++)
        {
            double bound = 1 / Math.Sqrt(Inputs(d) * Taps);
            if (d == Depth - 1) bound *= 0.1;
            int end = d + 1 < Depth ? WeightOffset(d + 1) : Parameters;
            for (int i = WeightOffset(d); i < end; i++) parameters[i] = bound * ((2 * uniform()) - 1);
        }
    }

    private int ParametersOf(int depth) => Outputs(depth) * ((Inputs(depth) * Taps) + 1);
}

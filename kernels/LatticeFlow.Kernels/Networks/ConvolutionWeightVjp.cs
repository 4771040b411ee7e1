using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Networks;

/// <summary>The operands of a <see cref="ConvolutionWeightVjp{T}"/>.</summary>
public struct ConvolutionWeightVjpOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The convolution's input u, <c>[site][input channel]</c>; an even number of channels.</summary>
    public Reals<T> Input;

    /// <summary>dL/dz, <c>[site][padded output channel]</c>.</summary>
    public Reals<T> Cotangent;

    /// <summary>Gradient slots, <c>[parameter]</c>; lanes are summed later.</summary>
    public Reals<T> Gradient;

    /// <summary><c>[output site]{site, input site of tap 0, …}</c>.</summary>
    public Table Sites;

    /// <summary>Output sites.</summary>
    public int SiteCount;

    /// <summary>Taps, k².</summary>
    public int Taps;

    /// <summary>Numbers of one site in the input field (even).</summary>
    public int InputStride;

    /// <summary>Numbers of one site in the cotangent field.</summary>
    public int OutputStride;

    /// <summary>Input channels that have weights.</summary>
    public int InputChannels;

    /// <summary>Output channels that have weights.</summary>
    public int OutputChannels;

    /// <summary>First weight in the gradient, ordered <c>[output][input][tap]</c>.</summary>
    public int WeightOffset;

    /// <summary>First bias in the gradient.</summary>
    public int BiasOffset;
}

/// <summary>
/// dL/dW(o, i, tap) += Σ_x dL/dz(x, o) u(x + tap, i), lane by lane. An item is four output channels × two pairs of neighbouring
/// columns (tap, i), held in sixteen registers while all sites go by.
/// </summary>
/// <remarks>Floor: 2·taps·C_in·C_out flop a site; a site costs 8 vector loads and 3 integers for 16 fused multiply-adds.</remarks>
public struct ConvolutionWeightVjp<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private ConvolutionWeightVjpOperands<T> operands;

    /// <summary>The kernel of these operands.</summary>
    public ConvolutionWeightVjp(ConvolutionWeightVjpOperands<T> operands) => this.operands = operands;

    /// <summary>The number of items.</summary>
    public static int Items(in ConvolutionWeightVjpOperands<T> operands) =>
        operands.OutputStride / 4 * ColumnGroups(operands.Taps, operands.InputStride);

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        operands.Input = operands.Input.At(place);
        operands.Cotangent = operands.Cotangent.At(place);
        operands.Gradient = operands.Gradient.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int stride = operands.InputStride;
        int pairs = operands.Taps * stride / 2;
        int columnGroups = ColumnGroups(operands.Taps, stride);
        int block = item / columnGroups;
        int pairA = 2 * (item - (block * columnGroups));
        int pairB = pairA + 1 < pairs ? pairA + 1 : pairA;
        int perTap = stride / 2;
        int tapA = pairA / perTap;
        int tapB = pairB / perTap;
        int channelA = 2 * (pairA - (tapA * perTap));
        int channelB = 2 * (pairB - (tapB * perTap));
        var input = operands.Input;
        var cotangent = operands.Cotangent;
        var sites = operands.Sites;
        int outputStride = operands.OutputStride;
        int step = operands.Taps + 1;
        int end = operands.SiteCount * step;
        T a00 = T.Of(0.0), a01 = a00, a02 = a00, a03 = a00;
        T a10 = a00, a11 = a00, a12 = a00, a13 = a00;
        T a20 = a00, a21 = a00, a22 = a00, a23 = a00;
        T a30 = a00, a31 = a00, a32 = a00, a33 = a00;
        for (int s = 0; s < end; s += step)
        {
            int g = (T.Index(sites, s) * outputStride) + (4 * block);
            int eA = (T.Index(sites, s + 1 + tapA) * stride) + channelA;
            int eB = (T.Index(sites, s + 1 + tapB) * stride) + channelB;
            var u0 = T.Load(input, eA);
            var u1 = T.Load(input, eA + 1);
            var u2 = T.Load(input, eB);
            var u3 = T.Load(input, eB + 1);
            var d = T.Load(cotangent, g);
            a00 = T.Fma(d, u0, a00);
            a01 = T.Fma(d, u1, a01);
            a02 = T.Fma(d, u2, a02);
            a03 = T.Fma(d, u3, a03);
            d = T.Load(cotangent, g + 1);
            a10 = T.Fma(d, u0, a10);
            a11 = T.Fma(d, u1, a11);
            a12 = T.Fma(d, u2, a12);
            a13 = T.Fma(d, u3, a13);
            d = T.Load(cotangent, g + 2);
            a20 = T.Fma(d, u0, a20);
            a21 = T.Fma(d, u1, a21);
            a22 = T.Fma(d, u2, a22);
            a23 = T.Fma(d, u3, a23);
            d = T.Load(cotangent, g + 3);
            a30 = T.Fma(d, u0, a30);
            a31 = T.Fma(d, u1, a31);
            a32 = T.Fma(d, u2, a32);
            a33 = T.Fma(d, u3, a33);
        }

        int o = 4 * block;
        Add(o, tapA, channelA, a00, a10, a20, a30);
        Add(o, tapA, channelA + 1, a01, a11, a21, a31);
        if (pairB == pairA) return;
        Add(o, tapB, channelB, a02, a12, a22, a32);
        Add(o, tapB, channelB + 1, a03, a13, a23, a33);
    }

    private static int ColumnGroups(int taps, int stride) => ((taps * stride / 2) + 1) / 2;

    private readonly void Add(int output, int tap, int channel, T d0, T d1, T d2, T d3)
    {
        if (channel >= operands.InputChannels) return;
        Add(output, tap, channel, d0);
        Add(output + 1, tap, channel, d1);
        Add(output + 2, tap, channel, d2);
        Add(output + 3, tap, channel, d3);
    }

    private readonly void Add(int output, int tap, int channel, T d)
    {
        if (output >= operands.OutputChannels) return;
        int e = operands.WeightOffset + (((output * operands.InputChannels) + channel) * operands.Taps) + tap;
        T.Store(operands.Gradient, e, T.Load(operands.Gradient, e) + d);
    }
}

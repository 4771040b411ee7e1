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

    /// <summary><c>[output site]{first element of the cotangent, first element of the input of tap 0, …}</c>.</summary>
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
/// dL/dW(o, i, tap) += Σ_x dL/dz(x, o) u(x + tap, i), lane by lane. An item is eight output channels × a pair of
/// neighbouring input channels of a tap, or four × two such pairs, held in sixteen registers while all sites go by. (Eight, so that whole
/// lines of the cotangent's sites are read: with four, half of the sets of L1 stand idle.)
/// </summary>
/// <remarks>Floor: 2·taps·C_in·C_out flop a site; a site costs 10 vector loads and 2 integers for 16 fused multiply-adds.</remarks>
public struct ConvolutionWeightVjp<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private ConvolutionWeightVjpOperands<T> operands;

    /// <summary>The kernel of these operands.</summary>
    public ConvolutionWeightVjp(ConvolutionWeightVjpOperands<T> operands) => this.operands = operands;

    /// <summary>The number of items.</summary>
    public static int Items(in ConvolutionWeightVjpOperands<T> operands)
    {
        int pairs = operands.Taps * operands.InputStride / 2;
        return operands.OutputStride % 8 == 0 ? operands.OutputStride / 8 * pairs : operands.OutputStride / 4 * ((pairs + 1) / 2);
    }

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
        int pairs = operands.Taps * operands.InputStride / 2;
        if (operands.OutputStride % 8 == 0)
        {
            int block = item / pairs;
            EightByTwo(8 * block, item - (block * pairs));
        }
        else
        {
            int groups = (pairs + 1) / 2;
            int block = item / groups;
            int pair = 2 * (item - (block * groups));
            FourByFour(4 * block, pair, pair + 1 < pairs ? pair + 1 : pair);
        }
    }

    private readonly void EightByTwo(int output, int pair)
    {
        int stride = operands.InputStride;
        int perTap = stride / 2;
        int tap = pair / perTap;
        int channel = 2 * (pair - (tap * perTap));
        var input = operands.Input;
        var cotangent = operands.Cotangent;
        var sites = operands.Sites;
        int step = operands.Taps + 1;
        int end = operands.SiteCount * step;
        T a00 = T.Of(0.0), a01 = a00, a10 = a00, a11 = a00, a20 = a00, a21 = a00, a30 = a00, a31 = a00;
        T a40 = a00, a41 = a00, a50 = a00, a51 = a00, a60 = a00, a61 = a00, a70 = a00, a71 = a00;
        for (int s = 0; s < end; s += step)
        {
            int g = T.Index(sites, s) + output;
            int e = T.Index(sites, s + 1 + tap) + channel;
            var u0 = T.Load(input, e);
            var u1 = T.Load(input, e + 1);
            var d = T.Load(cotangent, g);
            a00 = T.Fma(d, u0, a00);
            a01 = T.Fma(d, u1, a01);
            d = T.Load(cotangent, g + 1);
            a10 = T.Fma(d, u0, a10);
            a11 = T.Fma(d, u1, a11);
            d = T.Load(cotangent, g + 2);
            a20 = T.Fma(d, u0, a20);
            a21 = T.Fma(d, u1, a21);
            d = T.Load(cotangent, g + 3);
            a30 = T.Fma(d, u0, a30);
            a31 = T.Fma(d, u1, a31);
            d = T.Load(cotangent, g + 4);
            a40 = T.Fma(d, u0, a40);
            a41 = T.Fma(d, u1, a41);
            d = T.Load(cotangent, g + 5);
            a50 = T.Fma(d, u0, a50);
            a51 = T.Fma(d, u1, a51);
            d = T.Load(cotangent, g + 6);
            a60 = T.Fma(d, u0, a60);
            a61 = T.Fma(d, u1, a61);
            d = T.Load(cotangent, g + 7);
            a70 = T.Fma(d, u0, a70);
            a71 = T.Fma(d, u1, a71);
        }

        Add(output, tap, channel, a00, a10, a20, a30);
        Add(output + 4, tap, channel, a40, a50, a60, a70);
        Add(output, tap, channel + 1, a01, a11, a21, a31);
        Add(output + 4, tap, channel + 1, a41, a51, a61, a71);
    }

    private readonly void FourByFour(int o, int pairA, int pairB)
    {
        int stride = operands.InputStride;
        int perTap = stride / 2;
        int tapA = pairA / perTap;
        int tapB = pairB / perTap;
        int channelA = 2 * (pairA - (tapA * perTap));
        int channelB = 2 * (pairB - (tapB * perTap));
        var input = operands.Input;
        var cotangent = operands.Cotangent;
        var sites = operands.Sites;
        int step = operands.Taps + 1;
        int end = operands.SiteCount * step;
        T a00 = T.Of(0.0), a01 = a00, a02 = a00, a03 = a00;
        T a10 = a00, a11 = a00, a12 = a00, a13 = a00;
        T a20 = a00, a21 = a00, a22 = a00, a23 = a00;
        T a30 = a00, a31 = a00, a32 = a00, a33 = a00;
        for (int s = 0; s < end; s += step)
        {
            int g = T.Index(sites, s) + o;
            int eA = T.Index(sites, s + 1 + tapA) + channelA;
            int eB = T.Index(sites, s + 1 + tapB) + channelB;
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

        Add(o, tapA, channelA, a00, a10, a20, a30);
        Add(o, tapA, channelA + 1, a01, a11, a21, a31);
        if (pairB == pairA) return;
        Add(o, tapB, channelB, a02, a12, a22, a32);
        Add(o, tapB, channelB + 1, a03, a13, a23, a33);
    }

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

using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Networks;

/// <summary>The operands of a <see cref="ConvolutionWeightVjp{T}"/>.</summary>
public struct ConvolutionWeightVjpOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The convolution's input u, <c>[site][input channel]</c>.</summary>
    public Reals<T> Input;

    /// <summary>dL/dz, <c>[site][padded output channel]</c>.</summary>
    public Reals<T> Cotangent;

    /// <summary>Gradient of the layer, <c>[parameter]</c>: see <see cref="ReduceGradient{T}"/>.</summary>
    public Reals<T> Gradient;

    /// <summary><c>[output site]{first element of the cotangent, first element of the input of tap 0, …}</c>.</summary>
    public Table Sites;

    /// <summary>First output site of this launch.</summary>
    public int FirstSite;

    /// <summary>Output sites of this launch.</summary>
    public int SiteCount;

    /// <summary>Taps, k².</summary>
    public int Taps;

    /// <summary>Numbers of one site in the input field.</summary>
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
/// dL/dW(o, i, tap) += Σ_x dL/dz(x, o) u(x + tap, i), lane by lane. A column is a pair (i, tap), taps fastest; an item is a block of outputs ×
/// columns, held in registers while all sites go by: 8 × 3 or 4 × 6 where there are 32 registers, 4 × 3 where there are 16.
/// </summary>
/// <remarks>
/// Floor: 2·taps·C_in·C_out flop a site. A site costs 11 loads and 4 integers for 24 fused multiply-adds (8 × 3), 7 for 12 (4 × 3). Neighbouring
/// columns are the taps of one channel: they read the same lines, so an item's input stays in L1. Where the sites of a batch's tile do not fit
/// there, the launch is repeated for strips of sites.
/// </remarks>
public struct ConvolutionWeightVjp<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private ConvolutionWeightVjpOperands<T> operands;

    /// <summary>The kernel of these operands.</summary>
    public ConvolutionWeightVjp(ConvolutionWeightVjpOperands<T> operands) => this.operands = operands;

    private static bool IsNarrow => T.Bytes == Lane.NarrowBytes;

    /// <summary>The number of items.</summary>
    public static int Items(in ConvolutionWeightVjpOperands<T> operands) => operands.OutputStride / Outputs(operands.OutputStride) * Groups(operands);

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
        int groups = Groups(operands);
        int block = item / groups;
        int group = item - (block * groups);
        if (IsNarrow) FourByThree(4 * block, 3 * group);
        else if (operands.OutputStride % 8 == 0) EightByThree(8 * block, 3 * group);
        else FourBySix(4 * block, 6 * group);
    }

    private static int Outputs(int stride) => IsNarrow || stride % 8 != 0 ? 4 : 8;

    private static int Groups(in ConvolutionWeightVjpOperands<T> operands)
    {
        int columns = IsNarrow || operands.OutputStride % 8 == 0 ? 3 : 6;
        return ((operands.InputChannels * operands.Taps) + columns - 1) / columns;
    }

    private static int Smaller(int a, int b) => a < b ? a : b;

    private readonly void EightByThree(int output, int column)
    {
        int last = (operands.InputChannels * operands.Taps) - 1;
        int columnA = column;
        int channelA = columnA / operands.Taps;
        int tapA = 1 + columnA - (channelA * operands.Taps);
        var inputA = operands.Input.From(channelA);
        int columnB = Smaller(column + 1, last);
        int channelB = columnB / operands.Taps;
        int tapB = 1 + columnB - (channelB * operands.Taps);
        var inputB = operands.Input.From(channelB);
        int columnC = Smaller(column + 2, last);
        int channelC = columnC / operands.Taps;
        int tapC = 1 + columnC - (channelC * operands.Taps);
        var inputC = operands.Input.From(channelC);
        var cotangents = operands.Cotangent.From(output);
        var sites = operands.Sites;
        int step = operands.Taps + 1;
        int end = (operands.FirstSite + operands.SiteCount) * step;
        T a00 = T.Of(0.0), a01 = a00, a02 = a00;
        T a10 = a00, a11 = a00, a12 = a00;
        T a20 = a00, a21 = a00, a22 = a00;
        T a30 = a00, a31 = a00, a32 = a00;
        T a40 = a00, a41 = a00, a42 = a00;
        T a50 = a00, a51 = a00, a52 = a00;
        T a60 = a00, a61 = a00, a62 = a00;
        T a70 = a00, a71 = a00, a72 = a00;
        for (int s = operands.FirstSite * step; s < end; s += step)
        {
            var d = cotangents.From(T.Index(sites, s));
            var u0 = T.Load(inputA, T.Index(sites, s + tapA));
            var u1 = T.Load(inputB, T.Index(sites, s + tapB));
            var u2 = T.Load(inputC, T.Index(sites, s + tapC));
            var z = T.Load(d, 0);
            a00 = T.Fma(z, u0, a00);
            a01 = T.Fma(z, u1, a01);
            a02 = T.Fma(z, u2, a02);
            z = T.Load(d, 1);
            a10 = T.Fma(z, u0, a10);
            a11 = T.Fma(z, u1, a11);
            a12 = T.Fma(z, u2, a12);
            z = T.Load(d, 2);
            a20 = T.Fma(z, u0, a20);
            a21 = T.Fma(z, u1, a21);
            a22 = T.Fma(z, u2, a22);
            z = T.Load(d, 3);
            a30 = T.Fma(z, u0, a30);
            a31 = T.Fma(z, u1, a31);
            a32 = T.Fma(z, u2, a32);
            z = T.Load(d, 4);
            a40 = T.Fma(z, u0, a40);
            a41 = T.Fma(z, u1, a41);
            a42 = T.Fma(z, u2, a42);
            z = T.Load(d, 5);
            a50 = T.Fma(z, u0, a50);
            a51 = T.Fma(z, u1, a51);
            a52 = T.Fma(z, u2, a52);
            z = T.Load(d, 6);
            a60 = T.Fma(z, u0, a60);
            a61 = T.Fma(z, u1, a61);
            a62 = T.Fma(z, u2, a62);
            z = T.Load(d, 7);
            a70 = T.Fma(z, u0, a70);
            a71 = T.Fma(z, u1, a71);
            a72 = T.Fma(z, u2, a72);
        }

        Add(output, columnA, a00, a10, a20, a30);
        Add(output + 4, columnA, a40, a50, a60, a70);
        if (column + 1 > last) return;
        Add(output, columnB, a01, a11, a21, a31);
        Add(output + 4, columnB, a41, a51, a61, a71);
        if (column + 2 > last) return;
        Add(output, columnC, a02, a12, a22, a32);
        Add(output + 4, columnC, a42, a52, a62, a72);
    }

    private readonly void FourBySix(int output, int column)
    {
        int last = (operands.InputChannels * operands.Taps) - 1;
        int columnA = column;
        int channelA = columnA / operands.Taps;
        int tapA = 1 + columnA - (channelA * operands.Taps);
        var inputA = operands.Input.From(channelA);
        int columnB = Smaller(column + 1, last);
        int channelB = columnB / operands.Taps;
        int tapB = 1 + columnB - (channelB * operands.Taps);
        var inputB = operands.Input.From(channelB);
        int columnC = Smaller(column + 2, last);
        int channelC = columnC / operands.Taps;
        int tapC = 1 + columnC - (channelC * operands.Taps);
        var inputC = operands.Input.From(channelC);
        int columnD = Smaller(column + 3, last);
        int channelD = columnD / operands.Taps;
        int tapD = 1 + columnD - (channelD * operands.Taps);
        var inputD = operands.Input.From(channelD);
        int columnE = Smaller(column + 4, last);
        int channelE = columnE / operands.Taps;
        int tapE = 1 + columnE - (channelE * operands.Taps);
        var inputE = operands.Input.From(channelE);
        int columnF = Smaller(column + 5, last);
        int channelF = columnF / operands.Taps;
        int tapF = 1 + columnF - (channelF * operands.Taps);
        var inputF = operands.Input.From(channelF);
        var cotangents = operands.Cotangent.From(output);
        var sites = operands.Sites;
        int step = operands.Taps + 1;
        int end = (operands.FirstSite + operands.SiteCount) * step;
        T a00 = T.Of(0.0), a01 = a00, a02 = a00, a03 = a00, a04 = a00, a05 = a00;
        T a10 = a00, a11 = a00, a12 = a00, a13 = a00, a14 = a00, a15 = a00;
        T a20 = a00, a21 = a00, a22 = a00, a23 = a00, a24 = a00, a25 = a00;
        T a30 = a00, a31 = a00, a32 = a00, a33 = a00, a34 = a00, a35 = a00;
        for (int s = operands.FirstSite * step; s < end; s += step)
        {
            var d = cotangents.From(T.Index(sites, s));
            var u0 = T.Load(inputA, T.Index(sites, s + tapA));
            var u1 = T.Load(inputB, T.Index(sites, s + tapB));
            var u2 = T.Load(inputC, T.Index(sites, s + tapC));
            var u3 = T.Load(inputD, T.Index(sites, s + tapD));
            var u4 = T.Load(inputE, T.Index(sites, s + tapE));
            var u5 = T.Load(inputF, T.Index(sites, s + tapF));
            var z = T.Load(d, 0);
            a00 = T.Fma(z, u0, a00);
            a01 = T.Fma(z, u1, a01);
            a02 = T.Fma(z, u2, a02);
            a03 = T.Fma(z, u3, a03);
            a04 = T.Fma(z, u4, a04);
            a05 = T.Fma(z, u5, a05);
            z = T.Load(d, 1);
            a10 = T.Fma(z, u0, a10);
            a11 = T.Fma(z, u1, a11);
            a12 = T.Fma(z, u2, a12);
            a13 = T.Fma(z, u3, a13);
            a14 = T.Fma(z, u4, a14);
            a15 = T.Fma(z, u5, a15);
            z = T.Load(d, 2);
            a20 = T.Fma(z, u0, a20);
            a21 = T.Fma(z, u1, a21);
            a22 = T.Fma(z, u2, a22);
            a23 = T.Fma(z, u3, a23);
            a24 = T.Fma(z, u4, a24);
            a25 = T.Fma(z, u5, a25);
            z = T.Load(d, 3);
            a30 = T.Fma(z, u0, a30);
            a31 = T.Fma(z, u1, a31);
            a32 = T.Fma(z, u2, a32);
            a33 = T.Fma(z, u3, a33);
            a34 = T.Fma(z, u4, a34);
            a35 = T.Fma(z, u5, a35);
        }

        Add(output, columnA, a00, a10, a20, a30);
        if (column + 1 > last) return;
        Add(output, columnB, a01, a11, a21, a31);
        if (column + 2 > last) return;
        Add(output, columnC, a02, a12, a22, a32);
        if (column + 3 > last) return;
        Add(output, columnD, a03, a13, a23, a33);
        if (column + 4 > last) return;
        Add(output, columnE, a04, a14, a24, a34);
        if (column + 5 > last) return;
        Add(output, columnF, a05, a15, a25, a35);
    }

    private readonly void FourByThree(int output, int column)
    {
        int last = (operands.InputChannels * operands.Taps) - 1;
        int columnA = column;
        int channelA = columnA / operands.Taps;
        int tapA = 1 + columnA - (channelA * operands.Taps);
        var inputA = operands.Input.From(channelA);
        int columnB = Smaller(column + 1, last);
        int channelB = columnB / operands.Taps;
        int tapB = 1 + columnB - (channelB * operands.Taps);
        var inputB = operands.Input.From(channelB);
        int columnC = Smaller(column + 2, last);
        int channelC = columnC / operands.Taps;
        int tapC = 1 + columnC - (channelC * operands.Taps);
        var inputC = operands.Input.From(channelC);
        var cotangents = operands.Cotangent.From(output);
        var sites = operands.Sites;
        int step = operands.Taps + 1;
        int end = (operands.FirstSite + operands.SiteCount) * step;
        T a00 = T.Of(0.0), a01 = a00, a02 = a00;
        T a10 = a00, a11 = a00, a12 = a00;
        T a20 = a00, a21 = a00, a22 = a00;
        T a30 = a00, a31 = a00, a32 = a00;
        for (int s = operands.FirstSite * step; s < end; s += step)
        {
            var d = cotangents.From(T.Index(sites, s));
            var u0 = T.Load(inputA, T.Index(sites, s + tapA));
            var u1 = T.Load(inputB, T.Index(sites, s + tapB));
            var u2 = T.Load(inputC, T.Index(sites, s + tapC));
            var z = T.Load(d, 0);
            a00 = T.Fma(z, u0, a00);
            a01 = T.Fma(z, u1, a01);
            a02 = T.Fma(z, u2, a02);
            z = T.Load(d, 1);
            a10 = T.Fma(z, u0, a10);
            a11 = T.Fma(z, u1, a11);
            a12 = T.Fma(z, u2, a12);
            z = T.Load(d, 2);
            a20 = T.Fma(z, u0, a20);
            a21 = T.Fma(z, u1, a21);
            a22 = T.Fma(z, u2, a22);
            z = T.Load(d, 3);
            a30 = T.Fma(z, u0, a30);
            a31 = T.Fma(z, u1, a31);
            a32 = T.Fma(z, u2, a32);
        }

        Add(output, columnA, a00, a10, a20, a30);
        if (column + 1 > last) return;
        Add(output, columnB, a01, a11, a21, a31);
        if (column + 2 > last) return;
        Add(output, columnC, a02, a12, a22, a32);
    }

    private readonly void Add(int output, int column, T d0, T d1, T d2, T d3)
    {
        int weights = operands.InputChannels * operands.Taps;
        int e = operands.WeightOffset + (output * weights) + column;
        Add(output, e, d0);
        Add(output + 1, e + weights, d1);
        Add(output + 2, e + (2 * weights), d2);
        Add(output + 3, e + (3 * weights), d3);
    }

    private readonly void Add(int output, int e, T d)
    {
        if (output < operands.OutputChannels) T.Store(operands.Gradient, e, T.Load(operands.Gradient, e) + d);
    }
}

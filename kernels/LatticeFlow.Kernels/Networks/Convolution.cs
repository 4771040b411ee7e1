using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Networks;

/// <summary>The operands of a <see cref="Convolution{T}"/>.</summary>
public struct ConvolutionOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Input, <c>[site][input channel]</c>.</summary>
    public Reals<T> Input;

    /// <summary>Output, <c>[site][output channel]</c>; channels padded to a multiple of four.</summary>
    public Reals<T> Output;

    /// <summary>a′(z), <c>[site][output channel]</c>: see <see cref="SlopeUse"/>.</summary>
    public Reals<T> Slope;

    /// <summary>Weights of all layers, shared; this one's start at <see cref="WeightOffset"/>.</summary>
    public Reals<T> Weights;

    /// <summary>The groups, see <see cref="ConvolutionPlan"/>.</summary>
    public Table Plan;

    /// <summary>Where each group stands in the plan.</summary>
    public Table Starts;

    /// <summary>First weight, <c>[block][tap][input channel][4]</c>.</summary>
    public int WeightOffset;

    /// <summary>First bias, one for each padded output channel; −1: no bias.</summary>
    public int BiasOffset;

    /// <summary>Numbers of one site in the input field.</summary>
    public int InputChannels;

    /// <summary>Padded output channels.</summary>
    public int OutputChannels;

    /// <summary>Taps of the kernel, k².</summary>
    public int Taps;

    /// <summary>Groups of sites.</summary>
    public int Groups;

    /// <summary>One of <see cref="Networks.Activation"/>.</summary>
    public int Activation;

    /// <summary>One of <see cref="Networks.SlopeUse"/>.</summary>
    public int SlopeUse;
}

/// <summary>What a convolution does with the field of slopes a′(z). (Integers, because a device takes no booleans.)</summary>
public static class SlopeUse
{
    /// <summary>Nothing.</summary>
    public const int None = 0;

    /// <summary>Writes them, for a backward pass.</summary>
    public const int Write = 1;

    /// <summary>Multiplies the result with them: the step from dL/da to dL/dz.</summary>
    public const int Multiply = 2;
}

/// <summary>
/// z(x, o) = b(o) + Σ_tap Σ_i W(o, i, tap) u(x + tap, i), periodic, followed by an activation; with transposed weights and reversed
/// taps the same kernel is its own input-VJP. An item is four sites × four output channels, held in sixteen registers,
/// or three sites × four output channels in twelve where there are only sixteen.
/// </summary>
/// <remarks>
/// Floor: 2·taps·C_in·C_out flop a site; a channel of the input costs 4 loads and 4 broadcasts for 16 fused multiply-adds (3 and 4 for 12), so the
/// arithmetic is the limit. Items run over the groups of one block first: the block's weights then stay in L1 while the sites stream.
/// </remarks>
public partial struct Convolution<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private ConvolutionOperands<T> operands;

    /// <summary>The kernel of these operands; items = groups × output channels / 4.</summary>
    public Convolution(ConvolutionOperands<T> operands) => this.operands = operands;

    /// <summary>Sites of an item, and of a group of its plan.</summary>
    public static int Sites => T.Bytes == Lane.NarrowBytes ? 3 : 4;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        operands.Input = operands.Input.At(place);
        operands.Output = operands.Output.At(place);
        operands.Slope = operands.Slope.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        if (T.Bytes == Lane.NarrowBytes)
        {
            ThreeByFour(item);
            return;
        }

        int groups = operands.Groups;
        int block = item / groups;
        var plan = operands.Plan;
        int start = T.Index(operands.Starts, item - (block * groups));
        var input = operands.Input;
        var weights = operands.Weights;
        int channels = operands.InputChannels;
        T a00 = T.Of(0.0), a01 = a00, a02 = a00, a03 = a00;
        if (operands.BiasOffset >= 0)
        {
            int bias = operands.BiasOffset + (4 * block);
            a00 = T.Uniform(weights, bias);
            a01 = T.Uniform(weights, bias + 1);
            a02 = T.Uniform(weights, bias + 2);
            a03 = T.Uniform(weights, bias + 3);
        }

        T a10 = a00, a11 = a01, a12 = a02, a13 = a03;
        T a20 = a00, a21 = a01, a22 = a02, a23 = a03;
        T a30 = a00, a31 = a01, a32 = a02, a33 = a03;
        int taps = T.Index(plan, start);
        int entry = start + 5;
        int firstWeight = operands.WeightOffset + (block * operands.Taps * channels * 4);
        for (int t = 0; t < taps; t++)
        {
            int w = firstWeight + T.Index(plan, entry);
            var s0 = input.From(T.Index(plan, entry + 1));
            var s1 = input.From(T.Index(plan, entry + 2));
            var s2 = input.From(T.Index(plan, entry + 3));
            var s3 = input.From(T.Index(plan, entry + 4));
            entry += 5;
            for (int c = 0; c < channels; c++)
            {
                var u0 = T.Load(s0, c);
                var u1 = T.Load(s1, c);
                var u2 = T.Load(s2, c);
                var u3 = T.Load(s3, c);
                var k = T.Uniform(weights, w);
                a00 = T.Fma(k, u0, a00);
                a10 = T.Fma(k, u1, a10);
                a20 = T.Fma(k, u2, a20);
                a30 = T.Fma(k, u3, a30);
                k = T.Uniform(weights, w + 1);
                a01 = T.Fma(k, u0, a01);
                a11 = T.Fma(k, u1, a11);
                a21 = T.Fma(k, u2, a21);
                a31 = T.Fma(k, u3, a31);
                k = T.Uniform(weights, w + 2);
                a02 = T.Fma(k, u0, a02);
                a12 = T.Fma(k, u1, a12);
                a22 = T.Fma(k, u2, a22);
                a32 = T.Fma(k, u3, a32);
                k = T.Uniform(weights, w + 3);
                a03 = T.Fma(k, u0, a03);
                a13 = T.Fma(k, u1, a13);
                a23 = T.Fma(k, u2, a23);
                a33 = T.Fma(k, u3, a33);
                w += 4;
            }
        }

        int column = 4 * block;
        int o0 = T.Index(plan, start + 1) + column;
        int o1 = T.Index(plan, start + 2) + column;
        int o2 = T.Index(plan, start + 3) + column;
        int o3 = T.Index(plan, start + 4) + column;
        var output = operands.Output;
        Store(output, o0, a00, a01, a02, a03);
        Store(output, o1, a10, a11, a12, a13);
        Store(output, o2, a20, a21, a22, a23);
        Store(output, o3, a30, a31, a32, a33);

        // A group of fewer than four sites repeats its last one, which must not be finished twice.
        Finish(o0);
        if (o1 != o0) Finish(o1);
        if (o2 != o1) Finish(o2);
        if (o3 != o2) Finish(o3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Reals<T> output, int e, T z0, T z1, T z2, T z3)
    {
        T.Store(output, e, z0);
        T.Store(output, e + 1, z1);
        T.Store(output, e + 2, z2);
        T.Store(output, e + 3, z3);
    }

    // Reads z back from L1: sixteen live accumulators and an activation would not fit the registers.
    private readonly void Finish(int e)
    {
        if (operands.SlopeUse == SlopeUse.Multiply)
        {
            for (int k = e; k < e + 4; k++) T.Store(operands.Output, k, T.Load(operands.Output, k) * T.Load(operands.Slope, k));
        }
        else if (operands.Activation == Activation.LeakyRelu)
        {
            for (int k = e; k < e + 4; k++)
            {
                T z = T.Load(operands.Output, k);
                T slope = Activation.LeakyReluSlope(z);
                T.Store(operands.Output, k, z * slope);
                if (operands.SlopeUse == SlopeUse.Write) T.Store(operands.Slope, k, slope);
            }
        }
        else if (operands.Activation != Activation.Identity || operands.SlopeUse == SlopeUse.Write)
        {
            for (int k = e; k < e + 4; k++)
            {
                T.Store(operands.Output, k, Activation.Apply(operands.Activation, T.Load(operands.Output, k), out T slope));
                if (operands.SlopeUse == SlopeUse.Write) T.Store(operands.Slope, k, slope);
            }
        }
    }
}

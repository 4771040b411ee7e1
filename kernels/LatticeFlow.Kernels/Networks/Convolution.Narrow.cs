using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Networks;

/// <content>
/// The form for sixteen registers: three sites × four output channels. Twelve sums, three inputs and one weight are sixteen; of the sixteen sums of four sites, five would
/// live on the stack, and with four moves more they take twice the time.
/// </content>
public partial struct Convolution<T>
{
    private readonly void ThreeByFour(int item)
    {
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
        int taps = T.Index(plan, start);
        int entry = start + 4;
        int firstWeight = operands.WeightOffset + (block * operands.Taps * channels * 4);
        for (int t = 0; t < taps; t++)
        {
            var w = weights.FromNumber(firstWeight + T.Index(plan, entry));
            var s0 = input.From(T.Index(plan, entry + 1));
            var s1 = input.From(T.Index(plan, entry + 2));
            var s2 = input.From(T.Index(plan, entry + 3));
            entry += 4;
            for (int c = 0; c < channels; c++)
            {
                var u0 = T.Load(s0, c);
                var u1 = T.Load(s1, c);
                var u2 = T.Load(s2, c);
                var k = T.Uniform(w, 0);
                a00 = T.Fma(k, u0, a00);
                a10 = T.Fma(k, u1, a10);
                a20 = T.Fma(k, u2, a20);
                k = T.Uniform(w, 1);
                a01 = T.Fma(k, u0, a01);
                a11 = T.Fma(k, u1, a11);
                a21 = T.Fma(k, u2, a21);
                k = T.Uniform(w, 2);
                a02 = T.Fma(k, u0, a02);
                a12 = T.Fma(k, u1, a12);
                a22 = T.Fma(k, u2, a22);
                k = T.Uniform(w, 3);
                a03 = T.Fma(k, u0, a03);
                a13 = T.Fma(k, u1, a13);
                a23 = T.Fma(k, u2, a23);
                w = w.FromNumber(4);
            }
        }

        int column = 4 * block;
        int o0 = T.Index(plan, start + 1) + column;
        int o1 = T.Index(plan, start + 2) + column;
        int o2 = T.Index(plan, start + 3) + column;
        var output = operands.Output;
        Store(output, o0, a00, a01, a02, a03);
        Store(output, o1, a10, a11, a12, a13);
        Store(output, o2, a20, a21, a22, a23);
        Finish(o0);
        if (o1 != o0) Finish(o1);
        if (o2 != o1) Finish(o2);
    }
}

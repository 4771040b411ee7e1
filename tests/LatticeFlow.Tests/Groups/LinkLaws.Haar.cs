using System.Numerics;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Tests.Groups;

public static partial class LinkLaws
{
    private const int Samples = 20000;

    // Five standard errors: fewer than 8 moments of two traces, each wrong by chance once in 1.7 million seeds, so a seed fails once in 100,000. The seed is fixed.
    private const double StandardErrors = 5;

    private static void CheckHaar<TLink, T>(LinkBench<TLink, T> bench, LinkAlgebra algebra)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        bench.SetTable(20261, 7, 3, 0, 0);
        var streams = new Streams<T> { Key = bench.Table }.At(new Place(0, 0, 0, 0, 0));
        var u = bench.Local(0);
        var turn = ComplexMatrix.Exponential(Complex.ImaginaryOne * algebra.Sum([.. algebra.Generators.Select(_ => 2 * bench.Uniform())]));
        List<Complex> traces = [], turned = [], corners = [];
        ComplexMatrix? first = null;
        for (int draw = 0; traces.Count < Samples; draw++)
        {
            TLink.Haar(new StreamReals<T>(streams, T.Word((uint)(draw * TLink.HaarBlocks)), Purpose.Start), ref u);
            for (int lane = 0; lane < LinkBench<TLink, T>.Lanes; lane++)
            {
                var value = bench.Value(u, lane);
                first ??= value;
                if (draw < 4) IsInGroup(value, algebra, $"{typeof(TLink)}: random link", Rounding);
                traces.Add(value.Trace);
                turned.Add((turn * value).Trace);
                corners.Add(value[0, algebra.Order - 1]);
            }
        }

        TLink.Haar(new StreamReals<T>(streams, T.Word(0), Purpose.Start), ref u);
        Assert.Equal(0, (bench.Value(u, 0) - first!).Largest);
        CheckMoments<TLink>("tr U", traces, algebra.Order);
        CheckMoments<TLink>("tr VU", turned, algebra.Order);
        Mean<TLink>("|U_0N|²", corners.Select(z => z.Magnitude * z.Magnitude), 1.0 / algebra.Order);
    }

    // ∫ tr^a conj(tr)^b: Diaconis and Shahshahani, J. Appl. Probab. 31 (1994) 49, and, where a − b = N, the invariant tensor ε of SU(N).
    private static void CheckMoments<TLink>(string what, List<Complex> traces, int order)
    {
        Mean<TLink>($"Re {what}", traces.Select(z => z.Real), 0);
        Mean<TLink>($"Im {what}", traces.Select(z => z.Imaginary), 0);
        Mean<TLink>($"|{what}|²", traces.Select(z => z.Magnitude * z.Magnitude), 1);
        Mean<TLink>($"|{what}|⁴", traces.Select(z => Math.Pow(z.Magnitude, 4)), order == 1 ? 1 : 2);
        Mean<TLink>($"Re ({what})²", traces.Select(z => (z * z).Real), order == 2 ? 1 : 0);
        Mean<TLink>($"Im ({what})²", traces.Select(z => (z * z).Imaginary), 0);
        Mean<TLink>($"Re ({what})³", traces.Select(z => (z * z * z).Real), order == 3 ? 1 : 0);
    }

    private static void Mean<TLink>(string what, IEnumerable<double> sample, double expected)
    {
        double[] values = [.. sample];
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean))) / values.Length;
        Assert.True(Math.Abs(mean - expected) <= (StandardErrors * error) + Rounding, $"{typeof(TLink)}: the Haar mean of {what} is {mean:G6} ± {error:G2}, not {expected}.");
    }
}

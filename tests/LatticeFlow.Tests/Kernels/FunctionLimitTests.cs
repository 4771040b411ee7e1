using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;

namespace LatticeFlow.Tests;

/// <summary>Zeros, infinities, NaN and the ends of ranges, bit by bit, on every instruction set and in both precisions.</summary>
public class FunctionLimitTests
{
    private const double Inf = double.PositiveInfinity;
    private const double NaN = double.NaN;

    [Fact]
    public void Sin() => Check<SinFunction>([0.0, -0.0, NaN, Inf, -Inf, 1e-30, -1e-30], [0.0, -0.0, NaN, NaN, NaN, 1e-30, -1e-30]);

    [Fact]
    public void Cos() => Check<CosFunction>([0.0, -0.0, NaN, Inf, 1e-30], [1.0, 1.0, NaN, NaN, 1.0]);

    [Fact]
    public void Atan() => Check<AtanFunction>([0.0, -0.0, NaN, Inf, -Inf, 1.0, 1e-40], [0.0, -0.0, NaN, Math.PI / 2, -Math.PI / 2, Math.PI / 4, 1e-40]);

    [Fact]
    public void Exp() => Check<ExpFunction>([0.0, -0.0, NaN, Inf, -Inf, 800.0, -800.0], [1.0, 1.0, NaN, Inf, 0.0, Inf, 0.0]);

    [Fact]
    public void Expm1() => Check<Expm1Function>([0.0, -0.0, NaN, Inf, -Inf, 800.0, -800.0, -1e-40], [0.0, -0.0, NaN, Inf, -1.0, Inf, -1.0, -1e-40]);

    [Fact]
    public void Log() => Check<LogFunction>([0.0, -0.0, NaN, Inf, -Inf, -1.0, 1.0], [-Inf, -Inf, NaN, Inf, NaN, NaN, 0.0]);

    [Fact]
    public void Log1p() => Check<Log1pFunction>([0.0, -0.0, NaN, Inf, -Inf, -1.0, -1.5, 1e-40], [0.0, -0.0, NaN, Inf, NaN, -Inf, NaN, 1e-40]);

    [Fact]
    public void Tanh() => Check<TanhFunction>([0.0, -0.0, NaN, Inf, -Inf, 400.0, -1e-40], [0.0, -0.0, NaN, 1.0, -1.0, 1.0, -1e-40]);

    [Fact]
    public void Sinh() => Check<SinhFunction>([0.0, -0.0, NaN, Inf, -Inf, 800.0, -1e-40], [0.0, -0.0, NaN, Inf, -Inf, Inf, -1e-40]);

    [Fact]
    public void Cosh() => Check<CoshFunction>([0.0, -0.0, NaN, Inf, -Inf, 800.0, -1e-40], [1.0, 1.0, NaN, Inf, Inf, Inf, 1.0]);

    [Fact]
    public void Arsinh() => Check<ArsinhFunction>([0.0, -0.0, NaN, Inf, -Inf, -1e-40], [0.0, -0.0, NaN, Inf, -Inf, -1e-40]);

    [Fact]
    public void Sigmoid() => Check<SigmoidFunction>([0.0, -0.0, NaN, Inf, -Inf, 800.0, -800.0], [0.5, 0.5, NaN, 1.0, 0.0, 1.0, 0.0]);

    [Fact]
    public void Softplus() => Check<SoftplusFunction>([NaN, Inf, -Inf, 800.0, -800.0], [NaN, Inf, 0.0, 800.0, 0.0]);

    [Fact]
    public void Atan2()
    {
        double[] y = [0.0, -0.0, 0.0, -0.0, 0.0, -0.0, 1.0, -1.0, 1.0, Inf, Inf, -Inf, Inf, 1.0, -1.0, 1.0, NaN, 1.0, 0.0];
        double[] x = [0.0, 0.0, -0.0, -0.0, -1.0, -1.0, 0.0, -0.0, -1.0, Inf, -Inf, -Inf, 3.0, Inf, -Inf, NaN, 1.0, 1.0, NaN];
        Check<Atan2Function>(y, [.. y.Zip(x, Math.Atan2)], x);
    }

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Wrapped_angles_lie_in_the_half_open_interval(Precision precision)
    {
        bool single = precision == Precision.Single;
        double pi = single ? MathF.PI : Math.PI;
        var x = new List<double> { pi, -pi, 0.0, -0.0, 3.0, -3.0 };
        int unchanged = x.Count;
        for (int turn = -40; turn <= 40; turn++)
        {
            double end = turn * pi;
            double below = single ? MathF.BitDecrement((float)end) : Math.BitDecrement(end);
            double above = single ? MathF.BitIncrement((float)end) : Math.BitIncrement(end);
            x.AddRange([single ? (float)end : end, below, above]);
        }

        var random = new Random(7);
        for (int i = 0; i < 500; i++)
        {
            double any = 2e5 * (random.NextDouble() - 0.5);
            x.Add(single ? (float)any : any);
        }

        foreach (var set in InstructionSet.All.Where(s => s.IsSupported))
        {
            using var device = set.Create(1);
            var result = Map<WrapFunction>.On(device, precision, [.. x], new double[x.Count]);
            Assert.All(result, r => Assert.True(r > -pi && r <= pi));
            for (int i = 0; i < unchanged; i++)
            {
                if (i != 1) Assert.Equal(BitConverter.DoubleToInt64Bits(x[i]), BitConverter.DoubleToInt64Bits(result[i]));
            }

            // Half an ulp of π = 2⁻²² or 2⁻⁵¹ from rounding and, at the end, as much again because π is not a number; on the circle.
            double ulp = 1.1 * (single ? Math.ScaleB(1.0, -22) : Math.ScaleB(1.0, -51));
            for (int i = 0; i < x.Count; i++)
            {
                var difference = BigReal.Abs(BigFunctions.Wrap(x[i]) - result[i]);
                var otherWay = BigReal.Abs(difference - (2 * BigReal.Pi));
                Assert.True(Math.Min((double)difference, (double)otherWay) <= ulp, $"{set.Name}: {x[i]:R} became {result[i]:R}");
            }
        }
    }

    private static void Check<TFunction>(double[] x, double[] expected, double[]? second = null)
        where TFunction : struct, ILaneFunction
    {
        foreach (var set in InstructionSet.All.Where(s => s.IsSupported))
        {
            using var device = set.Create(1);
            foreach (var precision in new[] { Precision.Single, Precision.Double })
            {
                var result = Map<TFunction>.On(device, precision, x, second ?? new double[x.Length]);
                for (int i = 0; i < x.Length; i++)
                {
                    double wanted = precision == Precision.Single ? (float)expected[i] : expected[i];
                    bool same = double.IsNaN(wanted) ? double.IsNaN(result[i]) : BitConverter.DoubleToInt64Bits(wanted) == BitConverter.DoubleToInt64Bits(result[i]);
                    Assert.True(same, $"{typeof(TFunction).Name} {precision} {set.Name}: {result[i]:R} at {x[i]:R}, not {wanted:R}");
                }
            }
        }
    }
}

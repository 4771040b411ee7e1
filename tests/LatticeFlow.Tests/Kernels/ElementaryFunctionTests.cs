using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>Every elementary function on every instruction set against 240-bit arithmetic, in ulp of the exact result.</summary>
public class ElementaryFunctionTests(ITestOutputHelper output)
{
    // What the functions promise. Measured maxima are printed.
    private const double Ulps = 2.0;
    private const int Points = 3000;
    private const int Seed = 20;

    [Fact]
    public void Sin_is_accurate() => Check<SinFunction>(Trigonometric, (x, _) => BigFunctions.Sin(x));

    [Fact]
    public void Cos_is_accurate() => Check<CosFunction>(Trigonometric, (x, _) => BigFunctions.Cos(x));

    [Fact]
    public void Atan_is_accurate() => Check<AtanFunction>(Wide, (x, _) => BigFunctions.Atan(x));

    [Fact]
    public void Atan2_is_accurate() => Check<Atan2Function>(Wide, BigFunctions.Atan2);

    [Fact]
    public void Exp_is_accurate() => Check<ExpFunction>((random, single) => Uniform(random, single ? -103.0 : -744.0, single ? 88.7 : 709.7), (x, _) => BigFunctions.Exp(x));

    [Fact]
    public void Expm1_is_accurate() => Check<Expm1Function>((random, single) => Mixed(random, single ? -30.0 : -60.0, single ? 88.7 : 709.7, single), (x, _) => BigFunctions.Expm1(x));

    [Fact]
    public void Log_is_accurate() => Check<LogFunction>((random, single) => random.Next(2) == 0 ? Math.Abs(Wide(random, single)) : Uniform(random, 0.4, 2.5), (x, _) => BigFunctions.Log(x));

    [Fact]
    public void Log1p_is_accurate() => Check<Log1pFunction>(
        (random, single) => random.Next(3) switch
        {
            0 => Math.Abs(Wide(random, single)),
            1 => -Math.Exp(Uniform(random, -16.0, 0.0)) * 0.999,
            _ => Uniform(random, -0.5, 4.0),
        },
        (x, _) => BigFunctions.Log1p(x));

    [Fact]
    public void Tanh_is_accurate() => Check<TanhFunction>((random, single) => Mixed(random, -25.0, 25.0, single), (x, _) => BigFunctions.Tanh(x));

    [Fact]
    public void Sinh_is_accurate() => Check<SinhFunction>((random, single) => Mixed(random, single ? -88.0 : -709.0, single ? 88.0 : 709.0, single), (x, _) => BigFunctions.Sinh(x));

    [Fact]
    public void Cosh_is_accurate() => Check<CoshFunction>((random, single) => Mixed(random, single ? -88.0 : -709.0, single ? 88.0 : 709.0, single), (x, _) => BigFunctions.Cosh(x));

    [Fact]
    public void Arsinh_is_accurate() => Check<ArsinhFunction>((random, single) => random.Next(2) == 0 ? Uniform(random, -10.0, 10.0) : Math.ScaleB(Uniform(random, -2.0, 2.0), random.Next(-60, 60)), (x, _) => BigFunctions.Arsinh(x));

    [Fact]
    public void Sigmoid_is_accurate() => Check<SigmoidFunction>((random, single) => Mixed(random, single ? -90.0 : -740.0, 50.0, single), (x, _) => BigFunctions.Sigmoid(x));

    [Fact]
    public void Softplus_is_accurate() => Check<SoftplusFunction>((random, single) => Mixed(random, single ? -90.0 : -740.0, 50.0, single), (x, _) => BigFunctions.Softplus(x));

    private static double Uniform(Random random, double from, double to) => from + ((to - from) * random.NextDouble());

    // All magnitudes of the type, both signs.
    private static double Wide(Random random, bool single) =>
        Math.ScaleB(Uniform(random, -2.0, 2.0), single ? random.Next(-140, 126) : random.Next(-1060, 1020) / (random.Next(2) == 0 ? 1 : 100));

    private static double Mixed(Random random, double from, double to, bool single) => random.Next(4) switch
    {
        0 => Uniform(random, from, to),
        1 => Uniform(random, -1.0, 1.0),
        2 => Uniform(random, -5.0, 5.0),
        _ => Math.Clamp(Wide(random, single), from, to),
    };

    // Ordinary angles, all of the domain, the neighbourhood of multiples of π/2, tiny ones.
    private static double Trigonometric(Random random, bool single) => random.Next(5) switch
    {
        0 => Uniform(random, -7.0, 7.0),
        1 => Uniform(random, -1e5, 1e5),
        2 => random.Next(-60000, 60000) * (Math.PI / 2.0),
        3 => Math.BitIncrement(random.Next(-50, 50) * (Math.PI / 2.0)),
        _ => Math.Clamp(Wide(random, single), -1e5, 1e5),
    };

    private void Check<TFunction>(Func<Random, bool, double> draw, Func<double, double, BigReal> exact)
        where TFunction : struct, ILaneFunction
    {
        int checkedSets = 0;
        foreach (var precision in new[] { Precision.Single, Precision.Double })
        {
            bool single = precision == Precision.Single;
            var random = new Random(Seed);
            var x = new double[Points];
            var y = new double[Points];
            var reference = new BigReal[Points];
            for (int i = 0; i < Points; i++)
            {
                x[i] = Round(draw(random, single), single);
                y[i] = Round(draw(random, single), single);
                reference[i] = exact(x[i], y[i]);
            }

            foreach (var set in InstructionSet.All.Where(s => s.IsSupported))
            {
                using var device = set.Create(1);
                var result = Map<TFunction>.On(device, precision, x, y);
                double worst = 0.0;
                double at = 0.0;
                for (int i = 0; i < Points; i++)
                {
                    double error = UlpError(result[i], reference[i], single);
                    if (!(error <= worst)) (worst, at) = (error, x[i]);
                }

                output.WriteLine($"{typeof(TFunction).Name} {precision} {set.Name}: {worst:F2} ulp at {at:R}");
                Assert.True(worst <= Ulps, $"{typeof(TFunction).Name} {precision} {set.Name}: {worst} ulp at {at:R}");
                checkedSets++;
            }
        }

        Assert.True(checkedSets >= 2);
    }

    private static double Round(double x, bool single) => single ? (float)x : x;

    private static double UlpError(double result, BigReal exact, bool single)
    {
        if (!double.IsFinite(result)) return double.PositiveInfinity;
        int lowest = single ? -149 : -1074;
        int ulp = exact.IsZero ? lowest : Math.Max(lowest, exact.Binade - (single ? 23 : 52));
        return (double)BigReal.Scale(BigReal.Abs((BigReal)result - exact), -ulp);
    }
}

namespace LatticeFlow.Tests;

/// <summary>The series on which the reference programs were run: x ← 0.9 x + g, g the sum of twelve uniforms − 6, 1,000 values burnt, then 2,000 of x + 1.</summary>
internal static class GoldenSeries
{
    public static double[] Chain(ulong seed)
    {
        var random = new TestRandom(seed);
        double x = 0;
        var series = new double[2000];
        for (int i = -1000; i < series.Length; i++)
        {
            x = 0.9 * x + random.TwelveUniforms();
            if (i >= 0)
                series[i] = x + 1.0;
        }

        return series;
    }

    public static double[][] FourChains() => [Chain(1), Chain(2), Chain(3), Chain(4)];
}

/// <summary>splitmix64, written apart from the library so that tests do not lean on what they test.</summary>
internal sealed class TestRandom(ulong seed)
{
    private ulong _state = seed;

    public double Uniform()
    {
        _state += 0x9E3779B97F4A7C15UL;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        return (z >> 11) / 9007199254740992.0;
    }

    /// <summary>Mean 0, variance 1, nearly Gaussian.</summary>
    public double TwelveUniforms()
    {
        double sum = 0;
        for (int i = 0; i < 12; i++)
            sum += Uniform();
        return sum - 6;
    }

    public double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
}

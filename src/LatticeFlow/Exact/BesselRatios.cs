namespace LatticeFlow.Exact;

/// <summary>
/// Modified Bessel functions of integer order without overflow: r_n = I_n(x)/I_0(x), n = 0 … until r_n underflows, and ln(I_0(x) e^{−x}). x ≥ 0.
/// </summary>
internal sealed class BesselRatios
{
    // Below this argument ln I_0 comes from its power series, which keeps the relative precision of small logarithms.
    private const double SeriesBelow = 2;

    public double Argument { get; }

    /// <summary>I_n/I_0, descending and positive; entries past the end are below 1e-300 and count as zero.</summary>
    public double[] Ratio { get; }

    /// <summary>ln I_0(x).</summary>
    public double LogOrderZero { get; }

    public BesselRatios(double argument)
    {
        Argument = argument;
        if (argument == 0)
        {
            Ratio = [1];
            return;
        }

        // ρ_n = I_n/I_{n−1} = 1/(2n/x + ρ_{n+1}) downwards is stable (Gautschi 1967); started far out, the guess 0 is forgotten.
        int start = (int)Math.Ceiling(60 + 40 * Math.Sqrt(argument));
        var step = new double[start + 1];
        double next = 0;
        for (int n = start; n >= 1; n--)
            step[n] = next = 1 / (2 * n / argument + next);

        var ratio = new List<double> { 1 };
        double sum = 1;
        for (int n = 1; n <= start && ratio[^1] * step[n] > 1e-300; n++)
        {
            ratio.Add(ratio[^1] * step[n]);
            sum += 2 * ratio[n];
        }

        Ratio = [.. ratio];
        // e^x = I_0 + 2 Σ I_n: all terms positive.
        LogOrderZero = argument < SeriesBelow ? LogOfSeries(argument) : argument - Math.Log(sum);
    }

    /// <summary>I_n/I_0 for any integer order, zero where it underflows.</summary>
    public double this[int order] => Math.Abs(order) < Ratio.Length ? Ratio[Math.Abs(order)] : 0;

    private static double LogOfSeries(double x)
    {
        double term = 1, excess = 0, quarter = x * x / 4;
        for (int k = 1; term > 1e-18 * excess; k++)
        {
            term *= quarter / ((double)k * k);
            excess += term;
        }

        return LogOnePlus(excess);
    }

    /// <summary>ln(1 + y) without the loss of small y.</summary>
    internal static double LogOnePlus(double y)
    {
        double shifted = 1 + y;
        return shifted == 1 ? y : Math.Log(shifted) * (y / (shifted - 1));
    }
}

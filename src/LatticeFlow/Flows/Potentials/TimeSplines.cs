namespace LatticeFlow.Flows;

/// <summary>B-splines of a degree on [0, 1] with equidistant inner knots, clamped at both ends: partitions of unity; with as many splines as the degree and one, Bernstein polynomials.</summary>
/// <remarks>Source: C. de Boor, A Practical Guide to Splines (1978), chapter IX.</remarks>
public sealed class TimeSplines
{
    private readonly double[] knots;

    /// <summary>So many splines of a degree.</summary>
    /// <exception cref="ArgumentException">Fewer splines than the degree and one.</exception>
    public TimeSplines(int count, int degree)
    {
        if (count <= degree) throw new ArgumentException($"splines of degree {degree} are at least {degree + 1}, not {count}.", nameof(count));
        Count = count;
        Degree = degree;
        int inner = count - degree;
        knots = [.. Enumerable.Repeat(0.0, degree), .. Enumerable.Range(0, inner + 1).Select(k => (double)k / inner), .. Enumerable.Repeat(1.0, degree)];
    }

    /// <summary>Splines.</summary>
    public int Count { get; }

    /// <summary>Their degree.</summary>
    public int Degree { get; }

    /// <summary>All splines at a time.</summary>
    public double[] At(double time)
    {
        var values = new double[Count + Degree];
        int interval = Degree;
        while (interval < Count - 1 && time >= knots[interval + 1]) interval++;
        values[interval] = 1;
        for (int degree = 1; degree <= Degree; degree++)
        {
            for (int i = interval - degree; i <= interval; i++)
            {
                double left = knots[i + degree] - knots[i], right = knots[i + degree + 1] - knots[i + 1];
                values[i] = (left > 0 ? (time - knots[i]) / left * values[i] : 0) + (right > 0 ? (knots[i + degree + 1] - time) / right * values[i + 1] : 0);
            }
        }

        return values[..Count];
    }

    /// <summary>The coefficients of a + b t: b times the mean of the inner knots of each spline, and a.</summary>
    public double[] OfLine(double a, double b)
    {
        var coefficients = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            double mean = 0;
            for (int k = 1; k <= Degree; k++) mean += knots[i + k] / Degree;
            coefficients[i] = a + (b * (Degree > 0 ? mean : (i + 0.5) / Count));
        }

        return coefficients;
    }
}

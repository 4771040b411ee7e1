namespace LatticeFlow.Analysis;

/// <summary>
/// Scales of the gradient flow from energies E(t_k), t_k = k h, k = 1 … n, interpolated by polynomials through the nearest points, of which t² E = 0 at t = 0 is one.
/// </summary>
public static class FlowScale
{
    /// <summary>The value at which both scales are read off.</summary>
    public const double Reference = 0.3;

    private const int PointsOfInterpolation = 4;
    private const int PointsOfDerivative = 5;

    /// <summary>t0, the first t with t² E(t) = 0.3 (M. Lüscher, arXiv:1006.4518, eq. (1.3)); NaN where it is not reached.</summary>
    public static double T0(ReadOnlySpan<double> energies, double spacing) => Crossing(Dimensionless(energies, spacing), spacing);

    /// <summary>w0, the root of the first t with t d(t² E)/dt = 0.3 (S. Borsanyi et al., arXiv:1203.4469, eq. (2.5)); NaN where it is not reached.</summary>
    public static double W0(ReadOnlySpan<double> energies, double spacing)
    {
        double[] values = Dimensionless(energies, spacing);
        var slopes = new double[values.Length];
        for (int k = 0; k < values.Length; k++)
        {
            int first = First(k - (PointsOfDerivative / 2), PointsOfDerivative, values.Length);
            slopes[k] = k * Slope(values.AsSpan(first, Math.Min(PointsOfDerivative, values.Length)), k - first);
        }

        return Math.Sqrt(Crossing(slopes, spacing));
    }

    private static double[] Dimensionless(ReadOnlySpan<double> energies, double spacing)
    {
        var values = new double[energies.Length + 1];
        for (int k = 1; k < values.Length; k++)
            values[k] = k * spacing * (k * spacing) * energies[k - 1];
        return values;
    }

    private static double Crossing(double[] values, double spacing)
    {
        for (int k = 0; k + 1 < values.Length; k++)
        {
            if (!(values[k] < Reference && values[k + 1] >= Reference))
                continue;
            int first = First(k - 1, PointsOfInterpolation, values.Length);
            ReadOnlySpan<double> near = values.AsSpan(first, Math.Min(PointsOfInterpolation, values.Length));
            double low = k - first, high = low + 1;
            // Halving an interval of 1 until it is one rounding wide.
            for (int i = 0; i < 60; i++)
            {
                double middle = (low + high) / 2;
                if (Polynomial(near, middle) < Reference)
                    low = middle;
                else
                    high = middle;
            }

            return (first + low) * spacing;
        }

        return double.NaN;
    }

    private static int First(int wanted, int points, int length) => Math.Max(0, Math.Min(wanted, length - points));

    // Lagrange's form on nodes 0, 1, 2, …
    private static double Polynomial(ReadOnlySpan<double> values, double x)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double weight = 1;
            for (int j = 0; j < values.Length; j++)
            {
                if (j != i)
                    weight *= (x - j) / (i - j);
            }

            sum += weight * values[i];
        }

        return sum;
    }

    // The derivative of the same polynomial at a node.
    private static double Slope(ReadOnlySpan<double> values, int node)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double weight = 0;
            for (int m = 0; m < values.Length; m++)
            {
                if (m == i)
                    continue;
                double product = 1.0 / (i - m);
                for (int j = 0; j < values.Length; j++)
                {
                    if (j != i && j != m)
                        product *= (double)(node - j) / (i - j);
                }

                weight += product;
            }

            sum += weight * values[i];
        }

        return sum;
    }
}

namespace LatticeFlow.Analysis;

/// <summary>Gradient of a smooth function by central differences, extrapolated to step 0 (Ridders 1982).</summary>
internal static class NumericalGradient
{
    private const int Steps = 10;
    private const double Shrink = 1.4;

    /// <summary>∂f/∂x_α at <paramref name="point"/>; the first step is <paramref name="scale"/>[α], and 0 there means that x_α does not matter.</summary>
    public static double[] At(Func<double[], double> function, double[] point, double[] scale)
    {
        var gradient = new double[point.Length];
        for (int a = 0; a < point.Length; a++)
            gradient[a] = scale[a] == 0 ? 0 : Derivative(function, point, a, scale[a]);
        return gradient;
    }

    private static double Derivative(Func<double[], double> function, double[] point, int component, double step)
    {
        var shifted = (double[])point.Clone();
        double best = double.NaN, bestError = double.PositiveInfinity;
        double[] previous = [];
        for (int i = 0; i < Steps; i++, step /= Shrink)
        {
            shifted[component] = point[component] + step;
            double up = shifted[component], valueUp = function(shifted);
            shifted[component] = point[component] - step;
            double down = shifted[component], valueDown = function(shifted);
            var row = new double[i + 1];
            row[0] = (valueUp - valueDown) / (up - down);
            if (double.IsNaN(best))
                best = row[0];
            double factor = Shrink * Shrink;
            for (int j = 1; j <= i; j++, factor *= Shrink * Shrink)
            {
                row[j] = (row[j - 1] * factor - previous[j - 1]) / (factor - 1);
                double error = Math.Max(Math.Abs(row[j] - row[j - 1]), Math.Abs(row[j] - previous[j - 1]));
                if (error < bestError)
                    (best, bestError) = (row[j], error);
            }

            previous = row;
        }

        return best;
    }
}

namespace LatticeFlow.Flows;

/// <summary>The envelope of <see cref="Kernels.Priors.OnePlaquette3{T}"/>: the density of one plaquette of SU(3) in H, U = e^{iH}, is at most e^{−a tr H²} times that at 0.</summary>
internal static class PlaquetteEnvelope
{
    // Between points of the grid −f/Σλ² falls by less than a thousandth below them where it is smallest: tenfold room.
    private const int GridPoints = 256;
    private const double Margin = 0.99;

    /// <summary>a for κ ≥ 0: 0.99 times the smallest −f/Σλ² of a grid over the cell and at 0, where it is κ/6 + ¼.</summary>
    public static double Tightness(double kappa)
    {
        double smallest = (kappa / 6) + 0.25;
        double step = 2 * Math.PI / GridPoints;
        for (int i = 0; i < GridPoints; i++)
        {
            // In the differences of neighbouring eigenvalues: λ_0 − λ_1 + λ_1 − λ_2 < 2π.
            for (int j = 0; i + j < GridPoints; j++)
            {
                if (i + j == 0) continue;
                var (f, square) = LogDensity(kappa, i * step, j * step);
                smallest = Math.Min(smallest, -f / square);
            }
        }

        return Margin * smallest;
    }

    /// <summary>f, and Σ λ², of λ_0 − λ_1 and λ_1 − λ_2.</summary>
    public static (double LogDensity, double Square) LogDensity(double kappa, double upper, double lower)
    {
        double first = ((2 * upper) + lower) / 3, middle = first - upper, last = middle - lower;
        double f = (kappa / 3 * (Math.Cos(first) + Math.Cos(middle) + Math.Cos(last) - 3)) + LogRatio(upper) + LogRatio(lower) + LogRatio(upper + lower);
        return (f, (first * first) + (middle * middle) + (last * last));
    }

    // 2 ln(sin x/x) of x = d/2.
    private static double LogRatio(double d) => d < 1e-8 ? 0 : 2 * Math.Log(Math.Abs(Math.Sin(d / 2) / (d / 2)));
}

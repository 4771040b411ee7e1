using System.Numerics;

namespace LatticeFlow.Tests.Groups;

/// <summary>
/// Means over SU(2) or SU(3) with density ∝ e^{κ Re tr U}: with the eigenvalues e^{iθ} of U, Haar measure of a function of them is Π_{i&lt;j} |e^{iθ_i} − e^{iθ_j}|² dθ_1 … dθ_{N−1}.
/// </summary>
/// <remarks>Source: H. Weyl, The Classical Groups (1946), chapter VII.</remarks>
internal sealed class OneLinkIntegral(int order, double kappa)
{
    // Equal steps in every angle are exact to rounding for smooth periodic functions.
    private const int Points = 240;

    /// <summary>⟨f(Re tr U, Im tr U)⟩.</summary>
    public double Mean(Func<double, double, double> f)
    {
        double sum = 0, norm = 0;
        for (int i = 0; i < Points; i++)
        {
            for (int j = 0; j < (order == 2 ? 1 : Points); j++)
            {
                double x = 2 * Math.PI * i / Points, y = 2 * Math.PI * j / Points;
                double[] angles = order == 2 ? [x, -x] : [x, y, -x - y];
                var trace = angles.Aggregate(Complex.Zero, (t, angle) => t + Complex.FromPolarCoordinates(1, angle));
                double weight = Math.Exp(kappa * trace.Real);
                for (int a = 0; a < order; a++)
                {
                    for (int b = 0; b < a; b++) weight *= 2 - (2 * Math.Cos(angles[a] - angles[b]));
                }

                norm += weight;
                sum += weight * f(trace.Real, trace.Imaginary);
            }
        }

        return sum / norm;
    }
}

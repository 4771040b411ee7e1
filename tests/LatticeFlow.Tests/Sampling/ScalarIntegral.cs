using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>
/// Expectation values of φ⁴ theory on up to three sites by the trapezoidal rule in every φ(x), which for a smooth function that falls off at both ends converges faster than any power. |Σφ| is not
/// smooth at 0: the square of the spacing remains, see <see cref="KinkError"/>.
/// </summary>
internal sealed class ScalarIntegral
{
    /// <summary>Of ⟨|Σφ|⟩/V: 1·10⁻⁴ of one site, less of more.</summary>
    public const double KinkError = 2e-4;

    private const int Points = 80;

    public ScalarIntegral(LatticeGeometry lattice, double massSquared, double lambda)
    {
        // Where one site alone has fallen to e⁻⁴⁰ below its maximum; the hopping term only pulls together.
        double end = 0.1;
        double deepest = massSquared < 0 ? -massSquared * massSquared / (4 * lambda) : 0;
        while ((massSquared * end * end) + (lambda * Math.Pow(end, 4)) - deepest < 40) end *= 1.02;
        double[] grid = [.. Enumerable.Range(0, Points).Select(i => end * (((2 * i) + 1.0 - Points) / Points))];
        var phi = new double[lattice.Volume];
        var field = new ScalarField(lattice, phi);
        TwoPoint = new double[lattice.Extents[0]];
        double norm = 0;
        Sum(0);
        MeanSquare /= norm;
        MagnetizationSquared /= norm;
        MagnetizationAbsolute /= norm;
        for (int t = 0; t < TwoPoint.Length; t++) TwoPoint[t] /= norm;

        void Sum(int site)
        {
            if (site < phi.Length)
            {
                foreach (double number in grid)
                {
                    phi[site] = number;
                    Sum(site + 1);
                }

                return;
            }

            double weight = Math.Exp((deepest * phi.Length) - field.Action(massSquared, lambda));
            norm += weight;
            MeanSquare += weight * field.MeanSquare;
            MagnetizationSquared += weight * field.Sum * field.Sum / phi.Length;
            MagnetizationAbsolute += weight * Math.Abs(field.Sum) / phi.Length;
            for (int t = 0; t < TwoPoint.Length; t++) TwoPoint[t] += weight * field.TwoPoint(t);
        }
    }

    public double MeanSquare { get; private set; }

    public double MagnetizationSquared { get; private set; }

    public double MagnetizationAbsolute { get; private set; }

    public double[] TwoPoint { get; }
}

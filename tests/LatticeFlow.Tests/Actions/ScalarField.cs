using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>φ on a lattice in plain loops that say what the definitions say. Shares nothing with the kernels.</summary>
internal sealed class ScalarField(LatticeGeometry lattice, double[] phi)
{
    public LatticeGeometry Lattice => lattice;

    public double[] Numbers => phi;

    public double Sum => phi.Sum();

    public double MeanSquare => phi.Average(number => number * number);

    public static ScalarField Random(LatticeGeometry lattice, int seed)
    {
        var random = new Random(seed);
        return new(lattice, [.. Enumerable.Range(0, lattice.Volume).Select(_ => 3 * (random.NextDouble() - 0.4))]);
    }

    /// <summary>Σ_x [Σ_μ (φ(x+μ) − φ(x))² + m² φ² + λ φ⁴].</summary>
    public double Action(double massSquared, double lambda)
    {
        double sum = 0;
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < lattice.Dimensions; mu++) sum += Math.Pow(phi[lattice.Neighbour(site, mu)] - phi[site], 2);
            sum += (massSquared * Math.Pow(phi[site], 2)) + (lambda * Math.Pow(phi[site], 4));
        }

        return sum;
    }

    /// <summary>(1/V) Σ φ(x) φ(y) over all pairs of sites with y_0 = x_0 + t.</summary>
    public double TwoPoint(int separation)
    {
        double sum = 0;
        for (int x = 0; x < lattice.Volume; x++)
        {
            for (int y = 0; y < lattice.Volume; y++)
            {
                if ((lattice.Coordinate(x, 0) + separation) % lattice.Extents[0] == lattice.Coordinate(y, 0)) sum += phi[x] * phi[y];
            }
        }

        return sum / lattice.Volume;
    }
}

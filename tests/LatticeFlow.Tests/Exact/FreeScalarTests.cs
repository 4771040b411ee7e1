using LatticeFlow.Exact;
using LatticeFlow.Lattice;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

/// <summary>The closed forms of the free scalar against the dense matrix of its action.</summary>
public class FreeScalarTests
{
    // Sums of a few dozen numbers, and an elimination.
    private const double RoundingTolerance = 1e-12;

    [Theory]
    [InlineData(0.3, 4, 3)]
    [InlineData(2.5, 2, 2)]
    [InlineData(1.0, 1, 5)]
    [InlineData(0.7, 3, 2, 4)]
    [InlineData(0.05, 2, 3, 1, 2)]
    public void Moments_are_those_of_the_inverse_matrix(double massSquared, params int[] extents)
    {
        var lattice = new LatticeGeometry(extents);
        int n = lattice.Volume;
        var covariance = Covariance(lattice, massSquared, out double logDeterminant);
        var exact = new FreeScalar(massSquared, extents);
        Assert.Equal(covariance[0, 0], exact.PhiSquared, RoundingTolerance);
        double sum = 0;
        for (int t = 0; t < extents[0]; t++)
        {
            double correlator = 0;
            for (int y = 0; y < n; y++) correlator += lattice.Coordinate(y, 0) == t ? covariance[0, y] : 0;
            Assert.Equal(correlator, exact.TwoPoint(t), RoundingTolerance);
            sum += correlator;
        }

        Assert.Equal(sum, exact.MagnetizationSquared, RoundingTolerance);
        Assert.Equal(((n * Math.Log(Math.PI)) - logDeterminant) / 2, exact.LogPartitionFunction, n * RoundingTolerance);
        if (extents[0] > 1) Assert.Equal(exact.CorrelationLength, ScalarQuantities.SecondMoment([.. Enumerable.Range(0, extents[0]).Select(exact.TwoPoint)]), 1e-9);
    }

    [Fact]
    public void Impossible_parameters_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FreeScalar(0, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FreeScalar(1, 4, 0));
    }

    // S = φ K φ, so that ⟨φ φ⟩ = (2K)⁻¹, by Gauss and Jordan's elimination; ln det K.
    private static double[,] Covariance(LatticeGeometry lattice, double massSquared, out double logDeterminant)
    {
        int n = lattice.Volume;
        var matrix = new double[n, 2 * n];
        for (int x = 0; x < n; x++)
        {
            matrix[x, x] += massSquared;
            for (int mu = 0; mu < lattice.Dimensions; mu++)
            {
                int y = lattice.Neighbour(x, mu);
                matrix[x, x]++;
                matrix[y, y]++;
                matrix[x, y]--;
                matrix[y, x]--;
            }

            matrix[x, n + x] = 0.5;
        }

        logDeterminant = 0;
        for (int pivot = 0; pivot < n; pivot++)
        {
            logDeterminant += Math.Log(matrix[pivot, pivot]);
            double inverse = 1 / matrix[pivot, pivot];
            for (int j = 0; j < 2 * n; j++) matrix[pivot, j] *= inverse;
            for (int i = 0; i < n; i++)
            {
                double factor = i == pivot ? 0 : matrix[i, pivot];
                for (int j = 0; j < 2 * n && factor != 0; j++) matrix[i, j] -= factor * matrix[pivot, j];
            }
        }

        var covariance = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++) covariance[i, j] = matrix[i, n + j];
        }

        return covariance;
    }
}

using System.Numerics;

namespace LatticeFlow.Interchange;

/// <summary>
/// What gauge files state about their links, by plain loops in double: slow, and sharing nothing with the kernels. Sums are made slice by slice in x_0, so they do not depend
/// on the number of threads.
/// </summary>
public static class GaugeMeasurement
{
    /// <summary>Mean of Re tr P_μν(x) / N over all sites and planes.</summary>
    public static double MeanPlaquette(GaugeConfiguration configuration)
        => configuration.Lattice.Planes.Average(plane => MeanPlaquette(configuration, plane.Mu, plane.Nu));

    /// <summary>Mean of Re tr P_μν(x) / N over all sites, P_μν(x) = U_μ(x) U_ν(x+μ) [U_ν(x) U_μ(x+ν)]†.</summary>
    public static double MeanPlaquette(GaugeConfiguration configuration, int mu, int nu)
    {
        var lattice = configuration.Lattice;
        if (configuration.N == 1)
        {
            return MeanOverSites(configuration, (site, _, _) => Math.Cos(
                configuration.Link(site, mu)[0] + configuration.Link(lattice.Neighbour(site, mu), nu)[0] - configuration.Link(lattice.Neighbour(site, nu), mu)[0] - configuration.Link(site, nu)[0]));
        }

        return MeanOverSites(configuration, (site, first, second) =>
        {
            Multiply(configuration.N, configuration.Link(site, mu), configuration.Link(lattice.Neighbour(site, mu), nu), first);
            Multiply(configuration.N, configuration.Link(site, nu), configuration.Link(lattice.Neighbour(site, nu), mu), second);

            // Re tr A B† = Σ Re a_ij Re b_ij + Im a_ij Im b_ij.
            double trace = 0;
            for (int part = 0; part < first.Length; part++)
                trace += first[part] * second[part];
            return trace / configuration.N;
        });
    }

    /// <summary>Mean of Re tr U_μ(x) / N over all links; not gauge invariant.</summary>
    public static double LinkTrace(GaugeConfiguration configuration)
    {
        int n = configuration.N;
        return MeanOverSites(configuration, (site, _, _) =>
        {
            double trace = 0;
            for (int mu = 0; mu < configuration.Lattice.Dimensions; mu++)
            {
                var link = configuration.Link(site, mu);
                if (n == 1)
                    trace += Math.Cos(link[0]);
                for (int row = 0; n > 1 && row < n; row++)
                    trace += link[2 * ((row * n) + row)];
            }

            return trace / (n * configuration.Lattice.Dimensions);
        });
    }

    /// <summary>How far the links are from SU(N): the largest |(U U†)_ij − δ_ij| and |det U − 1| over all links; NaN where a link is not finite. Angles of U(1) have none.</summary>
    public static (double Unitarity, double Determinant) LargestDefects(GaugeConfiguration configuration)
    {
        int n = configuration.N;
        if (n == 1)
            return Array.TrueForAll(configuration.Links, double.IsFinite) ? (0, 0) : (double.NaN, double.NaN);
        double unitarity = 0, determinant = 0;
        var matrix = new Complex[n, n];
        for (int site = 0; site < configuration.Lattice.Volume; site++)
        {
            for (int mu = 0; mu < configuration.Lattice.Dimensions; mu++)
            {
                var link = configuration.Link(site, mu);
                for (int entry = 0; entry < n * n; entry++)
                    matrix[entry / n, entry % n] = new(link[2 * entry], link[(2 * entry) + 1]);
                for (int row = 0; row < n; row++)
                {
                    for (int other = 0; other <= row; other++)
                    {
                        Complex product = row == other ? -1 : 0;
                        for (int column = 0; column < n; column++)
                            product += matrix[row, column] * Complex.Conjugate(matrix[other, column]);
                        unitarity = Math.Max(unitarity, product.Magnitude);
                    }
                }

                determinant = Math.Max(determinant, (Determinant(matrix) - 1).Magnitude);
            }
        }

        return (unitarity, determinant);
    }

    private static double MeanOverSites(GaugeConfiguration configuration, Func<int, double[], double[], double> value)
    {
        int slices = configuration.Lattice.Extents[0], sites = configuration.Lattice.Volume / slices;
        var sums = new double[slices];
        Parallel.For(
            0, slices,
            () => (First: new double[configuration.NumbersPerLink], Second: new double[configuration.NumbersPerLink]),
            (slice, _, scratch) =>
            {
                for (int site = slice * sites; site < (slice + 1) * sites; site++)
                    sums[slice] += value(site, scratch.First, scratch.Second);
                return scratch;
            },
            _ => { });
        return sums.Sum() / configuration.Lattice.Volume;
    }

    private static void Multiply(int n, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> product)
    {
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < n; column++)
            {
                double re = 0, im = 0;
                for (int k = 0; k < n; k++)
                {
                    int left = 2 * ((row * n) + k), right = 2 * ((k * n) + column);
                    re += (a[left] * b[right]) - (a[left + 1] * b[right + 1]);
                    im += (a[left] * b[right + 1]) + (a[left + 1] * b[right]);
                }

                product[2 * ((row * n) + column)] = re;
                product[(2 * ((row * n) + column)) + 1] = im;
            }
        }
    }

    /// <summary>By Gaussian elimination with row pivoting; overwrites the matrix.</summary>
    internal static Complex Determinant(Complex[,] matrix)
    {
        int n = matrix.GetLength(0);
        var determinant = Complex.One;
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int row = k + 1; row < n; row++)
            {
                if (matrix[row, k].Magnitude > matrix[pivot, k].Magnitude)
                    pivot = row;
            }

            if (matrix[pivot, k] == 0)
                return 0;
            if (pivot != k)
            {
                determinant = -determinant;
                for (int column = k; column < n; column++)
                    (matrix[k, column], matrix[pivot, column]) = (matrix[pivot, column], matrix[k, column]);
            }

            determinant *= matrix[k, k];
            for (int row = k + 1; row < n; row++)
            {
                var factor = matrix[row, k] / matrix[k, k];
                for (int column = k + 1; column < n; column++)
                    matrix[row, column] -= factor * matrix[k, column];
            }
        }

        return determinant;
    }
}

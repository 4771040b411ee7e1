using LatticeFlow.Exact;

namespace LatticeFlow.Tests;

public class TwoDimensionalSUNTests
{
    // Sums of positive double-precision terms; V multiplies the rounding of a logarithm.
    private const double Tight = 1e-12;

    // Bessel determinants lose digits to cancellation, more with N and beta.
    private const double Determinants = 1e-9;

    private static void Close(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");

    /// <summary>Σ_m (2 I_m/β)^V over m = 2j + 1.</summary>
    [Theory]
    [InlineData(0.01, 4, 4)]
    [InlineData(1.8, 4, 4)]
    [InlineData(2.2, 3, 5)]
    [InlineData(6, 1, 2)]
    [InlineData(40, 8, 8)]
    [InlineData(300, 4, 6)]
    [InlineData(2, 1, 1)]
    [InlineData(50, 1, 1)]
    public void SU2_is_the_sum_over_spins(double beta, int extent0, int extent1)
    {
        int volume = extent0 * extent1;
        var bessel = new BesselRatios(beta);
        double Weight(int m) => Math.Pow(bessel[m] / bessel[1], volume);
        double z = 0, slope = 0, loop = 0;
        for (int m = 1; m < bessel.Ratio.Length; m++)
        {
            z += Weight(m);
            slope += Weight(m) * (bessel[m + 1] / bessel[m] + (m - 1) / beta);
            foreach (int outside in (int[])[m - 1, m + 1])
            {
                if (outside > 0)
                    loop += (double)m / outside * Math.Pow(bessel[m] / bessel[1], 2) * Math.Pow(bessel[outside] / bessel[1], volume - 2) / 2;
            }
        }

        var exact = new TwoDimensionalSUN(2, beta, extent0, extent1);
        double first = bessel.LogOrderZero + BesselRatios.LogOnePlus(-bessel[2]);
        Close(volume * first + Math.Log(z), exact.LogPartitionFunction, Tight);
        Close(slope / z, exact.Plaquette, Tight);
        if (extent1 > 1)
            Close(loop / z, exact.WilsonLoop(1, 2), Tight);
    }

    /// <summary>b_λ = Σ_n det I_{λ_j − j + k + n}(β/N) (Bars and Green 1979), for the trivial and the fundamental representation.</summary>
    [Theory]
    [InlineData(3, 0.5)]
    [InlineData(3, 6)]
    [InlineData(3, 30)]
    [InlineData(4, 5)]
    [InlineData(5, 12)]
    [InlineData(6, 8)]
    [InlineData(7, 12)]
    [InlineData(8, 15)]
    public void One_plaquette_has_the_bessel_determinants(int colors, double beta)
    {
        var bessel = new BesselRatios(beta / colors);
        double Coefficient(int boxes)
        {
            double sum = 0;
            for (int n = -bessel.Ratio.Length; n <= bessel.Ratio.Length; n++)
            {
                var matrix = new double[colors, colors];
                for (int j = 0; j < colors; j++)
                {
                    for (int k = 0; k < colors; k++)
                        matrix[j, k] = bessel[(j == 0 ? boxes : 0) - j + k + n];
                }

                sum += Determinant(matrix);
            }

            return sum;
        }

        var coefficients = CharacterCoefficients.Of(colors, beta, 16);
        double trivial = Coefficient(0);
        Close(colors * bessel.LogOrderZero + Math.Log(trivial), coefficients.LogTrivial, Determinants);
        Close(Coefficient(1) / trivial / colors, coefficients.Relative(1), Determinants);
        // On a torus large enough for nothing but the trivial representation outside: the area law.
        var large = new TwoDimensionalSUN(colors, beta, 64, 64);
        Close(Math.Pow(coefficients.Relative(1), 6), large.WilsonLoop(2, 3), Tight);
        Close(coefficients.Relative(1), large.Plaquette, Tight);
    }

    [Theory]
    [InlineData(2, 2.2, 4, 4)]
    [InlineData(3, 6, 4, 4)]
    [InlineData(3, 0.3, 2, 3)]
    [InlineData(4, 10, 3, 4)]
    [InlineData(6, 8, 4, 4)]
    public void The_smallest_loop_is_the_derivative_of_ln_z(int colors, double beta, int extent0, int extent1)
    {
        var exact = new TwoDimensionalSUN(colors, beta, extent0, extent1);
        Close(exact.Plaquette, exact.WilsonLoop(1, 1), Tight);
        double Step(double h) => (new TwoDimensionalSUN(colors, beta + h, extent0, extent1).LogPartitionFunction
            - new TwoDimensionalSUN(colors, beta - h, extent0, extent1).LogPartitionFunction) / (2 * h * extent0 * extent1);
        double h = 0.01 * beta;
        // Truncation h^6 and the cancellation of two logarithms.
        Close((64 * Step(h / 4) - 20 * Step(h / 2) + Step(h)) / 45, exact.Plaquette, 1e-9);
    }

    /// <summary>
    /// Averages over the links of a 2×2 torus from Haar measure, weighted with e^{−S}: all that the character expansion claims, without it. 200,000 draws;
    /// ten comparisons at four standard errors: one false alarm in 1,600 seeds.
    /// </summary>
    [Theory]
    [InlineData(2, 1.5)]
    [InlineData(3, 2.5)]
    public void A_tiny_torus_by_integration_over_links(int colors, double beta)
    {
        const int Draws = 200_000;
        const double Level = 4;
        var random = new Random(20260 + colors);
        // Loops as areas (R, T): the plaquette, the contractible 1x2, loops of the full length, and the whole torus.
        (int R, int T)[] loops = [(1, 1), (1, 2), (2, 1), (2, 2)];
        var links = new Matrix[8];
        double weights = 0, squares = 0;
        var sums = new double[loops.Length];
        var moments = new double[loops.Length, 2];
        for (int i = 0; i < Draws; i++)
        {
            for (int l = 0; l < links.Length; l++)
                links[l] = HaarMatrix.Draw(random, colors);
            Matrix Link(int x, int y, int mu) => links[((x & 1) * 2 + (y & 1)) * 2 + mu];
            double Loop(int x, int y, int r, int t)
            {
                Matrix forth = Matrix.Identity(colors), back = Matrix.Identity(colors);
                for (int k = 0; k < r; k++)
                    (forth, back) = (forth * Link(x + k, y, 0), back * Link(x + k, y + t, 0));
                Matrix right = Matrix.Identity(colors), left = Matrix.Identity(colors);
                for (int k = 0; k < t; k++)
                    (right, left) = (right * Link(x + r, y + k, 1), left * Link(x, y + k, 1));
                return (forth * right).TraceWith(left * back) / colors;
            }

            double plaquettes = 0;
            for (int site = 0; site < 4; site++)
                plaquettes += Loop(site >> 1, site & 1, 1, 1);
            double weight = Math.Exp(beta * plaquettes);
            weights += weight;
            squares += weight * weight;
            for (int j = 0; j < loops.Length; j++)
            {
                double value = j == 0 ? plaquettes / 4 : Loop(0, 0, loops[j].R, loops[j].T);
                sums[j] += weight * value;
                moments[j, 0] += weight * weight * value;
                moments[j, 1] += weight * weight * value * value;
            }
        }

        var exact = new TwoDimensionalSUN(colors, beta, 2, 2);
        double z = Math.Exp(exact.LogPartitionFunction), mean = weights / Draws;
        Assert.InRange((mean - z) / Math.Sqrt((squares / Draws - mean * mean) / Draws), -Level, Level);
        for (int j = 0; j < loops.Length; j++)
        {
            double known = exact.WilsonLoop(loops[j].R, loops[j].T);
            // Variance of w (x - known), the numerator of the ratio's deviation.
            double variance = moments[j, 1] - 2 * known * moments[j, 0] + known * known * squares;
            Assert.InRange((sums[j] - known * weights) / Math.Sqrt(variance), -Level, Level);
        }
    }

    [Fact]
    public void Limits()
    {
        Assert.Equal(0, new TwoDimensionalSUN(3, 0, 4, 4).LogPartitionFunction);
        Assert.Equal(0, new TwoDimensionalSUN(3, 0, 4, 4).Plaquette);
        // To second order ln b_0 = β²/(4N²) for N ≥ 3, β²/8 for N = 2.
        Close(16 * 1e-8 / (4 * 25), new TwoDimensionalSUN(5, 1e-4, 4, 4).LogPartitionFunction, 1e-8);
        Close(16 * 1e-8 / 8, new TwoDimensionalSUN(2, 1e-4, 4, 4).LogPartitionFunction, 1e-8);
        // Weak coupling: N² − 1 Gaussian modes a plaquette, each with ⟨β(1 − P)⟩ = ½.
        Close(1 - 8 / (2 * 90.0), new TwoDimensionalSUN(3, 90, 64, 64).Plaquette, 1e-3);
        Assert.Equal(1, new TwoDimensionalSUN(4, 3, 4, 4).WilsonLoop(0, 3));
    }

    [Fact]
    public void Bad_couplings_extents_and_loops_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoDimensionalSUN(1, 1, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoDimensionalSUN(9, 1, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoDimensionalSUN(3, -1, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoDimensionalSUN(3, double.NaN, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoDimensionalSUN(3, 1, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoDimensionalSUN(3, 1, 4, 4).WilsonLoop(5, 1));
        Assert.Contains("[0, 20] for SU(8)", Assert.Throws<ArgumentOutOfRangeException>(() => new TwoDimensionalSUN(8, 21, 4, 4)).Message, StringComparison.Ordinal);
    }

    private static double Determinant(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double product = 1;
        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(matrix[row, column]));
            if (matrix[pivot, column] == 0)
                return 0;
            product *= pivot == column ? matrix[column, column] : -matrix[pivot, column];
            for (int k = 0; k < n; k++)
                (matrix[column, k], matrix[pivot, k]) = (matrix[pivot, k], matrix[column, k]);
            for (int row = column + 1; row < n; row++)
            {
                double factor = matrix[row, column] / matrix[column, column];
                for (int k = column; k < n; k++)
                    matrix[row, k] -= factor * matrix[column, k];
            }
        }

        return product;
    }
}

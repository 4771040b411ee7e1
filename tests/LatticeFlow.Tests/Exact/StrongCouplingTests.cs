using LatticeFlow.Exact;

namespace LatticeFlow.Tests;

public class StrongCouplingTests
{
    private const double Tight = 1e-13;

    // Finite differences of a polynomial in double precision.
    private const double Coefficients = 1e-9;

    // Z_2 counts loops mod 2 as SU(2) does, Z_3 mod 3 as SU(3).
    private static readonly LoopMoments s_z2 = new(1, true, 1, 0, 1, 0, 1);
    private static readonly LoopMoments s_z3 = new(1, false, 1 / 2.0, 1 / 4.0, 3 / 8.0, 5 / 16.0, 11 / 32.0);

    [Fact]
    public void Moments_of_one_loop()
    {
        // ⟨|tr|²⟩ = 1, ⟨|tr|⁴⟩ = 2, ⟨|tr|⁶⟩ = 6 (5 for SU(2)), and ⟨tr^N⟩ = 1.
        LoopMoments su2 = LoopMoments.SU(2), su3 = LoopMoments.SU(3), su5 = LoopMoments.SU(5);
        Assert.Equal(1 / 4.0, su2.Second, Tight);
        Assert.Equal(2 / 16.0, su2.Fourth, Tight);
        Assert.Equal(5 / 64.0, su2.Sixth, Tight);
        Assert.Equal(1 / 18.0, su3.Second, Tight);
        Assert.Equal(1 / 108.0, su3.Third, Tight);
        Assert.Equal(1 / 50.0, su5.Second, Tight);
        Assert.Equal(6 * 2 / 16.0 / 625, su5.Fourth, Tight);
        Assert.Equal(2 / 32.0 / 3125, su5.Fifth, Tight);
        Assert.Equal(20 * 6 / 64.0 / 15625, su5.Sixth, Tight);
    }

    /// <summary>
    /// All sets of up to five loops on a torus, integrated by counting the signs whose charges cancel on every plaquette, against the coefficients of the cumulant expansion:
    /// U(1), and Z_2 and Z_3 in place of SU(2) and SU(3), to which the same two rules of integration apply.
    /// </summary>
    [Theory]
    [InlineData(0, 4, 4)]
    [InlineData(2, 4, 4)]
    [InlineData(3, 4, 4)]
    [InlineData(2, 4, 5)]
    public void Every_set_of_five_loops_is_counted(int modulus, int extent0, int extent1)
    {
        LoopMoments moments = modulus switch { 0 => LoopMoments.U1, 2 => s_z2, _ => s_z3 };
        double[,] z = LoopEnumeration.PartitionFunction(modulus, extent0, extent1);
        double[,] f = LoopEnumeration.Logarithm(z);
        // ⟨P⟩ and ⟨R⟩ from the enumeration for several c1: agreement for as many as there are coefficients is agreement of all.
        foreach (double c1 in (double[])[-0.7, -1 / 12.0, 0, 0.05, 0.125, 0.4])
        {
            foreach (double beta in (double[])[-0.3, 0.1, 0.25, 0.6])
            {
                double g = beta * (1 - 8 * c1), h = beta * c1, plaquette = 0, rectangle = 0;
                for (int a = 0; a <= 5; a++)
                {
                    for (int b = 0; a + b <= 5; b++)
                    {
                        plaquette += a == 0 ? 0 : a * f[a, b] * Math.Pow(g, a - 1) * Math.Pow(h, b);
                        rectangle += b == 0 ? 0 : b * f[a, b] * Math.Pow(g, a) * Math.Pow(h, b - 1) / 2;
                    }
                }

                var series = new StrongCoupling(moments, [extent0, extent1], beta, c1);
                double volume = extent0 * extent1, fifth = moments.SixthCumulant / 120 * Math.Pow(g, 5);
                Assert.Equal(plaquette / volume + fifth, series.Plaquette, Coefficients);
                Assert.Equal(rectangle / volume, series.Rectangle, Coefficients);
            }
        }
    }

    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(1, 0.8)]
    [InlineData(2, 0.5)]
    [InlineData(2, 1.5)]
    [InlineData(3, 0.5)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 5)]
    public void Wilsons_action_in_two_dimensions_is_met_to_the_stated_truncation(int colors, double beta)
    {
        var series = new StrongCoupling(colors, [16, 16], beta);
        (double plaquette, double rectangle) = colors == 1
            ? (new TwoDimensionalU1(beta, 16, 16).Plaquette, new TwoDimensionalU1(beta, 16, 16).WilsonLoop(1, 2))
            : (new TwoDimensionalSUN(colors, beta, 16, 16).Plaquette, new TwoDimensionalSUN(colors, beta, 16, 16).WilsonLoop(1, 2));
        Assert.InRange(series.Plaquette - plaquette, -series.Truncation, series.Truncation);
        Assert.InRange(series.Rectangle - rectangle, -series.Truncation, series.Truncation);
        // The estimate says something.
        Assert.InRange(series.Truncation, 0, 0.1 * plaquette);
    }

    [Fact]
    public void Orders_that_are_left_out_are_left_out()
    {
        // Halving β divides the error of ⟨P⟩ by 2⁶ or more, that of ⟨R⟩, without its fifth order, by 2⁵ or more (SU(2): 2⁶).
        double Error(int colors, double beta, bool rectangle)
        {
            var series = new StrongCoupling(colors, [16, 16], beta);
            var exact = new TwoDimensionalSUN(colors, beta, 16, 16);
            return Math.Abs(rectangle ? series.Rectangle - exact.WilsonLoop(1, 2) : series.Plaquette - exact.Plaquette);
        }

        foreach (int colors in (int[])[2, 3, 4])
        {
            Assert.InRange(Error(colors, 0.8, false) / Error(colors, 0.4, false), 0.9 * 64, 160);
            Assert.InRange(Error(colors, 0.8, true) / Error(colors, 0.4, true), 0.9 * 32, 80);
        }
    }

    [Fact]
    public void Known_series_in_four_dimensions()
    {
        // SU(2): β/4 − β³/96 + 7β⁵/1536 (Balian, Drouffe and Itzykson 1975).
        const double Beta = 0.37;
        Assert.Equal(Beta / 4 - Math.Pow(Beta, 3) / 96 + 7 * Math.Pow(Beta, 5) / 1536, new StrongCoupling(2, [6, 6, 6, 6], Beta).Plaquette, Tight);
    }

    /// <summary>The moments of overlapping SU(N) loops that the two rules give, by 100,000 Haar draws each: nine averages at four standard errors, one false alarm in 1,700 seeds.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Moments_of_overlapping_loops(int colors)
    {
        const int Draws = 100_000;
        LoopMoments m = LoopMoments.SU(colors);
        double block = Math.Pow(m.Second, 3);
        double[] expected =
        [
            m.Second * m.Second, block, block, block / (colors * colors), Math.Pow(m.Second, 4), m.Second * m.Third, m.Third * m.Third, m.Second * m.Second * m.Third, m.Second * m.Fourth,
        ];
        var random = new Random(77 + colors);
        var sums = new double[expected.Length];
        var squares = new double[expected.Length];
        Matrix one = Matrix.Identity(colors);
        double X(Matrix u) => u.TraceWith(one) / colors;
        for (int i = 0; i < Draws; i++)
        {
            Matrix a = HaarMatrix.Draw(random, colors), b = HaarMatrix.Draw(random, colors), c = HaarMatrix.Draw(random, colors), d = HaarMatrix.Draw(random, colors), g = HaarMatrix.Draw(random, colors);
            double xa = X(a), xb = X(b), ab = X(a * b), bc = X(b * c), cd = X(c * d), da = X(d * a);
            // The seam of the torus: R_DA = D g A g†.
            double seam = (d * (g * a)).TraceWith(g) / colors;
            double[] values = [xa * xb * ab, xa * X(c) * ab * bc, ab * bc * cd * da, ab * bc * cd * seam, xa * ab * bc * cd * X(d), xa * xa * xb * ab, xa * xa * xb * ab * ab, ab * ab * bc * cd * da, xa * xa * xa * xb * ab];
            for (int k = 0; k < values.Length; k++)
            {
                sums[k] += values[k];
                squares[k] += values[k] * values[k];
            }
        }

        for (int k = 0; k < expected.Length; k++)
        {
            double error = Math.Sqrt(squares[k]) / Draws;
            Assert.True(Math.Abs(sums[k] / Draws - expected[k]) < 4 * error, $"{k}: {sums[k] / Draws} +- {error}, expected {expected[k]}");
        }
    }

    /// <summary>
    /// 30,000 draws of all links of a 4×4 torus from Haar measure, weighted with e^{−S} of the tree-level Symanzik action, within the truncation and four standard errors:
    /// four comparisons, less than one false alarm in 4,000 seeds.
    /// </summary>
    [Theory]
    [InlineData(2, 0.5)]
    [InlineData(3, 0.8)]
    public void Improved_action_by_integration_over_links(int colors, double beta)
    {
        const int Draws = 30_000, Extent = 4;
        const double C1 = -1 / 12.0;
        var random = new Random(4040 + colors);
        var links = new Matrix[2 * Extent * Extent];
        var samples = new (double Weight, double Plaquette, double Rectangle)[Draws];
        for (int i = 0; i < Draws; i++)
        {
            for (int l = 0; l < links.Length; l++)
                links[l] = HaarMatrix.Draw(random, colors);
            Matrix Link(int x, int y, int mu) => links[(x % Extent * Extent + y % Extent) * 2 + mu];
            double plaquette = 0, rectangle = 0;
            for (int x = 0; x < Extent; x++)
            {
                for (int y = 0; y < Extent; y++)
                {
                    Matrix right = Link(x, y, 0) * Link(x + 1, y, 1), up = Link(x, y, 1) * Link(x, y + 1, 0);
                    plaquette += right.TraceWith(up);
                    rectangle += (Link(x, y, 0) * (Link(x + 1, y, 0) * Link(x + 2, y, 1))).TraceWith(up * Link(x + 1, y + 1, 0));
                    rectangle += (right * Link(x + 1, y + 1, 1)).TraceWith(Link(x, y, 1) * (Link(x, y + 1, 1) * Link(x, y + 2, 0)));
                }
            }

            double action = -beta / colors * ((1 - 8 * C1) * plaquette + C1 * rectangle);
            int volume = Extent * Extent * colors;
            samples[i] = (Math.Exp(-action), plaquette / volume, rectangle / volume / 2);
        }

        double weights = samples.Sum(s => s.Weight);
        var series = new StrongCoupling(colors, [Extent, Extent], beta, C1);
        LoopMoments moments = LoopMoments.SU(colors);
        Compare(s => s.Plaquette, series.Plaquette);
        Compare(s => s.Rectangle, series.Rectangle);
        // First order alone misses the rectangle.
        (double meanRectangle, double errorRectangle) = Average(s => s.Rectangle);
        Assert.True(meanRectangle - beta * C1 * moments.Second > 4 * errorRectangle + series.Truncation);

        (double Mean, double Error) Average(Func<(double Weight, double Plaquette, double Rectangle), double> observable)
        {
            double mean = samples.Sum(s => s.Weight * observable(s)) / weights;
            return (mean, Math.Sqrt(samples.Sum(s => Math.Pow(s.Weight * (observable(s) - mean), 2))) / weights);
        }

        void Compare(Func<(double Weight, double Plaquette, double Rectangle), double> observable, double expected)
        {
            (double mean, double error) = Average(observable);
            Assert.True(Math.Abs(mean - expected) < 4 * error + series.Truncation, $"{mean} +- {error}, expected {expected} +- {series.Truncation}");
        }
    }

    [Fact]
    public void What_is_not_covered_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StrongCoupling(9, [4, 4], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StrongCoupling(0, [4, 4], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StrongCoupling(3, [4, 3], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StrongCoupling(3, [4], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StrongCoupling(3, [4, 4], double.NaN));
        Assert.Equal(double.PositiveInfinity, new StrongCoupling(3, [4, 4], 30, -1.4088).Truncation);
    }
}

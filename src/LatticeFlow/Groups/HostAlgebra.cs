using System.Numerics;

namespace LatticeFlow.Groups;

/// <summary>
/// The algebra of SU(N) on the host, matrices row-major with interleaved real and imaginary parts. Generators T_a in the order of <c>docs/conventions.md</c>: for j = 1 … N − 1 the symmetric and the
/// antisymmetric one of (i, j), i &lt; j, then the j-th diagonal one.
/// </summary>
internal static class HostAlgebra
{
    // |x|¹⁹/19! of what a series to the eighteenth power leaves out is 2·10⁻²³ there.
    private const double SeriesRadius = 0.5;
    private const int SeriesOrder = 18;

    /// <summary>u = exp(i Σ ω_a T_a) u.</summary>
    public static void MultiplyExponential(int order, ReadOnlySpan<double> tangent, Span<double> u)
    {
        var exponential = Exponential(order, FromTangent(order, tangent));
        var product = Multiply(order, exponential, ToComplex(u));
        for (int i = 0; i < product.Length; i++) (u[2 * i], u[(2 * i) + 1]) = (product[i].Real, product[i].Imaginary);
    }

    /// <summary>ω_a = 2 Im tr(T_a a b†). With a b† = e^{iW} it is 2 tr(T_a sin W) = ω_a + O(ω³).</summary>
    public static void Difference(int order, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> tangent)
    {
        var x = Multiply(order, ToComplex(a), Adjoint(order, ToComplex(b)));
        int generator = 0;
        double before = x[0].Imaginary;
        for (int j = 1; j < order; j++)
        {
            for (int i = 0; i < j; i++)
            {
                Complex upper = x[(i * order) + j], lower = x[(j * order) + i];
                tangent[generator++] = upper.Imaginary + lower.Imaginary;
                tangent[generator++] = upper.Real - lower.Real;
            }

            double diagonal = x[j * (order + 1)].Imaginary;
            tangent[generator++] = 2 * DiagonalNorm(j) * (before - (j * diagonal));
            before += diagonal;
        }
    }

    // i Σ ω_a T_a.
    private static Complex[] FromTangent(int order, ReadOnlySpan<double> tangent)
    {
        var matrix = new Complex[order * order];
        int generator = 0;
        for (int j = 1; j < order; j++)
        {
            for (int i = 0; i < j; i++)
            {
                double symmetric = tangent[generator++] / 2, antisymmetric = tangent[generator++] / 2;
                matrix[(i * order) + j] = new(antisymmetric, symmetric);
                matrix[(j * order) + i] = new(-antisymmetric, symmetric);
            }

            double diagonal = DiagonalNorm(j) * tangent[generator++];
            for (int i = 0; i < j; i++) matrix[i * (order + 1)] += new Complex(0, diagonal);
            matrix[j * (order + 1)] -= new Complex(0, j * diagonal);
        }

        return matrix;
    }

    // By squaring a power series of the argument divided by 2^s.
    private static Complex[] Exponential(int order, Complex[] x)
    {
        double norm = Math.Sqrt(x.Sum(entry => (entry.Real * entry.Real) + (entry.Imaginary * entry.Imaginary)));
        int squarings = norm > SeriesRadius ? (int)Math.Ceiling(Math.Log2(norm / SeriesRadius)) : 0;
        Complex[] scaled = [.. x.Select(entry => entry * Math.ScaleB(1, -squarings))];
        var sum = One(order);
        for (int k = SeriesOrder; k > 0; k--)
        {
            sum = Multiply(order, scaled, sum);
            for (int i = 0; i < sum.Length; i++) sum[i] /= k;
            for (int i = 0; i < order; i++) sum[i * (order + 1)] += 1;
        }

        for (int s = 0; s < squarings; s++) sum = Multiply(order, sum, sum);
        return sum;
    }

    // tr T_a² = 1/2.
    private static double DiagonalNorm(int j) => 1 / Math.Sqrt(2.0 * j * (j + 1));

    private static Complex[] One(int order)
    {
        var one = new Complex[order * order];
        for (int i = 0; i < order; i++) one[i * (order + 1)] = 1;
        return one;
    }

    private static Complex[] Multiply(int order, Complex[] a, Complex[] b)
    {
        var product = new Complex[order * order];
        for (int i = 0; i < order; i++)
        {
            for (int j = 0; j < order; j++)
            {
                for (int k = 0; k < order; k++) product[(i * order) + j] += a[(i * order) + k] * b[(k * order) + j];
            }
        }

        return product;
    }

    private static Complex[] Adjoint(int order, Complex[] a) => [.. Enumerable.Range(0, a.Length).Select(i => Complex.Conjugate(a[(i % order * order) + (i / order)]))];

    private static Complex[] ToComplex(ReadOnlySpan<double> matrix)
    {
        var entries = new Complex[matrix.Length / 2];
        for (int i = 0; i < entries.Length; i++) entries[i] = new(matrix[2 * i], matrix[(2 * i) + 1]);
        return entries;
    }
}
